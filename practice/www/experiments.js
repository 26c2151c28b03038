// The experiments: which one is shown, and its runs as a file.

import { duration, isRunning, student } from "./classroom.js";
import { byId, create, setText } from "./dom.js";

const select = byId("experiment");

const title = ({ number, title: text }) => (text ? `Experiment ${number}: ${text}` : `Experiment ${number}`);

/** Calls `onChange` with the number of the experiment that is chosen, or `null` for the current one. */
export function choose(onChange) {
  select.addEventListener("change", () => onChange(select.value === "current" ? null : Number(select.value)));
}

/** Offers the experiments, and names the one that is shown. */
export function showExperiments(known, view) {
  const earlier = known.experiments.slice(0, -1).reverse();
  const wanted = [["current", "the current experiment"], ...earlier.map((it) => [`${it.number}`, title(it)])];
  const there = [...select.options].map((option) => [option.value, option.text]);
  if (JSON.stringify(wanted) !== JSON.stringify(there)) {
    select.replaceChildren(...wanted.map(([value, text]) => {
      const option = create("option");
      [option.value, option.text] = [value, text];
      return option;
    }));
    select.value = view.chosen === null ? "current" : `${view.chosen}`;
  }
  setText(byId("experiment-title"), title(view.experiment()));
}

/** Saves the runs of the experiment that is shown, as comma-separated values. */
export function saveRuns(view) {
  const now = view.now();
  const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
  const lines = view.newest().reverse().map((run) => [
    quoted(run.program || ""), quoted(student(run)), run.workers ?? "",
    isRunning(run, now) ? "" : (duration(run, now) / 1000).toFixed(3), run.peak, run.requests, run.failures, run.bytes,
  ].join());
  const head = "program,student,workers,seconds,peak,requests,failures,bytes";
  const link = create("a");
  link.href = URL.createObjectURL(new Blob([[head, ...lines, ""].join("\n")], { type: "text/csv" }));
  link.download = `experiment-${view.experiment().number}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}
