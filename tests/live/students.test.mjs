// What a teacher does about students: names, runs, the start, judged by what the page shows.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { STRANGE, browse, open, run, serve, until } from "./harness.mjs";

let browser;
before(async () => (browser = await browse()));
after(() => browser.close());

/** A test with its own server and page; fails if the page reports an error. */
function lesson(name, check) {
  test(name, { timeout: 180_000 }, async () => {
    const server = await serve("--listen", "127.0.0.1:0", "--latency", "5", "--link-rate", "0");
    try {
      const page = await open(browser, server);
      await page.click("#controls summary");
      await check(page, server);
      assert.deepEqual(page.errors, []);
      await page.context().close();
    } finally {
      await server.end();
    }
  });
}

const students = (page) => page.$$eval("#rows tr", (rows) => rows.map((row) => row.cells[1].textContent));
const shows = (page, ...names) =>
  until(names.join(), async () => (await students(page)).join() === names.join());
const said = (page, words) => until(words, async () => (await page.textContent("#controls-result")) === words);

lesson("a name can be hidden, replaced and shown again, and a run removed", async (page, server) => {
  await run(server, "01-sync", "--limit", "2", "--name", "Rude");
  await shows(page, "Rude");
  // A page that is paused shows the name no longer, too.
  await page.click("#pause");
  await page.selectOption("[name=student]", "Rude");
  await page.click("#students-form [value=hide]");
  await said(page, "the name is hidden: student 1");
  await shows(page, "student 1");
  await page.click("#live");
  await run(server, "02-threads", "--limit", "2", "--name", "rude");
  await shows(page, "student 1", "student 1");
  // What a screen reader announces follows last.
  await until("no rude name", async () => !(await page.content()).toLowerCase().includes("rude"));
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save")]);
  assert(!readFileSync(await download.path(), "utf8").toLowerCase().includes("rude"));

  await page.selectOption("[name=student]", "student 1");
  await page.fill("#students-form [name=to]", "Zoë");
  await page.press("#students-form [name=to]", "Enter");
  await shows(page, "Zoë", "Zoë");
  await page.click("#students-form [value=own_name]");
  await shows(page, "rude", "Rude");

  const oldest = await page.$eval("[name=run] option:last-child", (option) => option.value);
  await page.selectOption("[name=run]", oldest);
  await page.click("#runs-form button");
  await said(page, "the run is removed");
  await shows(page, "rude");
  await page.click("#runs-form button >> text=Bring the run back");
  await shows(page, "rude", "Rude");
});

lesson("all wait for the start", async (page, server) => {
  // The response travels for longer than it takes until the next frame.
  await page.fill("[name=latency]", "300");
  await page.click("#controls-form button");
  await said(page, "latency 5 → 300 ms");
  const notice = (text) => until(text, async () => (await page.textContent("#gate")) === text);
  await page.fill("#start-form [name=expected]", "3");
  await page.click("#start-form [type=submit]");
  await said(page, "new runs wait for the start");
  await notice("0 of 3 are here. All wait for the start.");
  const programs = ["01-sync", "03-processes", "04-async"].map((model) => run(server, model, "--limit", "2"));
  await notice("3 of 3 are here. All wait for the start.");
  await until("no bars", async () => (await page.$$(".run")).length === 0);
  const times = () => page.$$eval("#rows tr", (rows) => rows.map((row) => row.cells[3].textContent));
  await until("three that wait", async () => (await times()).join() === "waiting,waiting,waiting");
  await until("no word of a missing program", () => page.isHidden("#nothing"));
  await page.click("#start-here");
  await said(page, "3 runs have started");
  for (const { code, output } of await Promise.all(programs)) assert.equal(code, 0, output);
  await until("no notice", () => page.isHidden("#gate"));
  await until("the end of all", async () => {
    const ended = (await times()).filter((time) => time.endsWith(" s"));
    return ended.length === 3;
  });

  await page.click("#start-form [type=submit]");
  await said(page, "new runs wait for the start");
  const late = run(server, "01-sync", "--limit", "2");
  await until("one that waits", async () => (await times()).includes("waiting"));
  await page.fill("#find", "unknown");
  await until("the word about the search", async () =>
    (await page.isVisible("#nothing")) && (await page.textContent("#nothing")) === "No run matches.");
  await page.click("#start");
  assert.equal((await late).code, 0);
});

lesson("the grid of the exercises names students only if asked", async (page, server) => {
  const report = (name, task, message) => fetch(`${server.url}/live/progress`, {
    method: "POST", body: JSON.stringify({ name, task, passed: message === "", message }),
  });
  assert(await page.isHidden("#progress"));
  await report("Ada", "03", "the lock is held");
  await report("Ben", "03", "the lock is held");
  await report("Ben", "01", "");
  const grid = (text) => until(text, async () =>
    (await page.$$eval("#grid tr", (rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent).join(",")).join(" "))) === text);
  await grid(",1,3 1,✓,· 2,,· passed,1 of 2,0 of 2");
  const refusals = () => page.$$eval("#refusals li", (items) => items.map((item) => item.textContent).join("; "));
  assert.equal(await refusals(), "Task 3, refused most often (2): the lock is held Remove");
  await page.check("#with-names");
  await grid(",1,3 Ben,✓,· Ada,,· passed,1 of 2,0 of 2");
  await report("Ada", "03", "");
  await grid(",1,3 Ada,,✓ Ben,✓,· passed,1 of 2,1 of 2");
});

lesson("a rude name or message is removed from the grid of the exercises", async (page, server) => {
  const report = (name, message) => fetch(`${server.url}/live/progress`, {
    method: "POST", body: JSON.stringify({ name, task: "03", passed: false, message }),
  });
  await report("Rude", "rude `<b>words</b>`");
  await report("Rude2", "rude `<b>words</b>`");
  await report("Ada", "an image is missing: `3.png`, `4");
  await page.check("#with-names");
  const names = (all) => until(all, async () =>
    (await page.$$eval("#grid tr > :first-child", (heads) => heads.map((head) => head.textContent).join())) === all);
  await names(",Ada,Rude,Rude2,passed");
  const refusals = (html) => until(html, async () => (await page.innerHTML("#refusals")).includes(html));
  await refusals("(2): rude <code>&lt;b&gt;words&lt;/b&gt;</code> ");
  // Nobody else has the button.
  const other = await open(browser, { ...server, url: `http://${STRANGE}:${server.port}` });
  await until("the same message", async () => (await other.textContent("#refusals")).includes("rude"));
  assert(await other.isHidden("#refusals button"));
  await other.context().close();
  assert(await page.isHidden("#refusals"), "the messages are shown only if asked");
  await page.check("#with-messages");
  const remove = '[aria-label="Remove the message of task 3"]';
  await page.focus(remove);
  await fetch(`${server.url}/live/progress`, {
    method: "POST", body: JSON.stringify({ name: "Ada", task: "01", passed: true, message: "" }),
  });
  await until("another report", async () => (await page.textContent("#grid")).includes("1 of 3"));
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.ariaLabel);
  assert.equal(await focused(), "Remove the message of task 3", "the same messages stay as they are");
  await page.press(remove, "Enter");
  await refusals("(1): an image is missing: <code>3.png</code>, `4 ");
  assert.equal(await page.textContent("#refusals-result"), "the message is removed");
  assert.equal(await focused(), "refusals-result");

  await page.selectOption("[name=student]", "Rude");
  await page.click("#students-form [value=hide]");
  await names(",Ada,Rude2,student 1,passed");
});
