// The picture of the class: a row for each program, or for each number of workers, all on one time
// axis. A row shows the lanes of its median run, and a dot for each run's time. `chart` comes from
// chart.js, which is no module.

import { STATUS, bars, duration, isRunning, student } from "./classroom.js";
import { byId, create, seconds, setText } from "./dom.js";

/** Responses with an error status from which on a run is mentioned in words. */
const MANY_ERRORS = 5;
/** Max runs that are mentioned. */
const MAX_WARNINGS = 4;

/** The row of each group that is shown, by its name. */
const rows = new Map();

/** What the runs are grouped by, and how a group is called. */
const GROUPINGS = {
  program: (run) => run.program || "?",
  workers: (run) => (run.workers === null ? "? workers" : run.workers === 1 ? "1 worker" : `${run.workers} workers`),
};

/** Shows the runs of the experiment, in groups. */
export function showPicture(view) {
  const now = view.now();
  const runs = view.newest().filter((run) => run.bars.size > 0);
  byId("picture").hidden = runs.length === 0 && view.experiments.length < 2;
  const groups = Map.groupBy(runs, GROUPINGS[byId("grouping").value]);
  for (const [name, row] of rows) {
    if (groups.has(name)) continue;
    row.element.remove();
    rows.delete(name);
  }
  const names = [...groups.keys()].sort((one, other) => one.localeCompare(other, "en", { numeric: true }));
  const longest = Math.max(500, ...runs.map((run) => duration(run, now)));
  names.forEach((name, index) => {
    if (!rows.has(name)) rows.set(name, newRow(name));
    const row = rows.get(name);
    const there = byId("rows-of-class").children[index];
    if (there !== row.element) byId("rows-of-class").insertBefore(row.element, there ?? null);
    showRow(row, name, groups.get(name), now, longest * 1.04, index === names.length - 1);
  });
  setText(byId("warnings"), warnings(runs, now).join(" · "));
}

function newRow(name) {
  const element = create("div", "row");
  const [about, figures] = [create("div"), create("div", "times")];
  const title = create("h3");
  title.textContent = name;
  const [peaks, median, range] = [create("p"), create("strong"), create("p")];
  const canvas = create("canvas");
  canvas.setAttribute("role", "img");
  about.append(title, peaks);
  figures.append(median, range);
  element.append(about, canvas, figures);
  return { element, peaks, median, range, canvas };
}

function showRow({ peaks, median, range, canvas }, name, runs, now, span, isLast) {
  const ended = runs.filter((run) => !isRunning(run, now));
  ended.sort((one, other) => duration(one, now) - duration(other, now));
  const times = ended.map((run) => duration(run, now));
  const middle = (ended.length - 1) >> 1;
  const run = ended[middle] ?? runs[0];
  const count = runs.length === 1 ? "1 run" : `${runs.length} runs`;
  const peak = Math.max(...runs.map((each) => each.peak));
  setText(peaks, `${count}, peak ${peak}`);
  setText(median, ended.length ? seconds(times[middle]) : "running");
  const parts = [
    times.length > 1 ? `${seconds(times[0])} to ${seconds(times.at(-1))}` : "",
    ended.length && ended.length < runs.length ? `${runs.length - ended.length} running` : "",
  ];
  setText(range, parts.filter(Boolean).join(", "));
  canvas.setAttribute("aria-label", `${name}: ${count}, peak ${peak}, ${median.textContent} ${range.textContent}`);
  canvas.classList.toggle("last", isLast);
  const lanes = Math.max(1, run.peak);
  chart.draw(canvas, { lanes, bars: bars(run), dots: times, hasLabels: isLast }, now - run.began, span);
}

/** What goes wrong, in words. */
function warnings(runs, now) {
  const refused = (run) => [...run.bars.values()].filter((bar) => bar[STATUS] === 429).length;
  return runs.filter((run) => run.failures >= MANY_ERRORS).slice(0, MAX_WARNINGS).map((run) => {
    const what = refused(run) >= MANY_ERRORS ? `${refused(run)} × 429` : `${run.failures} errors`;
    return `${student(run)}: ${what}${isRunning(run, now) ? ", still running" : ""}`;
  });
}
