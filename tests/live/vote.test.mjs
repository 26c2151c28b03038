// The question to the class: the teacher's page and the phones, in a real browser.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { STRANGE, browse, open as visit, run, serve, until } from "./harness.mjs";

let browser;
before(async () => (browser = await browse()));
after(() => browser.close());

/** A test with a server, the teacher's page, and two phones that have opened the students' page. */
function vote(name, check) {
  test(name, { timeout: 120_000 }, async () => {
    const server = await serve("--listen", "0.0.0.0:0", "--latency", "20", "--link-rate", "0");
    try {
      const there = { ...server, url: `http://${STRANGE}:${server.port}` };
      const phone = () => visit(browser, there, "/join", { viewport: { width: 360, height: 740 } });
      const pages = [await visit(browser, server), await phone(), await phone()];
      await pages[0].click("#ask summary");
      await check(pages, server);
      for (const page of pages) {
        assert.deepEqual(page.errors, []);
        await page.context().close();
      }
    } finally {
      await server.end();
    }
  });
}

/** Lets a phone see the vote as it is now, whatever happens to it. */
async function stay(phone, server) {
  const body = await (await fetch(`${server.url}/live/vote`)).text();
  let looks = 0;
  await phone.route("**/live/vote", (route) => {
    looks += 1;
    return route.fulfill({ contentType: "text/plain", body });
  });
  await until("a look that the server does not see", () => looks > 0);
}

const shows = (page, selector, text) => until(`“${text}”`, async () => (await page.textContent(selector)) === text);

/** Opens the teacher's panel, which closes after each question. */
const openPanel = (teacher) => teacher.$eval("#ask", (panel) => (panel.open = true));

vote("numbers are guessed twice, and compared with what was measured", async ([teacher, ann, ben], server) => {
  assert.equal(await teacher.isVisible("#vote"), false);
  assert.equal((await run(server, "02-threads", "--limit", "3")).code, 0);
  await shows(ann, "#question", "No question at the moment");
  await teacher.selectOption("[name=preset]", "1");
  await teacher.click("#ask-form button");
  const question = "How long do five threads take (02-threads)?";
  await shows(teacher, "#vote-title", question);
  await shows(teacher, "#answered", "0");
  assert.equal(await teacher.isVisible("#ask-form"), false, "it would hide the question");
  assert.equal(await teacher.evaluate(() => document.activeElement.textContent), "Ask the class");
  const answer = async (phone, number) => {
    await shows(phone, "#question", question);
    await phone.fill("[name=answer]", number);
    await phone.keyboard.press("Enter");
    await shows(phone, "#vote-result", `Your answer: ${number} s. You can change it until the vote is closed.`);
  };
  await answer(ann, "9");
  await answer(ann, "900");
  await answer(ben, "1.5");
  await shows(teacher, "#answered", "2");
  await ann.reload();
  await shows(ann, "#vote-result", "Your answer: 900 s. You can change it until the vote is closed.");
  assert.equal(await teacher.textContent("#guesses"), "", "nobody sees what");
  // A run before the question, one that has failed, and those of other programs do not count.
  const failed = { headers: { authorization: "Client-ID x", "user-agent": "02-threads/1 (run=1)" } };
  assert.equal((await fetch(`${server.url}/3/album/none/images`, failed)).status, 404);
  for (const model of ["01-sync", "02-threads"]) assert.equal((await run(server, model, "--limit", "3")).code, 0);

  await teacher.click("text=Show the answers");
  await until("the answers and the result", async () =>
    /measured: \d+(\.\d+)? s \(1 run of 02-threads\)/.test(await teacher.textContent("#guesses .legend")));
  assert.equal(await teacher.textContent("#guesses article p"), "2 answers, median 1.5 s, from 1.5 to 900 s; 1 beyond the axis: 900 s");
  assert.equal(await teacher.$$eval("#guesses circle", (dots) => dots.length), 2);
  assert.equal(await teacher.$$eval("#guesses .axis .measured", (lines) => lines.length), 1);
  await shows(ben, "#vote-result", "Your answer: 1.5 s. The vote is closed.");
  assert(await ben.isDisabled("#send"));

  await teacher.click("text=Vote again");
  await shows(teacher, "#guesses", "");
  await until("the second vote", async () => (await ben.textContent("#round")) === "Second vote");
  await answer(ben, "1");
  await teacher.click("text=Show the answers");
  const texts = () => teacher.$$eval("#guesses article p", (all) => all.map((text) => text.textContent));
  await until("both votes", async () => (await texts()).join() ===
    "First vote: 2 answers, median 1.5 s, from 1.5 to 900 s; 1 beyond the axis: 900 s,Second vote: 1 answer, median 1 s");
  await shows(ann, "#vote-result", "The vote is closed. You haven’t sent an answer.");
  assert.equal(await teacher.isVisible("#vote-again"), false);
  await teacher.click("text=Remove the question");
  await until("its end", async () => !(await teacher.isVisible("#vote")));
});

vote("choices are texts, can be chosen by the keyboard alone, and are refused in words", async ([teacher, ann, ben], server) => {
  const hostile = `<img src=x onerror="document.title='gone'">`;
  await teacher.fill("[name=text]", `Which ${hostile}?`);
  await teacher.selectOption("[name=kind]", "choice");
  await teacher.fill("[name=options]", "only one");
  await teacher.click("#ask-form button");
  await shows(teacher, "#ask-result", "choices: 2 to 5, each of 1 to 80 characters");
  await teacher.fill("[name=options]", `one\n\n${hostile}\nthree`);
  await teacher.keyboard.press("Tab");
  await teacher.keyboard.press("Enter");
  await shows(teacher, "#vote-title", `Which ${hostile}?`);
  for (const phone of [ann, ben]) {
    await shows(phone, "#question", `Which ${hostile}?`);
    await phone.focus("[name=answer]");
    await phone.keyboard.press("ArrowDown");
    await phone.keyboard.press("Enter");
    await shows(phone, "#vote-result", `Your answer: ${hostile}. You can change it until the vote is closed.`);
    const [content, room] = await phone.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert(content <= room, `the page is ${content} pixels wide`);
  }
  await ben.keyboard.press("ArrowDown");
  await ben.click("text=Send my answer");
  await shows(ben, "#vote-result", "Your answer: three. You can change it until the vote is closed.");
  const student = await visit(browser, { ...server, url: `http://${STRANGE}:${server.port}` });
  await shows(student, "#vote-title", `Which ${hostile}?`);
  for (const id of ["#ask", "#vote-actions"]) assert.equal(await student.isVisible(id), false, id);
  await student.context().close();

  await stay(ann, server);
  await teacher.click("text=Close the vote");
  await shows(teacher, "#vote-state", "The vote is closed.");
  await ann.click("text=Send my answer");
  await shows(ann, "#vote-result", "The vote is closed.");
  assert.equal(await teacher.isVisible("#vote-address"), false);
  await teacher.click("text=Show the answers");
  const bars = () => teacher.$$eval(".choices dd", (all) => all.map((row) => row.textContent));
  await until("the bars", async () => (await bars()).join() === "0 (0\u202f%),1 (50\u202f%),1 (50\u202f%)");
  assert.equal(await teacher.title(), "Practice server: live");
  assert.equal(await teacher.$$eval("#vote img", (images) => images.length), 0);
  for (const width of [360, 1280]) {
    await teacher.setViewportSize({ width, height: 720 });
    const [content, room] = await teacher.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert(content <= room, `the page is ${content} pixels wide`);
  }
});

vote("events are put in order by touch or keyboard, and the most frequent orders are shown", async ([teacher, ann, ben], server) => {
  const labels = await teacher.$$eval("label", (all) => all.map((label) => {
    const copy = label.cloneNode(true);
    copy.querySelectorAll("input, select, textarea").forEach((field) => field.remove());
    return copy.textContent.trim();
  }));
  assert.deepEqual(labels, [...new Set(labels)], "each control has a name of its own");
  const presets = await teacher.$$eval("[name=preset] option", (options) => options.map(({ value }) => value));
  for (const preset of presets.filter(Boolean)) {
    await openPanel(teacher);
    await teacher.selectOption("[name=preset]", preset);
    await teacher.click("#ask-form button");
    await shows(teacher, "#ask-result", "the vote is open");
    await teacher.evaluate(() => (document.getElementById("ask-result").textContent = ""));
  }

  await openPanel(teacher);
  await teacher.selectOption("[name=kind]", "order");
  await teacher.fill("[name=text]", "When?");
  await teacher.fill("[name=events]", "twice\ntwice");
  await teacher.click("#ask-form button");
  await shows(teacher, "#ask-result", "events: 2 to 8 different ones, each of 1 to 80 characters");
  const right = ["wait", "<b>a lock</b>", "notify", `a word ${"of".repeat(30)}`];
  await teacher.fill("[name=events]", right.join("\n"));
  await teacher.check("[name=right]");
  await teacher.click("#ask-form button");
  const { id, question, right: hidden } = await until("the question", async () => {
    const latest = await (await fetch(`${server.url}/live/vote`)).json();
    return latest.question.text === "When?" && latest;
  });
  assert.deepEqual([question.events, hidden], [right.toSorted(), null], "phones don't know the right order");

  // A phone begins with any order, so each is reversed first.
  const listed = (phone) => phone.$$eval("#answers li span", (events) => events.map((event) => event.textContent));
  const button = (event, where) => `[aria-label="Move ${where}: ${event}"]`;
  const byTouch = (phone) => async (selector) => phone.click(selector);
  const byKeyboard = (phone) => async (selector) => {
    if (!(await phone.$eval(selector, (it) => it === document.activeElement))) await phone.focus(selector);
    await phone.keyboard.press("Enter");
  };
  const arrange = async (phone, order, press) => {
    for (const [place, event] of order.entries()) {
      while ((await listed(phone)).indexOf(event) > place) await press(button(event, "up"));
    }
    assert.deepEqual(await listed(phone), order);
  };
  const send = async (phone, order) => {
    await phone.click("text=Send my answer");
    await shows(phone, "#vote-result", `Your answer: ${order.join(" → ")}. You can change it until the vote is closed.`);
  };
  for (const phone of [ann, ben]) {
    await shows(phone, "#question", "When?");
    assert(await phone.isDisabled("#send"));
    assert.equal(await phone.textContent("#vote-result"), "This order is random. Move an event before you send it.");
    await phone.click("#answers li:first-child button:first-of-type");
    assert(await phone.isDisabled("#send"), "the first event is still the first one");
    await phone.click("#answers li:first-child button:last-of-type");
    assert(await phone.isEnabled("#send"));
    await arrange(phone, right.toReversed(), byTouch(phone));
  }
  await arrange(ann, right, byKeyboard(ann));
  assert.equal(await ann.textContent("#answers [role=status]"), "notify: 3 of 4");
  assert.equal(await ann.evaluate(() => document.activeElement.ariaLabel), "Move up: notify", "it keeps the focus");
  await ann.click(button("wait", "up"));
  await ann.click(button(right[3], "down"));
  assert.deepEqual(await listed(ann), right, "the first and the last one stay");
  await ann.click(button("wait", "down"));
  await ann.click(button("wait", "up"));
  const sizes = await ann.$$eval("#answers button", (all) => all.map((it) => Math.min(it.offsetWidth, it.offsetHeight)));
  assert(Math.min(...sizes) >= 44, `${sizes}`);
  const [content, room] = await ann.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert(content <= room, `the page is ${content} pixels wide`);
  await send(ann, right);
  await send(ben, right.toReversed());
  await ann.reload();
  await until("the order that was sent", async () => (await listed(ann)).join() === right.join());

  const orders = [[0, 1, 2, 3], [0, 1, 3, 2], [0, 2, 1, 3], [0, 2, 3, 1], [0, 3, 1, 2], [0, 3, 2, 1]];
  const wrong = orders.map((order) => order.map((index) => question.events[index])).filter((order) => order.join() !== right.join());
  for (const [index, order] of [wrong[0], ...wrong].entries()) {
    const body = { id, round: 1, voter: `${index}`.padStart(32, "0"), value: order.map((event) => question.events.indexOf(event)) };
    assert.equal((await fetch(`${server.url}/live/answer`, { method: "POST", body: JSON.stringify(body) })).status, 200);
  }
  await shows(teacher, "#answered", `${3 + wrong.length}`);
  assert.equal(await teacher.textContent("#guesses"), "", "nobody sees what");
  await teacher.click("text=Show the answers");
  const texts = (selector) => teacher.$$eval(`.choices ${selector}`, (all) => all.map((it) => it.textContent));
  await until("the orders", async () => (await texts("dt")).length > 0);
  const [best, most] = await texts("dt");
  assert.deepEqual([best, most], [`✓ right: ${right.join(" → ")}`, wrong[0].join(" → ")]);
  assert.deepEqual((await texts("dd")).slice(0, 2).map((text) => text.split(" ")[0]), ["1", "2"]);
  assert.equal((await texts("dt")).at(-1), "other orders");

  await teacher.click("text=Vote again");
  await until("the second vote", async () => (await ben.textContent("#round")) === "Second vote");
  assert.deepEqual(await listed(ben), right.toReversed(), "it stays");
  await arrange(ben, right, byKeyboard(ben));
  await send(ben, right);
  await teacher.click("text=Show the answers");
  await until("both votes", async () => (await texts("dd")).slice(0, 2).join() ===
    `First vote: 1 (${Math.round(100 / (3 + wrong.length))}\u202f%),Second vote: 1 (100\u202f%)`);
});
