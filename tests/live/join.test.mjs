// How students join: the QR code, the students' page, and its client, in a real browser.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { STRANGE, browse, open, serve, until } from "./harness.mjs";

let browser;
before(async () => (browser = await browse()));
after(() => browser.close());

/** A test with its own server, which listens for other machines too. */
function joining(name, check) {
  test(name, { timeout: 120_000 }, async () => {
    const server = await serve("--listen", "0.0.0.0:0", "--latency", "20", "--link-rate", "0");
    try {
      await check(server);
    } finally {
      await server.end();
    }
  });
}

joining("the teacher's page shows a QR code and an address, and copies it", async (server) => {
  const page = await open(browser, server);
  const address = await page.textContent("#join-address");
  assert.equal(address, `${new URL(server.api).origin}/join`);
  assert.equal(await page.getAttribute(".join a", "href"), "/join");
  assert.equal(await page.isVisible("#invite"), false);
  await page.focus("#show-invite");
  await page.keyboard.press("Enter");
  await until("the QR code", () => page.$eval("#code", (image) => image.complete && image.naturalWidth > 100));

  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.click("#copy-address");
  await until("the copy", async () => (await page.textContent("#address-copied")) === "Copied.");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), address);
  await page.keyboard.press("Escape");
  assert.equal(await page.isVisible("#invite"), false);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

joining("a phone finds what to type, and copies it without a clipboard API", async (server) => {
  const there = { ...server, url: `http://${STRANGE}:${server.port}` };
  const page = await open(browser, there, "/join", { viewport: { width: 360, height: 740 } });
  const [content, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert(content <= room, `the page is ${content} pixels wide`);
  const command = `cargo run --bin 02-threads -- --server ${there.url} --name Zoë`;
  assert.equal(await page.textContent("#command"), command);
  assert.equal(await page.evaluate(() => navigator.clipboard), undefined, "such a page has none");
  assert.equal(await page.isVisible("text=at most six connections"), false, "it answers a question for the class");
  await page.click("#copy-command");
  await until("the copy", async () => (await page.textContent("#copied")) === "Copied.");
  await page.click("text=start here");
  await page.click("text=Back to the class");
  assert.equal(new URL(page.url()).pathname, "/join");
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

/** The runs that the server knows, from the first event that it sends. */
async function runs(server) {
  const response = await fetch(`${server.url}/live/events`);
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes("\n\n")) break;
  }
  return JSON.parse(text.match(/^data: (.*)$/m)[1]).runs;
}

/** Changes the rules as this machine may. */
async function control(server, change) {
  const response = await fetch(`${server.url}/live/controls`, { method: "POST", headers: { "x-practice-token": "" }, body: JSON.stringify(change) });
  assert(response.ok, await response.text());
}

joining("the client in the browser has six requests in flight at most", async (server) => {
  const page = await open(browser, server, "/join", { viewport: { width: 390, height: 844 } });
  const name = "Zoë (1); x=2!";
  await page.fill("#name", name);
  const done = [];
  for (const [button, workers, peak] of [["One by one", 1, 1], ["Five at a time", 5, 5], ["All at once", 40, 6], ["All at once", 40, 6]]) {
    // The gate opens only if that many requests are in flight together.
    await control(server, { gate: peak });
    await page.click(`text=${button}`);
    await until(button, async () => /^40 images, 10\.1 MB, in \d+\.\d\d s\.$/.test(await page.textContent("#browser-result")) && page.isEnabled("#browser button"));
    done.push(["browser", name, workers, peak, 41, 0]);
  }
  // The last run requests the same images once more: none of them comes from the cache.
  const seen = (await runs(server)).map((run) => [run.program, run.name, run.workers, run.peak, run.requests, run.failures]);
  assert.deepEqual(seen, done);
  assert(await page.$eval("#progress", ({ value, max }) => value === 40 && max === 40));

  // While the list is held, the class can be asked.
  await control(server, { wait_for_start: 1 });
  await page.click("text=Five at a time");
  await until("the wait", async () => (await page.textContent("#browser-result")) === "Waiting for the list of images …");
  const question = { method: "POST", headers: { "x-practice-token": "" }, body: '{"ask": {"text": "How long?"}}' };
  assert((await fetch(`${server.url}/live/vote`, question)).ok);
  await until("the question", async () => (await page.textContent("#question")) === "How long?");
  await control(server, { gate: null, failure_rate: 100 });
  await until("the start", () => page.isEnabled("#browser button"));

  await page.click("text=Five at a time");
  await until("the failures", async () => (await page.textContent("#browser-result")).startsWith("0 of 40 images, 0.0 MB (40 failed: status 503)"));
  await page.reload();
  assert.equal(await page.inputValue("#name"), name, "it is remembered");
  assert.deepEqual(page.errors, []);
  await page.context().close();
});
