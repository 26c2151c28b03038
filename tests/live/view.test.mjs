// The live view in a real browser: judged by what the page shows and what the programs do.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import http from "node:http";
import { FOREIGN, STRANGE, browse, open, run, serve, until, watch } from "./harness.mjs";

let browser;
before(async () => (browser = await browse()));
after(() => browser.close());

/** A test with its own server and page; fails if the page reports an error. */
function view(name, args, check) {
  test(name, { timeout: 180_000 }, async () => {
    const server = await serve("--listen", "127.0.0.1:0", ...args);
    try {
      const page = await open(browser, server);
      await until("the first event", async () => (await page.textContent("#connection")) === "● live");
      await check(page, server);
      assert.deepEqual(page.errors, []);
      await page.context().close();
    } finally {
      await server.end();
    }
  });
}

const fast = ["--latency", "20", "--link-rate", "0"];

/** The table of the last runs: a list of texts for each row. */
const rows = (page) =>
  page.$$eval("#rows tr", (rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));

/** The row of a program or student, once the run has ended. */
function ended(page, what) {
  return until(`the end of ${what}`, async () => {
    const row = (await rows(page)).find((row) => row.includes(what));
    return row && row[3] !== "running" ? row : null;
  });
}

/** Whether a chart shows this colour of the style sheet anywhere. */
function shows(page, chart, colour) {
  return page.$eval(chart, (canvas, name) => {
    const wanted = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(wanted.slice(at, at + 2), 16));
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    for (let at = 0; at < data.length; at += 4) {
      if (data[at] === red && data[at + 1] === green && data[at + 2] === blue) return true;
    }
    return false;
  }, colour);
}

/** Sends a request, bare; returns the status. */
function send(server, path, options = {}) {
  return new Promise((done, fail) => {
    const request = http.request(`${server.url}${path}`, options, (response) => {
      response.resume().on("end", () => done(response.statusCode));
    });
    request.on("error", fail).end(options.body);
  });
}

/** Changes the rules as this machine may. */
async function control(server, change) {
  const headers = { "x-practice-token": "" };
  assert.equal(await send(server, "/live/controls", { method: "POST", headers, body: JSON.stringify(change) }), 200);
}

view("four programs run, and their lanes appear with the right peaks", fast, async (page, server) => {
  // So that all workers have a request in flight at the same time.
  await control(server, { gate: 40 });
  const models = [["01-sync"], ["02-threads", "--workers", "5"], ["03-processes", "--workers", "4"], ["04-async", "--workers", "30"]];
  const runs = models.map(([model, ...args]) => run(server, model, ...args, "--name", `Zoë of ${model}`));
  for (const { code, output } of await Promise.all(runs)) assert.equal(code, 0, output);
  for (const [model, workers, peak] of [["01-sync", "1", "1"], ["02-threads", "5", "5"], ["03-processes", "4", "4"], ["04-async", "30", "30"]]) {
    const [program, student, shownWorkers, time, shownPeak, failures] = await ended(page, model);
    assert.deepEqual([program, student, shownWorkers, shownPeak, failures], [model, `Zoë of ${model}`, workers, peak, "0"]);
    assert.match(time, /^\d+\.\d\d s$/);
  }
  assert.equal(await page.$$eval(".run", (cards) => cards.length), 4);
  const label = await page.getAttribute(".run:has-text('02-threads') canvas", "aria-label");
  assert.equal(label, "5 lanes, 41 requests, 0 failures");
  for (const width of [1200, 1400, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    const [content, room] = await page.$eval(".wide", (wide) => [wide.scrollWidth, wide.clientWidth]);
    assert(content <= room, `the table is cut in a window of ${width} pixels: ${content} in ${room}`);
  }
  for (const colour of ["--wait", "--get"]) assert(await shows(page, ".run:has-text('02-threads') canvas", colour));
});

view("a bar grows while a request is served, and nothing moves while the page is paused", fast, async (page, server) => {
  await control(server, { gate: 50 });
  const running = run(server, "02-threads", "--limit", "2", "--name", "Slow");
  const width = () => page.$eval(".run canvas", (canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const wait = getComputedStyle(document.documentElement).getPropertyValue("--wait").trim();
    const red = parseInt(wait.slice(1, 3), 16);
    let last = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at] === red) last = Math.max(last, (at / 4) % canvas.width);
    return last;
  });
  await page.waitForSelector(".run canvas");
  await until("two that wait", async () => (await page.textContent("#in-flight")) === "2");
  const first = await until("a bar", width);
  await until("a longer bar", async () => (await width()) > first);
  await page.click("#pause");
  // The frame that shows it may not have been drawn yet.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)))));
  const picture = () => page.$eval(".run canvas", (canvas) => canvas.toDataURL());
  const held = await picture();
  await control(server, { gate: null });
  assert.equal((await running).code, 0);
  assert(held === await picture(), "the chart has not changed");
  assert.equal((await rows(page))[0][3], "running");
  await page.click("#live");
  assert.equal((await ended(page, "Slow"))[4], "2");
});

view("the last run is shown again, slower, and can be held anywhere", fast, async (page, server) => {
  await run(server, "02-threads", "--name", "Again");
  await ended(page, "Again");
  await page.click("#replay");
  await page.selectOption("#speed", "0.1");
  const text = () => page.textContent(".run p");
  await until("the first requests", async () => /^0\.\d\d s · [1-5] in flight · \d+ of 41 requests$/.test(await text()));
  await page.fill("#position", "0");
  await until("the beginning", async () => (await text()).startsWith("0.00 s · "));
  assert.equal(await page.textContent("#hold"), "Resume");
  await page.focus("#position");
  await page.keyboard.press("End");
  await until("the end", async () => (await text()).endsWith(" · 0 in flight · 41 of 41 requests"));
  await page.click("#live");
  assert.equal(await page.isVisible("#replay-controls"), false);
});

view("a replay begins at its beginning", fast, async (page, server) => {
  await run(server, "01-sync", "--limit", "1", "--name", "Again");
  await ended(page, "Again");
  const text = await page.evaluate(() => {
    // The page is busy, and was drawn a while ago.
    const before = performance.now();
    while (performance.now() - before < 2000);
    document.getElementById("speed").value = "0.1";
    document.getElementById("replay").click();
    return document.querySelector(".run p").textContent;
  });
  assert.match(text, /^0\.0\d s · /);
});

view("a drawing that fails stops neither the table nor the next drawing", fast, async (page, server) => {
  await page.evaluate(() => {
    const proper = CanvasRenderingContext2D.prototype.clearRect;
    CanvasRenderingContext2D.prototype.clearRect = () => { throw new Error("no paint"); };
    window.restore = () => (CanvasRenderingContext2D.prototype.clearRect = proper);
  });
  await run(server, "01-sync", "--limit", "1", "--name", "Unseen");
  await ended(page, "Unseen");
  await until("the failure", () => page.errors.length > 0);
  assert.equal(await shows(page, ".run canvas", "--wait"), false);
  await page.evaluate(() => window.restore());
  await until("the chart", () => shows(page, ".run canvas", "--wait"));
  assert.deepEqual(page.errors.filter((error) => error !== "Error: no paint"), []);
  page.errors = [];
});

view("a chart below the screen is drawn when scrolled to", fast, async (page, server) => {
  await page.setViewportSize({ width: 900, height: 400 });
  for (let number = 0; number < 12; number += 1) {
    const headers = { authorization: "Client-ID x", "user-agent": `01-sync/0 (name=${number})` };
    assert.equal(await send(server, "/3/album/PdA9Amq/images", { headers }), 200);
  }
  // So that all charts appear together, each in its place.
  await page.reload();
  await page.waitForSelector(".run:nth-child(12)");
  await page.locator(".run:first-child canvas").scrollIntoViewIfNeeded();
  await until("the first chart", () => shows(page, ".run:first-child canvas", "--wait"));
  assert.equal(await shows(page, ".run:last-child canvas", "--wait"), false);
  await page.locator(".run:last-child canvas").scrollIntoViewIfNeeded();
  await until("the last chart", () => shows(page, ".run:last-child canvas", "--wait"));
});

view("controls change what the programs meet", fast, async (page, server) => {
  await page.click("summary");
  const change = async (values) => {
    for (const [name, value] of Object.entries(values)) await page.fill(`#controls-form [name=${name}]`, value);
    await page.click("#controls-form button");
  };
  const holds = (words) => until(words, async () => (await page.textContent("#rules")).includes(words));

  await change({ latency: "40", failure_rate: "100" });
  await holds("latency 40 ms");
  await holds("100\u202f% injected failures");
  const { code, output } = await run(server, "01-sync", "--limit", "2", "--retries", "0", "--name", "Failing");
  assert.equal(code, 1);
  assert.match(output, /503/);
  assert.equal((await ended(page, "Failing"))[5], "2");
  assert(await shows(page, ".run canvas", "--error"));

  await change({ failure_rate: "0", limit: "3" });
  await holds("at most 3 in flight");
  const limited = await run(server, "04-async", "--limit", "20", "--retries", "0", "--name", "Limited");
  assert.equal(limited.code, 1);
  assert.match(limited.output, /429/);

  await change({ limit: "" });
  await until("no limit", async () => !(await page.textContent("#rules")).includes("in flight"));
  assert.equal((await run(server, "04-async", "--limit", "20", "--retries", "0", "--name", "Free")).code, 0);
});

view("controls change how the network treats clients and connections", fast, async (page) => {
  await page.click("summary");
  const rules = () => page.textContent("#rules");
  await page.getByLabel("link shared per").selectOption("request");
  await page.getByLabel("handshake, round trips").fill("2");
  await page.getByLabel("slow start").check();
  await page.click("text=Change");
  await until("the change", async () => (await rules()).endsWith("shared per request · handshake of 2 round trips · slow start"));
  assert.equal(await page.textContent("#controls-result"),
    "link shared per client → request, handshake 0 → 2 round trips, slow start off → on");

  await page.getByLabel("link shared per").selectOption("client");
  await page.getByLabel("slow start").uncheck();
  await page.click("text=Change");
  await until("the change", async () => (await rules()).endsWith("link unlimited · handshake of 2 round trips"));
  assert.equal(await page.getByLabel("handshake, round trips").inputValue(), "2");

  await page.click("#undo");
  await until("the rules before", async () => (await rules()).endsWith("shared per request · handshake of 2 round trips · slow start"));
  await page.click("#defaults");
  await until("the rules of the start", async () => (await rules()) === "latency 20 ms · link unlimited");
  await page.click("#undo");
  await until("undone", async () => (await rules()).endsWith("handshake of 2 round trips · slow start"));
});

view("what is not edited stays, and what is refused can be put right", ["--latency", "9000", "--link-rate", "0.05"], async (page, server) => {
  const holds = (words) => until(words, async () => (await page.textContent("#rules")).includes(words));
  const change = async (name, value) => {
    await page.fill(`[name=${name}]`, value);
    await page.click("text=Change");
  };
  await page.click("summary");
  await change("limit", "5");
  await holds("at most 5 in flight");
  await holds("latency 9000 ms");

  await change("link_rate", "0.001");
  await until("the refusal", async () => (await page.textContent("#controls-result")).startsWith("link rate: 0.05 to"));
  // Another teacher's change brings the fields up to date, but not this one.
  await control(server, { latency: 8000 });
  await holds("latency 8000 ms");
  assert.equal(await page.inputValue("[name=latency]"), "8000");
  assert.equal(await page.inputValue("[name=link_rate]"), "0.001");
  await change("link_rate", "0.25");
  await holds("0.25 MB/s");
});

view("the gate holds a running program until it is opened", fast, async (page, server) => {
  await page.click("summary");
  await page.fill("[name=gate]", "50");
  await page.click("text=Close the gate");
  await until("the gate", async () => (await page.textContent("#gate")).includes("of 50 requests are here"));
  const running = run(server, "02-threads", "--name", "Held");
  await until("five that wait", async () => (await page.textContent("#in-flight")) === "5");
  await page.click("text=Open the gate");
  assert.equal((await running).code, 0);
  assert.equal((await ended(page, "Held"))[4], "5");
  assert.equal(await page.isVisible("#gate"), false);
});

test("a stranger sees all and controls nothing, unless with the token", { timeout: 180_000 }, async () => {
  const server = await serve("--listen", "0.0.0.0:0");
  try {
    // A name that leads here, but which the server does not take for its own.
    const there = { ...server, url: `http://${STRANGE}:${server.port}` };
    const change = { method: "POST", body: JSON.stringify({ latency: 7 }) };
    const headers = { "x-practice-token": "" };
    const token = server.said.match(/#token=([0-9a-f]{32})/)[1];
    // Without access: no token, a page from elsewhere, another name for this machine, a wrong token.
    assert.equal(await send(server, "/live/controls", change), 403);
    assert.equal(await send(server, "/live/controls", { ...change, headers: { ...headers, origin: "http://evil.example" } }), 403);
    assert.equal(await send(server, "/live/controls", { ...change, headers: { ...headers, host: "evil.example" } }), 403);
    assert.equal(await send(server, "/live/controls", { ...change, headers: { "x-practice-token": "0".repeat(32), host: "evil.example" } }), 403);

    const stranger = await open(browser, there);
    await until("the first event", async () => (await stranger.textContent("#connection")) === "● live");
    await until("the rules", async () => (await stranger.textContent("#rules")).includes("latency 83 ms"));
    assert.equal(await stranger.isVisible("#controls"), false);

    const teacher = await open(browser, there, `/#token=${token}`);
    await teacher.click("summary");
    assert(!teacher.url().includes(token), "others may see the screen");
    await teacher.fill("[name=latency]", "7");
    await teacher.click("text=Change");
    await until("the change", async () => (await stranger.textContent("#rules")).includes("latency 7 ms"));
    await teacher.reload();
    await teacher.waitForSelector("#controls", { state: "visible" });
    // The stranger opens the address with the token in the same tab.
    await stranger.evaluate((hash) => (location.hash = hash), `token=${token}`);
    await stranger.waitForSelector("#controls", { state: "visible" });
    assert(!stranger.url().includes(token), "others may see the screen");
    assert.deepEqual([...stranger.errors, ...teacher.errors], []);
    await Promise.all([stranger, teacher].map((page) => page.context().close()));
  } finally {
    await server.end();
  }
});

view("hostile names are shown as text", fast, async (page, server) => {
  const hostile = `<img src=x onerror="document.title='gone'">`;
  const names = [hostile.slice(0, 40), "محمد", "علی‌رضا", "</script>", "李雷 & 韩梅梅"];
  for (const name of names) assert.equal((await run(server, "01-sync", "--limit", "1", "--name", name)).code, 0);
  const headers = { authorization: "Client-ID x", "user-agent": `<script>alert(1)</script>/1 (name=${encodeURIComponent(`${hostile}\u202e`)})` };
  assert.equal(await send(server, "/3/album/PdA9Amq/images", { headers }), 200);
  const shown = await until("all of them", async () => {
    const all = await rows(page);
    return all.length === 6 ? all : null;
  });
  assert.deepEqual(shown.map((row) => row[1]).reverse(), [...names, hostile.slice(0, 40)]);
  assert.equal(await page.title(), "Practice server: live");
  assert.equal(await page.$$eval("#charts img, #charts script, #rows img, #rows script", (found) => found.length), 0);
});

view("names with many marks stay in their rows, and emoji are whole", fast, async (page, server) => {
  const family = "👨\u200d👩\u200d👧\u200d👦";
  for (const name of ["Ann", `Z${"\u0308\u0330".repeat(200)}`, family.repeat(50), "Ben"]) {
    const headers = { authorization: "Client-ID x", "user-agent": `01-sync/0 (name=${encodeURIComponent(name)})` };
    assert.equal(await send(server, "/3/album/PdA9Amq/images", { headers }), 200);
  }
  await until("all of them", async () => (await rows(page)).length === 4);
  const [, emoji, marks] = (await rows(page)).map((row) => row[1]);
  assert.equal(emoji, family.repeat(40));
  assert.equal(marks, "Z\u0308\u0330\u0308");
});

test("a page under a name of another server gets no events, and says so", { timeout: 180_000 }, async () => {
  const server = await serve("--listen", "127.0.0.1:0", ...fast);
  try {
    const page = await open(browser, { ...server, url: `http://${FOREIGN}:${server.port}` });
    await until("the reason", async () => (await page.textContent("#connection")).includes(`Open this page as ${server.url}/`));
    await page.context().close();
  } finally {
    await server.end();
  }
});

view("hidden pages leave the connections to the one that is shown", fast, async (page, server) => {
  const hide = (page, hidden) => page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
  const isLive = async (page) => (await page.textContent("#connection")) === "● live";
  // More pages than a browser opens connections to one server.
  const pages = [page];
  while (pages.length < 7) {
    await hide(pages.at(-1), true);
    const next = await page.context().newPage();
    await next.goto(server.url);
    await until(`page ${pages.length + 1}`, () => isLive(next));
    pages.push(next);
  }
  await control(server, { latency: 7 });
  await until("the change", async () => (await pages.at(-1).textContent("#rules")).includes("latency 7 ms"));
  assert((await page.textContent("#rules")).includes("latency 20 ms"), "a hidden page gets nothing");
  await hide(page, false);
  await until("the change on the first page", async () => (await page.textContent("#rules")).includes("latency 7 ms"));
});

view("controls that get no response say so", fast, async (page) => {
  await page.click("summary");
  await page.evaluate(() => {
    const { timeout } = AbortSignal;
    AbortSignal.timeout = (time) => timeout.call(AbortSignal, time / 10);
  });
  await page.route("**/live/controls", () => {});
  await page.fill("[name=latency]", "7");
  await page.click("text=Change");
  const result = () => page.textContent("#controls-result");
  await until("the request", async () => (await result()) === "…");
  await until("the message", async () => (await result()).startsWith("The server has not responded."));
});

test("a lost connection resumes, and what is held can still be shown again", { timeout: 180_000 }, async () => {
  let server = await serve("--listen", "127.0.0.1:0", ...fast);
  try {
    const page = await open(browser, server);
    await run(server, "01-sync", "--limit", "1", "--name", "Before");
    await ended(page, "Before");
    await server.end();
    await until("the loss", async () => (await page.textContent("#connection")).includes("cannot be reached"));
    assert.equal((await rows(page)).length, 1, "what was seen stays");
    await page.click("#pause");
    server = await serve("--listen", `127.0.0.1:${server.port}`, ...fast);
    await until("the return", async () => (await page.textContent("#connection")) === "● live");
    await page.click("text=Replay the last run");
    await until("the run before", async () => /^0\.\d\d s · .* of 2 requests$/.test(await page.textContent(".run p")));
    await page.click("#live");
    await run(server, "01-sync", "--limit", "1", "--name", "After");
    await ended(page, "After");
    assert.deepEqual((await rows(page)).map((row) => row[1]), ["After"]);
    assert.deepEqual(page.errors, []);
    await page.context().close();
  } finally {
    await server.end();
  }
});

view("it fits a phone, and obeys the keyboard", fast, async (page, server) => {
  await run(server, "04-async", "--name", "W".repeat(40));
  await ended(page, "W".repeat(40));
  await page.setViewportSize({ width: 360, height: 740 });
  for (const path of ["/", "/start"]) {
    await page.goto(server.url + path);
    await page.waitForSelector("h1");
    const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert(content <= window, `${path} is ${content} pixels wide`);
  }
  assert(await page.textContent("pre").then((text) => text.includes(`IMGUR_API_URL=${server.url}/3`)));
  await page.goto(server.url);
  await page.focus("#pause");
  await page.keyboard.press("Enter");
  assert.equal(await page.getAttribute("#pause", "aria-pressed"), "true");
});

test("the live view inside a program shows the run, and ends with it", { timeout: 180_000 }, async () => {
  const page = await (await browser.newContext()).newPage();
  let visited = null;
  // The gate holds the program until the page shows it.
  const visit = async (url) => {
    await control({ url }, { gate: 50 });
    await page.goto(url);
    await until("the run", async () => (await rows(page))[0]?.[0] === "01-sync");
    await control({ url }, { gate: null });
  };
  const { code, output } = await watch(null, "01-sync", [], (said) => {
    // The white space: only then the number is complete.
    const url = said.match(/(http:\/\/127\.0\.0\.1:\d+)\s/)?.[1];
    if (url) visited ??= visit(url);
  });
  // An open page neither keeps the program nor changes what it saw.
  assert.equal(code, 0, output);
  assert.match(output, /requests 41, connections 1, peak in flight 1/);
  assert(visited, `it has not said where its live view is: ${output}`);
  await visited;
  assert.equal((await rows(page))[0][0], "01-sync");
  await until("its end", async () => (await page.textContent("#connection")).includes("cannot be reached"));
  // On the page, too, which has heard of its last request.
  await until("the end of the run", async () => /^\d+\.\d\d s$/.test((await rows(page))[0][3]));
  assert.equal((await rows(page))[0][4], "1");
  await page.context().close();
});
