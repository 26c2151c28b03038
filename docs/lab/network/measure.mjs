// Measures the real programs on the practice network, for the comparison in compare.mjs. Takes ten
// minutes; run nothing else on the machine. Build first: cargo build --release --bins
//
//     node docs/lab/network/measure.mjs

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const bins = process.env.BINS ?? new URL("../../../target/release", import.meta.url).pathname;
const ROUNDS = 3;

/** A grid, and a few extremes. */
const grid = [1, 2, 5, 20, 40].flatMap((workers) => [20, 83, 300].flatMap((latency) => [4, 16].map((rate) => ({ workers, latency, rate }))));
const combinations = [
  ...grid,
  { workers: 100, latency: 83, rate: 8 },
  { workers: 10, latency: 1000, rate: 100 },
  { workers: 5, latency: 5, rate: 2 },
  { workers: 40, latency: 83, rate: 8, images: 200 },
  { workers: 5, latency: 83, rate: 8, images: 3 },
  ...[1, 5, 40].flatMap((workers) => [{ workers, latency: 83, rate: 8, handshake: 2 }, { workers, latency: 83, rate: 8, slowStart: true }]),
];

/** Seconds that a program needs. */
async function measure({ workers, latency, rate, images = 40, handshake = 0, slowStart = false }) {
  const flags = ["--listen", "127.0.0.1:0", "--latency", latency, "--link-rate", rate, "--images", images, "--handshake", handshake];
  const server = spawn(join(bins, "practice-server"), [...flags, ...(slowStart ? ["--slow-start"] : [])], { stdio: ["ignore", "pipe", "inherit"] });
  let api;
  for await (const line of createInterface({ input: server.stdout })) {
    api ??= line.match(/IMGUR_API_URL=(.*)/)?.[1];
    if (api) break;
  }
  const folder = mkdtempSync(join(tmpdir(), "measure-"));
  const env = { PATH: process.env.PATH, CLIENT_ID: "practice", IMGUR_API_URL: api };
  // Threads, except for one worker, and for more than a thread each is usual for.
  const program = workers === 1 ? ["01-sync"] : [workers > 20 ? "04-async" : "02-threads", "--workers", workers];
  const [name, ...args] = program;
  const output = execFileSync(join(bins, name), [...args, "--json"], { cwd: folder, env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  rmSync(folder, { recursive: true });
  server.kill();
  return { program: name, seconds: JSON.parse(output).seconds };
}

const measured = [];
for (const settings of combinations) {
  const runs = [];
  for (let round = 0; round < ROUNDS; round += 1) runs.push(await measure(settings));
  const seconds = runs.map((run) => run.seconds).sort((one, other) => one - other)[Math.floor(ROUNDS / 2)];
  measured.push({ ...settings, program: runs[0].program, seconds });
  console.log(JSON.stringify(measured.at(-1)));
}
writeFileSync(new URL("measured.json", import.meta.url), `[\n${measured.map((each) => `  ${JSON.stringify(each)}`).join(",\n")}\n]\n`);
