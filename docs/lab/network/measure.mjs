// Measures the real programs on the practice network, for the comparison in compare.mjs. Run nothing
// else on the machine meanwhile. Build first: cargo build --release --bins
//
//     node docs/lab/network/measure.mjs             all combinations, three times each, into measured.json
//     node docs/lab/network/measure.mjs 0 12 38     only these, without writing the file
//     node docs/lab/network/measure.mjs --plan      only how long it takes, as the model says
//
// BINS names another folder with the programs.

import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { runInThisContext } from "node:vm";

const bins = process.env.BINS ?? new URL("../../../target/release", import.meta.url).pathname;
const ROUNDS = 3;

/** A grid, a few extremes, and what only some runs have. */
const combinations = [
  ...[1, 2, 5, 20, 40].flatMap((workers) => [20, 83, 200].flatMap((latency) => [6, 16].map((rate) => ({ workers, latency, rate })))),
  { workers: 100 },
  { workers: 10, latency: 1000, rate: 100 },
  { workers: 5, latency: 5, rate: 4 },
  { workers: 40, images: 120 },
  { workers: 5, images: 3 },
  ...[1, 5, 40].flatMap((workers) => [{ workers, handshake: 2 }, { workers, slowStart: true }]),
  { workers: 5, latency: 40, rate: 32, handshake: 4, slowStart: true },
  ...[2, 5].map((workers) => ({ program: "03-processes", workers, handshake: 1 })),
  ...["client", "request"].flatMap((sharing) => [1, 5].map((workers) => ({ workers, other: 40, sharing }))),
  { workers: 5, limit: 5 },
  { workers: 10, limit: 5, retries: 5 },
  { workers: 5, failureRate: 10 },
  { workers: 40, failureRate: 30, retries: 5 },
];

/** Threads, except for one worker, and for more than it's usual to have threads for. */
const programFor = (workers) => (workers === 1 ? "01-sync" : workers > 20 ? "04-async" : "02-threads");

/** A server with these settings: its process and the address of its API. */
async function start({ latency = 83, rate = 8, images = 40, handshake = 0, slowStart, sharing = "client", limit, failureRate }) {
  const flags = ["--listen", "127.0.0.1:0", "--latency", latency, "--link-rate", rate, "--images", images, "--handshake", handshake, "--sharing", sharing];
  if (slowStart) flags.push("--slow-start");
  if (limit) flags.push("--limit", limit);
  const server = spawn(join(bins, "practice-server"), flags, { stdio: ["ignore", "pipe", "inherit"] });
  let api;
  for await (const line of createInterface({ input: server.stdout })) {
    api = line.match(/IMGUR_API_URL=(.*)/)?.[1];
    if (api) break;
  }
  if (!api) throw new Error("the practice server doesn't start");
  if (failureRate) {
    const change = { method: "POST", headers: { "x-practice-token": "" }, body: JSON.stringify({ failure_rate: failureRate }) };
    const response = await fetch(new URL("/live/controls", api), change);
    if (!response.ok) throw new Error(await response.text());
  }
  return { server, api };
}

/** What a program's JSON says. */
async function run(api, program, workers, retries = 2) {
  const folder = mkdtempSync(join(tmpdir(), "measure-"));
  const args = [...(program === "01-sync" ? [] : ["--workers", workers]), "--retries", retries, "--json"];
  const env = { PATH: process.env.PATH, CLIENT_ID: "practice", IMGUR_API_URL: api };
  try {
    // Images that weren't saved make it fail, and it prints the JSON all the same.
    const { stdout } = await promisify(execFile)(join(bins, program), args.map(String), { cwd: folder, env }).catch((error) => error);
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure({ program, workers, other, retries, ...settings }) {
  const { server, api } = await start(settings);
  try {
    const another = other ? run(api, "04-async", other) : null;
    const { seconds, saved } = await run(api, program ?? programFor(workers), workers, retries);
    await another;
    return { seconds, saved };
  } finally {
    server.kill();
  }
}

async function median(settings) {
  const runs = [];
  for (let round = 0; round < ROUNDS; round += 1) runs.push(await measure(settings));
  return runs.sort((one, other) => one.seconds - other.seconds)[Math.floor(ROUNDS / 2)];
}

function plan() {
  runInThisContext(readFileSync(new URL("network.js", import.meta.url), "utf8"));
  const times = combinations.map(({ rate = 8, ...settings }) => globalThis.network.simulate({ ...settings, rate: rate * 1e6 }).time / 1000);
  const total = ROUNDS * times.reduce((sum, time) => sum + time + 0.1, 0);
  console.log(`${combinations.length} combinations, ${Math.round(total)} s`);
}

const args = process.argv.slice(2);
if (args[0] === "--plan") {
  plan();
} else {
  const chosen = args.length ? args.map((index) => combinations[index]) : combinations;
  const measured = [];
  for (const settings of chosen) {
    measured.push(JSON.stringify({ ...settings, ...await median(settings) }));
    console.log(measured.at(-1));
  }
  if (!args.length) writeFileSync(new URL("measured.json", import.meta.url), `[\n  ${measured.join(",\n  ")}\n]\n`);
}
