// The page that `--timeline=FILE.html` writes, opened from disk.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { bins, browse, until } from "./harness.mjs";

let browser, folder, address;
before(async () => {
  browser = await browse();
  folder = mkdtempSync(join(tmpdir(), "replay-"));
  execFileSync(join(bins(), "02-threads"), ["--practice", "--quiet", "--timeline=run.html"], { cwd: folder, stdio: "ignore" });
  address = pathToFileURL(join(folder, "run.html")).href;
});
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

/** A test with its own page; fails if the page says anything on its console or requests anything else. */
function replay(name, options, check) {
  test(name, { timeout: 60_000 }, async () => {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const problems = [];
    page.on("pageerror", (error) => problems.push(`${error}`));
    page.on("console", (message) => {
      // A hint about the test's own look at the pixels.
      if (!message.text().includes("willReadFrequently")) problems.push(message.text());
    });
    page.on("request", (request) => {
      if (![address, "data:,"].includes(request.url())) problems.push(request.url());
    });
    await page.goto(address);
    await check(page);
    assert.deepEqual(problems, []);
    await context.close();
  });
}

const moment = (page) => page.textContent("#moment");
/** The number of pixels of the chart that have the colour of waiting. */
const waiting = (page) => page.$eval("#lanes canvas", (canvas) => {
  const colour = getComputedStyle(document.documentElement).getPropertyValue("--wait").trim();
  const wanted = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let at = 0; at < data.length; at += 4) if (wanted.every((part, index) => data[at + index] === part)) count += 1;
  return count;
});

for (const colorScheme of ["light", "dark"]) {
  replay(`it shows the whole run, and plays it to its end (${colorScheme})`, { colorScheme }, async (page) => {
    assert.match(await moment(page), /0 in flight · 40 of 40 images done$/);
    const whole = await until("the chart", () => waiting(page));
    await page.fill("#position", "0");
    assert.match(await moment(page), /^0\.00 s .* 0 of 40 images done$/);
    assert.equal(await waiting(page), 0);
    await page.selectOption("#speed", "1");
    await page.click("#play");
    await until("the end", async () => (await moment(page)).endsWith("0 in flight · 40 of 40 images done"));
    await until("the button", async () => (await page.textContent("#play")) === "Play");
    assert.equal(await waiting(page), whole);
  });
}

replay("the keyboard moves the time, and chooses a bar", {}, async (page) => {
  await page.focus("#position");
  await page.keyboard.press("Home");
  assert.match(await moment(page), /^0\.00 s /);
  await page.keyboard.press("End");
  await page.focus("#lanes");
  await page.keyboard.press("ArrowRight");
  const first = await page.textContent("#details");
  assert.match(first, /^Image \d+, \w+\.png: saved, .*Lane \d, from .* waited 0\.\d+ s, received for /);
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  assert.notEqual(await page.textContent("#details"), first);
});

replay("it fits a phone", { viewport: { width: 390, height: 844 } }, async (page) => {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert(content <= window, `${content} pixels wide`);
});

replay("without JavaScript it is a picture", { javaScriptEnabled: false }, async (page) => {
  assert(await page.isVisible("#picture svg"));
  assert.equal(await page.isVisible("#player"), false);
});
