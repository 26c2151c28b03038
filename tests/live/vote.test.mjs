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

vote("numbers are guessed twice, and compared with what was measured", async ([teacher, ann, ben], server) => {
  assert.equal(await teacher.isVisible("#vote"), false);
  assert.equal((await run(server, "02-threads", "--limit", "3")).code, 0);
  await shows(ann, "#question", "No question at the moment");
  await teacher.selectOption("[name=preset]", "1");
  await teacher.click("#ask-form button");
  const question = "How long do five threads take (02-threads)?";
  await shows(teacher, "#vote-title", question);
  await shows(teacher, "#answered", "0");
  const answer = async (phone, number) => {
    await shows(phone, "#question", question);
    await phone.fill("[name=answer]", number);
    await phone.keyboard.press("Enter");
    await shows(phone, "#vote-result", `Your answer: ${number} s. You can change it until the vote is closed.`);
  };
  await answer(ann, "9");
  await answer(ann, "3.5");
  await answer(ben, "1.5");
  await shows(teacher, "#answered", "2");
  await ann.reload();
  await shows(ann, "#vote-result", "Your answer: 3.5 s. You can change it until the vote is closed.");
  assert.equal(await teacher.textContent("#guesses"), "", "nobody sees what");
  // A run before the question, one that has failed, and those of other programs do not count.
  const failed = { headers: { authorization: "Client-ID x", "user-agent": "02-threads/1 (run=1)" } };
  assert.equal((await fetch(`${server.url}/3/album/none/images`, failed)).status, 404);
  for (const model of ["01-sync", "02-threads"]) assert.equal((await run(server, model, "--limit", "3")).code, 0);

  await teacher.click("text=Show the answers");
  await until("the answers and the result", async () =>
    /measured: \d+(\.\d+)? s \(1 run of 02-threads\)/.test(await teacher.textContent("#guesses .legend")));
  assert.equal(await teacher.textContent("#guesses article p"), "2 answers, median 1.5 s, from 1.5 to 3.5 s");
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
    "First vote: 2 answers, median 1.5 s, from 1.5 to 3.5 s,Second vote: 1 answer, median 1 s");
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
