// The picture of the class and its experiments, judged by what the page shows.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { browse, open, run, serve, until } from "./harness.mjs";

let browser;
before(async () => (browser = await browse()));
after(() => browser.close());

/** The rows of the picture: name, number of runs and peak, median, range. */
const rows = (page) => page.$$eval(".row", (rows) => rows.map((row) =>
  [...row.querySelectorAll("h3, p, strong")].map((element) => element.textContent)));

/** Holds all images until so many requests are in flight: then the peaks are right on a busy machine, too. */
async function gate(server, requests) {
  const options = { method: "POST", headers: { "x-practice-token": "" }, body: JSON.stringify({ gate: requests }) };
  assert.equal((await fetch(`${server.url}/live/controls`, options)).status, 200);
}

async function begin(page, title) {
  if (!await page.$("#controls[open]")) await page.click("#controls summary");
  await page.fill("[name=experiment]", title);
  await page.click("#experiment-form button");
}

test("a row for each program, and experiments that keep their runs", { timeout: 180_000 }, async () => {
  const server = await serve("--listen", "127.0.0.1:0", "--latency", "20", "--link-rate", "0");
  try {
    const page = await open(browser, server);
    await gate(server, 11);
    const runs = [run(server, "01-sync", "--name", "Ada"), run(server, "02-threads", "--name", "Ben"), run(server, "02-threads", "--name", "=1+1")];
    await Promise.all(runs);
    const [sync, threads] = await until("the end of three runs", async () => {
      const shown = await rows(page);
      return shown.length === 2 && shown.every((row) => row[2].endsWith(" s") && !row[3].includes("running")) && shown;
    });
    assert.deepEqual(sync.slice(0, 2), ["01-sync", "1 run, peak 1"]);
    assert.deepEqual(threads.slice(0, 2), ["02-threads", "2 runs, peak 5"]);
    assert.match(threads[3], /^\d+\.\d\d–\d+\.\d\d$/);

    await page.selectOption("#grouping", "workers");
    await until("a row for each number of workers", async () =>
      (await rows(page)).map((row) => row[0]).join() === "1 worker,5 workers");
    await page.selectOption("#grouping", "program");

    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save")]);
    assert.equal(download.suggestedFilename(), "experiment-1.csv");
    const lines = readFileSync(await download.path(), "utf8").trim().split("\n");
    assert.match(lines[0], /^program,student,workers,seconds/);
    assert.equal(lines.length, 4);
    assert(lines.some((line) => /^"01-sync","Ada",1,\d+\.\d{3},1,41,0,\d+$/.test(line)), lines.join("\n"));

    // A spreadsheet doesn't take this name for a formula.
    assert(lines.some((line) => line.startsWith(`"02-threads","'=1+1",5,`)), lines.join("\n"));

    await begin(page, "<b>ten</b> workers");
    await until("the new experiment's title", async () =>
      (await page.textContent("#experiment-title")) === "Experiment 2: <b>ten</b> workers");
    await until("an empty table", async () => (await page.$$("#rows tr")).length === 0);
    const [empty] = await Promise.all([page.waitForEvent("download"), page.click("#save-svg")]);
    assert.match(readFileSync(await empty.path(), "utf8"), /Experiment 2: &lt;b&gt;ten.*<\/svg>$/s, "a picture without a run");
    await until("the peak of the new experiment", async () => (await page.textContent("#peak")) === "0");
    await gate(server, 10);
    await run(server, "02-threads", "--workers", "10");
    await until("its only row", async () => (await rows(page)).map((row) => row[1]).join() === "1 run, peak 10");

    await page.selectOption("#experiment", "1");
    await until("the first experiment's rows", async () => (await rows(page)).length === 2);
    assert.equal(await page.textContent("#experiment-title"), "Experiment 1");
    assert.deepEqual(page.errors, []);
    await page.context().close();
  } finally {
    await server.end();
  }
});

test("many rows fit the screen", { timeout: 60_000 }, async () => {
  const server = await serve("--listen", "127.0.0.1:0", "--latency", "5", "--link-rate", "0");
  try {
    const page = await open(browser, server, "/", { viewport: { width: 1280, height: 720 } });
    await Promise.all([1, 2, 3, 4, 5, 6].map((count) => run(server, "02-threads", "--limit", "1", "--workers", `${count}`)));
    await page.selectOption("#grouping", "workers");
    await until("six rows", async () => (await rows(page)).length === 6);
    const colours = await page.$$eval(".row > :first-child", (all) => all.map((it) => getComputedStyle(it).borderRightColor));
    assert.equal(new Set(colours).size, 5, colours.join());
    const end = await page.$eval("#rows-of-class", (all) => all.getBoundingClientRect().bottom);
    assert(end <= 720, `they end at ${end} of 720 pixels`);
    await page.context().close();
  } finally {
    await server.end();
  }
});

test("the rules that are shown are those of the experiment", { timeout: 60_000 }, async () => {
  const server = await serve("--listen", "127.0.0.1:0", "--latency", "20", "--link-rate", "0");
  try {
    const page = await open(browser, server);
    const shows = (text) => until(text, async () => (await page.textContent("#rules")).startsWith(text));
    await shows("latency 20 ms");
    await begin(page, "");
    await page.fill("[name=latency]", "40");
    await page.click("#controls-form button");
    await shows("latency 40 ms");
    await page.selectOption("#experiment", "1");
    await shows("latency 20 ms");
    await page.context().close();
  } finally {
    await server.end();
  }
});

test("printing draws every chart", { timeout: 180_000 }, async () => {
  const server = await serve("--listen", "127.0.0.1:0", "--latency", "5", "--link-rate", "0");
  try {
    const page = await open(browser, server, "/", { viewport: { width: 500, height: 400 } });
    await Promise.all(Array.from({ length: 8 }, () => run(server, "01-sync", "--limit", "8")));
    await until("eight runs", async () => (await page.$$(".run")).length === 8);
    await until("the end of all runs", async () => !(await page.textContent("#rows")).includes("running"));
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    const blank = await page.$$eval(".run canvas", (all) => all.filter((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.every((value) => value === 0);
    }).length);
    assert.equal(blank, 0);
    await page.context().close();
  } finally {
    await server.end();
  }
});

test("two experiments are compared on one axis", { timeout: 180_000 }, async () => {
  const server = await serve("--listen", "127.0.0.1:0", "--latency", "100", "--link-rate", "0");
  try {
    const page = await open(browser, server);
    await run(server, "01-sync", "--limit", "4", "--name", "Ada");
    await begin(page, "slow");
    await page.fill("[name=latency]", "300");
    await page.click("#controls-form button");
    await until("the change", async () => (await page.textContent("#rules")).startsWith("latency 300 ms"));
    await run(server, "01-sync", "--limit", "4", "--name", "Ada");
    await page.selectOption("#experiment", "1");
    await until("the first experiment", async () => (await rows(page))[0]?.[2].endsWith(" s"));
    assert(await page.isHidden("#compared"));
    /** The last column of the first experiment's chart that has the colour of waiting. */
    const end = () => page.$eval("#rows-of-class canvas", (canvas) => {
      const wanted = getComputedStyle(document.documentElement).getPropertyValue("--wait").trim();
      const colour = [1, 3, 5].map((at) => parseInt(wanted.slice(at, at + 2), 16));
      const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const has = (column) => Array.from({ length: height }, (_, row) => 4 * (row * width + column))
        .some((at) => colour.every((part, index) => data[at + index] === part));
      return Array.from({ length: width }, (_, column) => column).findLast(has);
    });
    const alone = await end();
    assert(alone > 0);
    await page.selectOption("#comparison", "2");
    await until("its rows", async () => (await page.$$("#rows-of-compared .row")).length === 1);
    assert.equal(await page.textContent("#compared-title"), "Experiment 2: slow");
    assert((await page.textContent("#compared-rules")).startsWith("latency 300 ms"));
    assert(await page.isHidden("#strip"), "it would seem to belong to both");
    // On a busy machine, the first one may take longer than the second.
    const [first, second] = await until("both times", async () => {
      const times = await page.$$eval(".row strong", (all) => all.map((time) => time.textContent));
      return times.every((time) => time.endsWith(" s")) && times.map(parseFloat);
    });
    const expected = (alone * first) / Math.max(first, second);
    const together = await end();
    assert(Math.abs(together - expected) < 3 + 0.03 * alone, `${alone} alone, ${together} with ${first} and ${second} s`);
    // An experiment isn't compared with itself.
    await page.selectOption("#experiment", "current");
    await until("no comparison", () => page.isHidden("#compared"));
    assert(await page.isVisible("#strip"));
    assert.deepEqual(page.errors, []);
    await page.context().close();
  } finally {
    await server.end();
  }
});
