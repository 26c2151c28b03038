// The experiments: which one is shown, which one is compared with it, and its runs as a file.

import { duration, isRunning, student } from "./classroom.js";
import { byId, offer, save, setText } from "./dom.js";
import { inWords } from "./table.js";

const select = byId("experiment"), comparison = byId("comparison");

const title = ({ number, title: text }) => (text ? `Experiment ${number}: ${text}` : `Experiment ${number}`);

/** Calls `onChange` with the number of the experiment that is chosen, or `null` for the current one; also
    when the one that is compared with it has changed. */
export function choose(onChange) {
  for (const list of [select, comparison]) {
    list.addEventListener("change", () => onChange(select.value === "current" ? null : Number(select.value)));
  }
}

/** Offers the experiments, and names the one that is shown. */
export function showExperiments(known, view) {
  const earlier = known.experiments.slice(0, -1).reverse();
  const wanted = [["current", "the current one"], ...earlier.map((it) => [`${it.number}`, title(it)])];
  offer(select, wanted);
  select.value = view.chosen === null ? "current" : `${view.chosen}`;
  const others = known.experiments.filter(({ number }) => number !== view.experiment().number).reverse();
  offer(comparison, [["", "nothing"], ...others.map((it) => [`${it.number}`, title(it)])]);
  setText(byId("experiment-title"), title(view.experiment()));
  const other = compared(view);
  byId("compared").hidden = other === null;
  if (!other) return;
  setText(byId("compared-title"), title(other.experiment()));
  setText(byId("compared-rules"), inWords(other.conditions()));
}

/** The same class with the experiment that is compared, or `null`. */
export function compared(view) {
  const number = Number(comparison.value);
  return number ? Object.create(view, { chosen: { value: number } }) : null;
}

/** Saves the runs of the experiment that is shown, as comma-separated values. */
export function saveRuns(view) {
  const now = view.now();
  // Spreadsheets run a text that begins like a formula, and students choose their names.
  const quoted = (text) => `"${text.replace(/^[=+\-@]/, "'$&").replaceAll('"', '""')}"`;
  const lines = view.newest().reverse().map((run) => [
    quoted(run.program || ""), quoted(student(run)), run.workers ?? "",
    isRunning(run, now) ? "" : (duration(run, now) / 1000).toFixed(3), run.peak, run.requests, run.failures, run.bytes,
  ].join());
  const head = "program,student,workers,seconds,peak,requests,failures,bytes";
  save(new Blob([[head, ...lines, ""].join("\n")], { type: "text/csv" }), `experiment-${view.experiment().number}.csv`);
}
