// Draws the picture in docs/live.md: a class of eight, on a projector. It needs pngquant.

import { execFileSync } from "node:child_process";
import { browse, open, run, serve, until } from "./harness.mjs";

process.env.BINS ??= new URL("../../target/release", import.meta.url).pathname;
const file = new URL("../../docs/pictures/live.png", import.meta.url).pathname;
const delay = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const runs = [
  ["01-sync", "--name", "Anna"],
  ["02-threads", "--name", "Ben"],
  ["03-processes", "--workers", "2", "--name", "Zoë"],
  ["04-async", "--name", "José"],
  ["02-threads", "--workers", "10", "--name", "Li"],
  ["04-async", "--workers", "20", "--name", "Meryem"],
  ["03-processes", "--workers", "4", "--name", "Ada"],
  ["01-sync", "--name", "Grace"],
];

const server = await serve("--listen", "127.0.0.1:8080");
const browser = await browse();
const page = await open(browser, server);
const body = JSON.stringify({ failure_rate: 4 });
await fetch(`${server.url}/live/controls`, { method: "POST", headers: { "x-practice-token": "" }, body });
// What a class would see, whose server has this address.
await page.$$eval(".join a", ([link]) => (link.textContent = link.textContent.replace(location.host, "192.168.1.20:8080")));
const all = [];
for (const args of runs) {
  all.push(run(server, ...args));
  await delay(700);
}
await Promise.all(all);
await until("the results", async () => await page.isVisible("#results") && (await page.textContent("#ended")) === `${runs.length}`);
await page.screenshot({ path: file });
execFileSync("pngquant", ["64", "--force", "--output", file, file]);
await browser.close();
await server.end();
