// What the tests need: a practice server, the programs, a browser.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

export const bins = () => process.env.BINS ?? new URL("../../target/debug", import.meta.url).pathname;
/** Names for this machine that only the browser knows: one of the local network, and one that a page
    of another server could have. */
export const STRANGE = "teacher.local";
export const FOREIGN = "teacher.example";
const FLAGS = [
  `--host-resolver-rules=MAP ${STRANGE} 127.0.0.1, MAP ${FOREIGN} 127.0.0.1`,
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

/** Starts `practice-server`, and returns what it has printed about itself. */
export async function serve(...args) {
  const child = spawn(join(bins(), "practice-server"), args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  for await (const line of createInterface({ input: child.stdout })) {
    said += `${line}\n`;
    if (line.includes("Ctrl-C ends it.")) break;
  }
  const api = said.match(/IMGUR_API_URL=(.*)/)[1];
  const port = new URL(api).port;
  const end = () => new Promise((done) => child.once("exit", done).kill());
  return { api, port, said, url: `http://127.0.0.1:${port}`, end };
}

/** Runs one of the four programs to its end, against a server, or its own where there is none. */
export function run(server, model, ...args) {
  return watch(server, model, args, () => {});
}

/** The same; `hear` gets all that the program has said, each time it says more. */
export function watch(server, model, args, hear) {
  const folder = mkdtempSync(join(tmpdir(), "live-"));
  const env = { PATH: process.env.PATH };
  if (server) Object.assign(env, { CLIENT_ID: "practice", IMGUR_API_URL: `${server.url}/3` });
  const child = spawn(join(bins(), model), args, { cwd: folder, env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => hear((output += data)));
  }
  return new Promise((done) => child.once("close", (code) => {
    rmSync(folder, { recursive: true });
    done({ code, output });
  }));
}

/** Starts a browser with a profile of its own, which is gone with it. */
export function browse() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
}

/** A page, which fails the test if anything on it goes wrong or comes from elsewhere. */
export async function open(browser, server, path = "/", options = {}) {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, ...options });
  const page = await context.newPage();
  page.errors = [];
  page.on("pageerror", (error) => page.errors.push(`${error}`));
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) page.errors.push(message.text());
  });
  page.on("request", (request) => {
    const { protocol, port } = new URL(request.url());
    if (protocol !== "data:" && port !== server.port) page.errors.push(`requested ${request.url()}`);
  });
  await page.goto(server.url + path);
  return page;
}

/** Waits for an event, at most a minute. */
export async function until(what, look) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    assert(Date.now() < deadline, `timeout while waiting for ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
