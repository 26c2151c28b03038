// The large figures, and the charts of the runs: found, ordered, compared.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browse, open, run, serve, until } from "./harness.mjs";

const start = () => serve("--listen", "127.0.0.1:0", "--latency", "20", "--link-rate", "0");
/** A server that has seen a run of 02-threads and one of 03-processes. */
let seen;
let browser;
before(async () => {
  [browser, seen] = [await browse(), await start()];
  // So that all workers have a request in flight at the same time.
  const gate = { method: "POST", headers: { "x-practice-token": "" }, body: JSON.stringify({ gate: 7 }) };
  assert.equal((await fetch(`${seen.url}/live/controls`, gate)).status, 200);
  await Promise.all([
    run(seen, "02-threads", "--limit", "6", "--name", "Ada"),
    run(seen, "03-processes", "--limit", "6", "--workers", "2", "--name", "Ben"),
  ]);
});
after(() => Promise.all([browser.close(), seen.end()]));

/** A test with its own server and page; fails if the page reports an error. */
function view(name, check) {
  test(name, { timeout: 120_000 }, async () => {
    const server = await start();
    try {
      await look(server, check);
    } finally {
      await server.end();
    }
  });
}

/** A test with the server that has seen two runs. */
function afterRuns(name, check, options) {
  test(name, { timeout: 120_000 }, () => look(seen, async (page) => {
    await ended(page, 2);
    await check(page);
  }, options));
}

async function look(server, check, options) {
  const page = await open(browser, server, "/", options);
  await check(page, server);
  assert.deepEqual(page.errors, []);
  await page.context().close();
}

const byTime = (one, other) => parseFloat(one) - parseFloat(other);

/** The titles of the charts, and the headings of their groups. */
const titles = (page) => page.$$eval("#charts h3", (all) => all.map((title) => title.textContent));
const shows = (page, ...expected) => until(expected.join(), async () => (await titles(page)).join() === expected.join());
const ended = (page, count) => until(`the end of ${count}`, async () =>
  (await page.$$eval("#rows tr", (all) => all.filter((row) => row.cells[3].textContent !== "running").length)) === count);

view("the large figures are the results of the experiment when nothing runs", async (page, server) => {
  await until("the figures of the class", () => page.isVisible("#figures"));
  assert.equal(await page.isVisible("#results"), false);
  await Promise.all(["01-sync", "02-threads", "04-async"].map((model) => run(server, model, "--limit", "10")));
  const text = (id) => page.textContent(`#${id}`);
  await until("the results", async () => await page.isVisible("#results") && (await text("ended")) === "3");
  assert.equal(await page.isVisible("#figures"), false);
  assert.equal(await text("failures"), "0");
  const table = await page.$$eval("#rows tr", (all) => all.map((row) => [row.cells[3].textContent, row.cells[0].textContent]));
  const figures = ["fastest", "median", "slowest"];
  const shown = await Promise.all(figures.map(text));
  assert.deepEqual(shown, table.map(([time]) => time).sort(byTime));
  for (const [index, figure] of figures.entries()) {
    const program = await text(`${figure}-is`);
    assert(table.some((row) => row.join() === [shown[index], program].join()), `${program} took ${shown[index]}`);
  }
});

view("charts are found, ordered and grouped, and the page remembers the order", async (page, server) => {
  await until("the empty page", async () => (await page.textContent("#nothing")) === "No program has requested an album yet.");
  for (const empty of ["#find", "#table-title", "#charts-title"]) await until(`no ${empty}`, () => page.isHidden(empty));
  for (const [model, name] of [["02-threads", "Zoë"], ["01-sync", "Ben"], ["02-threads", "Ada"]]) {
    await run(server, model, "--limit", "3", "--name", name);
  }
  await ended(page, 3);
  const [zoe, ben, ada] = ["02-threads · Zoë", "01-sync · Ben", "02-threads · Ada"];
  await shows(page, "01-sync", ben, "02-threads", ada, zoe);
  await page.uncheck("#grouped");
  await shows(page, ada, ben, zoe);
  await page.selectOption("#sorting", "name");
  await shows(page, ada, ben, zoe);
  await page.fill("#find", "zoe");
  await shows(page, zoe);
  assert.equal(await page.textContent("#count"), "1 of 3 runs");
  assert.deepEqual(await page.$$eval("#rows tr", (all) => all.map((row) => row.cells[1].textContent)), ["Zoë"]);
  await page.fill("#find", "nobody");
  await until("no chart", async () => (await page.textContent("#nothing")) === "No run matches.");
  assert(await page.isVisible("#find"), "something else can be found");
  await page.fill("#find", "");
  await page.selectOption("#sorting", "fastest");
  await until("the order of the times", async () => {
    const shown = await page.$$eval("#rows tr", (all) => all.map((row) => row.cells[3].textContent));
    return shown.length === 3 && shown.join() === shown.toSorted(byTime).join();
  });
  await page.reload();
  await ended(page, 3);
  assert.equal(await page.inputValue("#sorting"), "fastest");
  assert.equal(await page.isChecked("#grouped"), false);
});

view("two pinned runs are replayed on one clock", async (page, server) => {
  for (const [model, name] of [["01-sync", "Ben"], ["02-threads", "Ada"], ["04-async", "Eva"]]) {
    await run(server, model, "--limit", "10", "--name", name);
  }
  await ended(page, 3);
  for (const name of ["Eva", "Ben", "Ada"]) await page.click(`[aria-label$="${name}"]:text("Pin")`);
  await shows(page, "Pinned", "01-sync · Ben", "02-threads · Ada", "04-async", "04-async · Eva");
  await until("the name of the button", async () => (await page.textContent("#replay")) === "Replay the pinned runs");
  await page.click("#replay");
  await page.selectOption("#speed", "0.1");
  await shows(page, "01-sync · Ben", "02-threads · Ada");
  const texts = () => page.$$eval(".run p", (all) => all.map((line) => line.textContent));
  await page.focus("#position");
  await page.keyboard.press("Home");
  await until("the beginning", async () => (await texts()).every((text) => text.startsWith("0.00 s · ")));
  const seconds = async () => Number.parseFloat(await page.getAttribute("#position", "aria-valuetext"));
  await page.keyboard.press("PageUp");
  await page.keyboard.press("ArrowRight");
  const moment = await until("a later moment", seconds);
  const table = await page.$$eval("#rows tr", (all) => all.map((row) => [row.cells[1].textContent, row.cells[3].textContent]));
  const end = (name) => Number.parseFloat(Object.fromEntries(table)[name]);
  await until("both at that moment, or at their ends", async () =>
    (await texts()).map((text) => Number.parseFloat(text)).join() === ["Ben", "Ada"].map((name) => Math.min(moment, end(name))).join());
  await page.click("#hold");
  await until("slow motion", async () => (await seconds()) > moment);
  await page.focus("#position");
  await page.keyboard.press("End");
  await until("the end of both", async () => (await texts()).every((text) => text.endsWith(" · 0 in flight · 11 of 11 requests")));
});

afterRuns("a bar's details are found by pointer and by arrow keys", async (page) => {
  const details = () => page.textContent("#details");
  await page.focus(".run canvas");
  await page.keyboard.press("ArrowRight");
  await until("the album", async () => (await details()).startsWith("02-threads · Ada, lane 1: /3/album/"));
  await page.keyboard.press("ArrowRight");
  const image = await until("an image", async () => (await details()).includes(".png") && details());
  assert.match(image, /^02-threads · Ada, lane 1: \w+\.png · from \d+\.\d{3} s · waited \d+\.\d{3} s · received \d+\.\d kB for \d+\.\d{3} s · status 200$/);
  await page.keyboard.press("ArrowDown");
  await until("another lane", async () => (await details()).startsWith("02-threads · Ada, lane 2: "));
  await page.keyboard.press("Escape");
  await until("no details", async () => !await page.isVisible("#details"));
  await page.hover(".run canvas", { position: { x: 4, y: 4 } });
  await until("the first bar", async () => await page.isVisible("#details") && (await details()).includes("lane 1: /3/album/"));
  await page.hover("h1");
  await until("no details again", async () => !await page.isVisible("#details"));
  await page.tap(".run canvas", { position: { x: 4, y: 4 } });
  // A mouse that leaves would have hidden them by now.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  assert(await page.isVisible("#details"), "a finger has chosen a bar");
}, { hasTouch: true });

view("refusals and retries are counted, and have marks of their own", async (page, server) => {
  await page.click("#controls summary");
  await page.fill("[name=failure_rate]", "100");
  await page.click("#controls-form button");
  await until("the change", async () => (await page.textContent("#rules")).includes("injected"));
  // One album, then three attempts for the only image.
  await run(server, "01-sync", "--limit", "1", "--name", "Ada");
  const label = () => page.getAttribute(".run canvas", "aria-label");
  await until("the marks", async () => (await label()) === "1 lanes, 4 requests, 3 failures, 3 refused, 2 retried");
  await until("the counts", async () => (await page.textContent(".run p")).includes(" · 3 refused · 2 retried"));
  await page.focus(".run canvas");
  // The chart may have been drawn before the last attempt.
  await until("the last attempt", async () => {
    await page.keyboard.press("End");
    return /attempt 3 .* status 503$/.test(await page.textContent("#details"));
  });
});

view("a change of the rules is marked on the strip and on the charts", async (page, server) => {
  await page.click("#controls summary");
  await page.fill("[name=gate]", "50");
  await page.click("text=Close the gate");
  await until("the gate", () => page.isVisible("#gate"));
  const running = run(server, "02-threads", "--limit", "6", "--name", "Ada");
  await until("five that wait", async () => (await page.textContent("#in-flight")) === "5");
  await page.fill("[name=latency]", "40");
  await page.click("#controls-form button");
  await until("the words", async () => /^2 at \d+\.\d\d s: latency 20 → 40 ms$/.test((await page.$$eval("#changes li", (all) => all.map((entry) => entry.textContent))).join()));
  await page.click("text=Open the gate");
  await running;
  await until("all words", async () => (await page.$$("#changes li")).length === 2);
  assert.match(await page.textContent("#changes li:last-child"), /^3 at \d+\.\d\d s: the gate is open$/);
  await ended(page, 1);
  assert.equal(await page.textContent("#strip-peak"), "up to 5");
  await page.locator(".run canvas").scrollIntoViewIfNeeded();
  for (const canvas of [".run canvas", "#strip-in-flight"]) {
    await until(`the mark on ${canvas}`, () => page.$eval(canvas, (canvas) => {
      const wanted = getComputedStyle(document.documentElement).getPropertyValue("--mark").trim();
      const [red, green, blue] = [1, 3, 5].map((at) => parseInt(wanted.slice(at, at + 2), 16));
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      for (let at = 0; at < data.length; at += 4) if (data[at] === red && data[at + 1] === green && data[at + 2] === blue) return true;
      return false;
    }));
  }
});

view("the time axis fits the runs of the experiment", async (page, server) => {
  const spans = (...times) => page.evaluate(async (times) => (await import("/live/spans.js")).spans(times), times);
  assert.deepEqual(await spans(100), [550], "at least half a second");
  assert.deepEqual(await spans(16_400, 16_000), [17_000, 17_000]);
  assert.deepEqual(await spans(1_000, 1_000, 1_000, 9_000), [1_050, 1_050, 1_050, 9_500], "a run that is much longer");

  await page.click("#controls summary");
  await page.fill("[name=latency]", "100");
  await page.click("#controls-form button");
  await until("the change", async () => (await page.textContent("#rules")).startsWith("latency 100 ms"));
  await run(server, "01-sync", "--limit", "15");
  await page.click("#experiment-form button");
  await until("no chart", async () => (await page.$$(".run")).length === 0);
  await page.fill("[name=latency]", "50");
  await page.click("#controls-form button");
  await until("the change", async () => (await page.textContent("#rules")).startsWith("latency 50 ms"));
  await run(server, "01-sync", "--limit", "12");
  await ended(page, 1);
  await page.locator(".run canvas").scrollIntoViewIfNeeded();
  const share = () => page.$eval(".run canvas", (canvas) => {
    const { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let last = 0;
    // Waiting is #4f93bf.
    for (let at = 0; at < data.length; at += 4) {
      if (data[at] === 0x4f && data[at + 1] === 0x93 && data[at + 2] === 0xbf) last = Math.max(last, (at / 4) % width);
    }
    return last / width;
  });
  await until("a run that fills its chart", async () => (await share()) > 0.85);
});

view("forty lanes have the colours of the legend, on whole pixels", async (page, server) => {
  await run(server, "04-async");
  await ended(page, 1);
  const found = () => page.$eval(".run canvas", (canvas) => {
    const letters = Math.max(12, 0.75 * parseFloat(getComputedStyle(document.documentElement).fontSize));
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height - Math.ceil(1.5 * letters) - 1);
    const colours = new Set();
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] > 0) colours.add(`#${[0, 1, 2].map((part) => data[at + part].toString(16).padStart(2, "0")).join("")}`);
    }
    return [...colours].sort().join();
  });
  const legend = ["#005a91", "#4f93bf", "#c8c8c8", "#f4f6f8"].join();
  await until("these colours, and no others", async () => (await found()) === legend);
});

afterRuns("landmarks have names of their own, and a chart says if it lacks requests", async (page) => {
  const names = await page.$$eval("main section, main [role=region], main [role=search]", (all) =>
    all.map((element) => document.getElementById(element.getAttribute("aria-labelledby"))?.textContent).filter(Boolean));
  assert.equal(new Set(names).size, names.length, names.join());
  const text = await page.evaluate(async () => {
    const { summary } = await import("/live/table.js");
    const run = { began: 0, last: 1000, in_flight: 0, requests: 1003, peak: 1, bytes: 0, bars: new Map([[1, []], [2, []]]) };
    return summary(run, 10_000, 0);
  });
  assert.match(text, / · chart of the last 2 requests$/);
});
