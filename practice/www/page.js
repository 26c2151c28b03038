// The page: shows the class live or paused, or replays one of its runs.

import { showCharts } from "./charts.js";
import { Classroom, duration, isRunning, student } from "./classroom.js";
import { offerControls, showRules } from "./controls.js";
import { byId, seconds, setText } from "./dom.js";
import { follow } from "./events.js";
import { choose, saveRuns, showExperiments } from "./experiments.js";
import { showGate } from "./gate.js";
import { showPicture } from "./picture.js";
import { offerStudents } from "./students.js";
import { showProgress } from "./progress.js";
import { showFigures, showRows } from "./table.js";

/** Milliseconds between two drawings; more with many charts, or if the user wants less motion. */
const INTERVAL = 100;
const INTERVAL_OF_MANY = 200;
const INTERVAL_REDUCED = 500;
/** INTERVAL_OF_MANY applies above this many charts. */
const FEW = 8;
/** Milliseconds between two updates of the texts. */
const TEXT_INTERVAL = 200;
/** Maximum step of a replay, in milliseconds. A hidden page isn't drawn; the replay then continues
    where it stopped. */
const MAX_STEP = 1000;

const reduced = matchMedia("(prefers-reduced-motion: reduce)");
const known = new Classroom();
/** What is shown: `known`, or a copy of it. */
let view = known;
/** The run that is replayed, its position (0 to 1), and whether it is held. */
let replay = null;
/** When the charts were drawn last, and when the texts were updated. */
let drawnAt = 0;
let textsAt = -Infinity;

follow(
  (snapshot) => {
    known.snapshot(snapshot);
    offerControls();
  },
  (frame) => known.frame(frame),
);

// ---- modes

function setMode(name) {
  for (const id of ["live", "pause", "replay"]) byId(id).setAttribute("aria-pressed", `${id === name}`);
  byId("replay-controls").hidden = name !== "replay";
  if (name !== "replay") replay = null;
  if (name === "live") view = known;
  if (name === "pause") view = known.copy();
  textsAt = -Infinity;
  show();
}

/** The classroom whose runs can be replayed: the live or paused view; during a replay, `known`. */
function source() {
  return replay ? known : view;
}

function startReplay(id) {
  // The copy keeps the run even if the server forgets it.
  const copy = source().copy();
  const run = copy.runs.get(id);
  if (!run) return;
  view = copy;
  replay = { run, position: 0, held: false };
  setText(byId("hold"), "Hold");
  // The replay begins now, not at the last drawing.
  drawnAt = performance.now();
  setMode("replay");
  byId("charts").scrollIntoView({ block: "nearest" });
}

function hold(held) {
  if (!held && replay.position >= 1) replay.position = 0;
  replay.held = held;
  setText(byId("hold"), held ? "Resume" : "Hold");
}

function advance(elapsed) {
  const time = Math.max(duration(replay.run, view.now()), 1);
  const step = Math.min(elapsed, MAX_STEP) * Number(byId("speed").value);
  replay.position = Math.min(1, replay.position + step / time);
  byId("position").value = replay.position;
  if (replay.position >= 1) hold(true);
}

byId("live").addEventListener("click", () => setMode("live"));
byId("pause").addEventListener("click", () => setMode("pause"));
byId("replay").addEventListener("click", () => startReplay(source().last()?.id));
byId("hold").addEventListener("click", () => hold(!replay.held));
byId("position").addEventListener("input", (event) => {
  replay.position = Number(event.target.value);
  hold(true);
});

choose((number) => {
  known.chosen = number;
  view.chosen = number;
  textsAt = -Infinity;
  show();
});
byId("grouping").addEventListener("change", () => (textsAt = -Infinity));
byId("save").addEventListener("click", () => saveRuns(view));
addEventListener("beforeprint", () => {
  textsAt = -Infinity;
  show();
});

// ---- what a screen reader announces

const ended = new Set();
let isFirst = true;

function announce() {
  const now = known.now();
  const news = known.newest().filter((run) => !isRunning(run, now) && !ended.has(run.id));
  for (const run of news) ended.add(run.id);
  for (const id of ended) if (!known.runs.has(id)) ended.delete(id);
  if (news.length && !isFirst) {
    const [run] = news;
    setText(byId("news"), news.length > 1
      ? `${news.length} runs have ended.`
      : `${run.program}, ${student(run)}: ${seconds(duration(run, now))}, peak ${run.peak}, failures ${run.failures}.`);
  }
  isFirst = known.totals === null;
}

// ---- drawing

/** Shows the view as it is now, and returns the number of charts. */
function show() {
  if (!known.totals) return 0;
  const now = performance.now();
  if (replay && !replay.held) advance(now - drawnAt);
  drawnAt = now;
  const withTexts = now - textsAt > TEXT_INTERVAL;
  if (withTexts) {
    textsAt = now;
    showFigures(view);
    showGate(view);
    showRows(view);
    showExperiments(known, view);
    showPicture(view);
    showRules(known.rules);
    offerStudents(view);
    showProgress(known);
  }
  byId("replay").disabled = !source().last();
  // Last, so that the rest of the page is right even if a chart fails.
  return showCharts(view, replay, withTexts, startReplay);
}

/** Shows the view again and again while the page is visible. */
function run() {
  let charts = 0;
  try {
    charts = show();
  } finally {
    // Schedules the next drawing even if this one failed.
    const interval = charts > FEW ? INTERVAL_OF_MANY : INTERVAL;
    setTimeout(() => requestAnimationFrame(run), reduced.matches ? INTERVAL_REDUCED : interval);
  }
}

setInterval(announce, 2000);
run();
