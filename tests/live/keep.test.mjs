// Experiments that survive a restart of practice-server, judged by what the page shows.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { browse, open, run, serve, until } from "./harness.mjs";

test("a killed server's experiments are there after a restart", { timeout: 180_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "keep-"));
  const options = ["--listen", "127.0.0.1:0", "--latency", "5", "--link-rate", "0", "--keep", folder];
  const browser = await browse();
  let server = await serve(...options);
  try {
    await run(server, "02-threads", "--limit", "8", "--name", "Ada");
    await until("the file", () => {
      try {
        return JSON.parse(readFileSync(join(folder, "experiment-1.json"))).runs[0].requests === 9;
      } catch {
        return false;
      }
    });
    await server.end();
    server = await serve(...options);
    const page = await open(browser, server);
    await until("the new experiment", async () => (await page.textContent("#experiment-title")) === "Experiment 2");
    await page.selectOption("#experiment", "1");
    const row = await until("its run", () => page.$$eval("#rows tr", (rows) => rows[0]?.textContent));
    assert.match(row, /^02-threads ?Ada/);
    await until("its chart", async () => (await page.$$(".run canvas")).length === 1);
    assert.deepEqual(page.errors, []);
  } finally {
    await server.end();
    await browser.close();
    rmSync(folder, { recursive: true });
  }
});
