// Compares the model with what the book's tables say of the real programs, measured on an idle machine
// by docs/measure, and with measured.json, which measure.mjs writes: at most 3 % apart. Delays before
// retries have a random part, and which images fail depends on the order in which requests arrive. Where
// a run has failures, its time must be among those of many runs of the model, or at most 3 % from them.
//
//     node docs/lab/network/compare.mjs [FILE]      FILE: lines that measure.mjs printed, instead

import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";

const TOLERANCE = 0.03;
const RUNS = 200;
const here = (name) => new URL(name, import.meta.url);
const read = (name) => readFileSync(here(name), "utf8");
runInThisContext(read("network.js"), { filename: "network.js" });
const { simulate } = globalThis.network;

/** The rows of a table of a chapter, as lists of cells. */
function rows(chapter, name) {
  const [, text] = read(`../../${chapter}.md`).match(new RegExp(`<!-- begin: ${name} -->([^]*?)<!-- end: ${name} -->`));
  return text.trim().split("\n").slice(2).map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

const ofTables = () => [
  // Without the column of the processes, whose time includes their start.
  ...rows("comparison", "fair").flatMap(([workers, threads, , tasks]) =>
    [threads, tasks].map((seconds) => ({ seconds: parseFloat(seconds), workers: Number(workers) }))),
  ...rows("laws", "little").map(([workers, seconds]) => ({ seconds: parseFloat(seconds), images: 400, workers: Number(workers) })),
];

/** The same numbers in each call (a linear congruential generator), so that the result is, too. */
function generator() {
  let state = 2019;
  return () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
}

/** The shortest and the longest time that the model gives, in seconds. */
function range({ program, rate = 8, ...settings }) {
  const isRandom = settings.failureRate || settings.limit < settings.workers;
  const random = isRandom ? generator() : undefined;
  const run = () => simulate({ ...settings, reuses: program !== "03-processes", rate: rate * 1e6, random }).time / 1000;
  const times = Array.from({ length: isRandom ? RUNS : 1 }, run);
  return [Math.min(...times), Math.max(...times)];
}

const [file] = process.argv.slice(2);
const measured = file
  ? readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line))
  : [...ofTables(), ...JSON.parse(read("measured.json"))];
let worst = 0;
for (const { seconds, saved, ...settings } of measured) {
  const [shortest, longest] = range(settings);
  const difference = Math.max(seconds / longest - 1, 1 - seconds / shortest, 0);
  worst = Math.max(worst, difference);
  if (file || difference > TOLERANCE) {
    const model = shortest === longest ? shortest.toFixed(3) : `${shortest.toFixed(3)} to ${longest.toFixed(3)}`;
    console.log(`${JSON.stringify(settings)}: measured ${seconds} s, model ${model} s: ${(difference * 100).toFixed(1)} %`);
  }
  if (difference > TOLERANCE) process.exitCode = 1;
}
console.log(`the model of the network: ${measured.length} runs, at most ${(worst * 100).toFixed(1)} % from what was measured`);
