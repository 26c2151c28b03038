// The picture of the class: a row for each program, or for each number of workers, all on one time
// axis. A row shows the lanes of its median run, and a dot for each run's time. `chart` comes from
// chart.js, which is no module.

import { STATUS, bars, duration, isRunning, retries, student } from "./classroom.js";
import { byId, create, seconds, setText } from "./dom.js";
import { compared } from "./experiments.js";
import { middle, timed } from "./results.js";
import { LAYERS, showStrip } from "./strip.js";

/** Responses with an error status from which on a run is mentioned in words. */
const MANY_ERRORS = 5;
/** Max runs that are mentioned. */
const MAX_WARNINGS = 4;
/** Above so many rows, they are lower, and have one line of text. */
const FEW_ROWS = 5;

/** The row of each group that is shown, by its name: of the experiment, and of the one compared. */
const shown = new Map(), shownBelow = new Map();

/** The text size of an element in rem. */
const rem = (element) => {
  const [own, root] = [element, document.documentElement].map((each) => parseFloat(getComputedStyle(each).fontSize));
  return own / root;
};

/** What the runs are grouped by, and how a group is called. */
const GROUPINGS = {
  program: (run) => run.program || "?",
  workers: (run) => (run.workers === null ? "? workers" : run.workers === 1 ? "1 worker" : `${run.workers} workers`),
};

/** The groups of the experiment's runs: [name, runs]. */
export function groupsOf(view) {
  const runs = view.newest().filter((run) => run.bars.size > 0);
  const groups = Map.groupBy(runs, GROUPINGS[byId("grouping").value]);
  return [...groups].sort(([one], [other]) => one.localeCompare(other, "en", { numeric: true }));
}

/** How long the longest run takes, at least half a second. */
function longestOf(view) {
  const now = view.now();
  return Math.max(500, ...groupsOf(view).flatMap(([, runs]) => runs.map((run) => duration(run, now))));
}

/** What the rows show: texts, and what chart.js draws. */
export function rowsOf(view, longest = longestOf(view)) {
  const now = view.now();
  const groups = groupsOf(view);
  return groups.map(([name, runs], index) => {
    const ended = timed(runs, now);
    // The oldest one stays the same when others begin.
    const run = middle(ended) ?? runs.at(-1);
    const drawing = {
      lanes: Math.max(1, run.peak),
      bars: bars(run),
      dots: ended.map((each) => duration(each, now)),
      hasLabels: index === groups.length - 1,
    };
    return { name, ...texts(runs, ended, now), drawing, moment: now - run.began, span: longest * 1.04 };
  });
}

function texts(runs, ended, now) {
  const count = runs.length === 1 ? "1 run" : `${runs.length} runs`;
  const running = runs.filter((run) => isRunning(run, now)).length;
  // Without the unit, which is above it.
  const time = (run) => (duration(run, now) / 1000).toFixed(2);
  const range = ended.length > 1 ? `${time(ended[0])}–${time(ended.at(-1))}` : "";
  return {
    about: `${count}, peak ${Math.max(...runs.map((run) => run.peak))}`,
    median: ended.length ? seconds(duration(middle(ended), now)) : running ? "running" : "failed",
    range: ended.length && running ? `${running} running` : range,
  };
}

/** Shows the runs of the experiment, in groups. Below it, on the same axis, is the one compared. */
export function showPicture(view) {
  const other = compared(view);
  const longest = Math.max(longestOf(view), other ? longestOf(other) : 0);
  const rows = rowsOf(view, longest);
  byId("picture").hidden = rows.length === 0 && view.experiments.length < 2;
  showAll(byId("rows-of-class"), shown, rows);
  showAll(byId("rows-of-compared"), shownBelow, other ? rowsOf(other, longest) : []);
  showStrip(view, groupsOf(view), rem(byId("strip")));
  setText(byId("warnings"), warnings(view).join(" · "));
}

function showAll(place, there, rows) {
  place.classList.toggle("many", rows.length > FEW_ROWS);
  for (const [name, { element }] of there) {
    if (rows.some((row) => row.name === name)) continue;
    element.remove();
    there.delete(name);
  }
  rows.forEach((row, index) => {
    if (!there.has(row.name)) there.set(row.name, newRow(row.name));
    const { element } = there.get(row.name);
    const next = place.children[index];
    if (next !== element) place.insertBefore(element, next ?? null);
    element.className = `row layer-${(index % LAYERS) + 1}`;
    showRow(there.get(row.name), row);
  });
}

function newRow(name) {
  const element = create("div", "row");
  const [left, right] = [create("div"), create("div", "times")];
  const title = create("h3");
  title.textContent = name;
  const [about, median, range] = [create("p"), create("strong"), create("p")];
  const canvas = create("canvas");
  canvas.setAttribute("role", "img");
  left.append(title, about);
  right.append(median, range);
  element.append(left, canvas, right);
  return { element, about, median, range, canvas };
}

function showRow({ about, median, range, canvas }, row) {
  setText(about, row.about);
  setText(median, row.median);
  setText(range, row.range);
  canvas.setAttribute("aria-label", `${row.name}: ${row.about}, ${row.median} ${row.range}`);
  canvas.classList.toggle("last", row.drawing.hasLabels);
  chart.draw(canvas, { ...row.drawing, letters: rem(canvas) }, row.moment, row.span);
}

/** What goes wrong, in words. */
function warnings(view) {
  const now = view.now();
  const wrong = view.newest().filter((run) => run.failures >= MANY_ERRORS);
  return wrong.slice(0, MAX_WARNINGS).map((run) => {
    const [status, count] = mostFrequent(run);
    const what = count >= MANY_ERRORS ? `${count} × ${status}` : `${run.failures} errors`;
    const state = !isRunning(run, now) ? "" : retries(run) ? ", retrying" : ", still running";
    return `${student(run)}: ${what}${state}`;
  });
}

/** The error status that a run has got most often, and how often. */
function mostFrequent(run) {
  const counts = new Map();
  for (const { [STATUS]: status } of run.bars.values()) {
    if (status >= 400) counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return [...counts].sort(([, one], [, other]) => other - one)[0] ?? [0, 0];
}
