// Experiments that survive a restart of practice-server, judged by what the page shows.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
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
    const change = (values) => fetch(`${server.url}/live/controls`, {
      method: "POST", headers: { "x-practice-token": "" }, body: JSON.stringify(values),
    });
    await run(server, "02-threads", "--limit", "8", "--name", "Ada");
    await change({ latency: 6 });
    await run(server, "02-threads", "--limit", "8", "--name", "Rude");
    await change({ students: { hide: "Rude" } });
    await until("the files", () => {
      try {
        const { runs } = JSON.parse(readFileSync(join(folder, "experiment-1.json")));
        return runs[1].requests === 9 && existsSync(join(folder, "names.json"));
      } catch {
        return false;
      }
    });
    await server.end();
    server = await serve(...options);
    const page = await open(browser, server);
    await until("the new experiment", async () => (await page.textContent("#experiment-title")) === "Experiment 2");
    await page.selectOption("#experiment", "1");
    const students = () => page.$$eval("#rows tr", (rows) => rows.map((row) => row.cells[1].textContent));
    await until("its runs", async () => (await students()).join() === "student 1,Ada");
    await until("their charts", async () => (await page.$$(".run canvas")).length === 2);
    await until("the change of a rule", async () => /latency 5 → 6 ms/.test(await page.textContent("#changes")));
    assert.deepEqual(page.errors, []);
  } finally {
    await server.end();
    await browser.close();
    rmSync(folder, { recursive: true });
  }
});
