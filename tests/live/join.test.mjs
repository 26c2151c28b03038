// How students join: the QR code and the students' page, in a real browser.

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
  await page.click("#copy-command");
  await until("the copy", async () => (await page.textContent("#copied")) === "Copied.");
  await page.click("text=Start here");
  await page.click("text=Back to the class");
  assert.equal(new URL(page.url()).pathname, "/join");
  assert.deepEqual(page.errors, []);
  await page.context().close();
});
