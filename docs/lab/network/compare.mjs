// Compares the model with what the book's tables say of the real programs, measured on an idle machine
// by docs/measure, and with measured.json if measure.mjs has written it: at most 3 % apart.
//
//     node docs/lab/network/compare.mjs

import { existsSync, readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";

const TOLERANCE = 0.03;
const here = (name) => new URL(name, import.meta.url);
const read = (name) => readFileSync(here(name), "utf8");
runInThisContext(read("network.js"), { filename: "network.js" });
const { simulate } = globalThis.network;

/** The rows of a table of a chapter, as lists of cells. */
function rows(chapter, name) {
  const [, text] = read(`../../${chapter}.md`).match(new RegExp(`<!-- begin: ${name} -->([^]*?)<!-- end: ${name} -->`));
  return text.trim().split("\n").slice(2).map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

const usual = { latency: 83, rate: 8e6, images: 40 };
const measured = [
  // Without the column of the processes, whose time includes their start.
  ...rows("comparison", "fair").flatMap(([workers, threads, , tasks]) =>
    [threads, tasks].map((seconds) => ({ seconds: parseFloat(seconds), settings: { ...usual, workers: Number(workers) } }))),
  ...rows("comparison", "little").map(([workers, seconds]) =>
    ({ seconds: parseFloat(seconds), settings: { ...usual, images: 400, workers: Number(workers) } })),
];
if (existsSync(here("measured.json"))) {
  for (const { seconds, program, ...settings } of JSON.parse(read("measured.json"))) {
    measured.push({ seconds, settings: { ...usual, ...settings, rate: settings.rate * 1e6 } });
  }
}

let worst = 0;
for (const { seconds, settings } of measured) {
  const model = simulate(settings).time / 1000;
  const difference = Math.abs(seconds / model - 1);
  worst = Math.max(worst, difference);
  if (difference > TOLERANCE) {
    console.error(`${JSON.stringify(settings)}: measured ${seconds} s, model ${model.toFixed(3)} s`);
    process.exitCode = 1;
  }
}
console.log(`the model of the network: ${measured.length} runs, at most ${(worst * 100).toFixed(1)} % from what was measured`);
