// The page: shows the class live or paused, or replays some of its runs.

import { showCharts } from "./charts.js";
import { Classroom, duration, isRunning, student } from "./classroom.js";
import { offerControls, showRules } from "./controls.js";
import { byId, seconds, setText } from "./dom.js";
import { follow } from "./events.js";
import { savePicture } from "./export.js";
import { choose, saveRuns, showExperiments } from "./experiments.js";
import { showGate } from "./gate.js";
import { offerOrder } from "./order.js";
import { showPicture } from "./picture.js";
import { pinned } from "./pins.js";
import { showProgress } from "./progress.js";
import { showResults } from "./results.js";
import { offerStudents } from "./students.js";
import { showFigures, showRows } from "./table.js";
import { receiveVote, showVote } from "./vote.js";

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
/** The runs that are replayed on one clock, the position (0 to 1), and whether it is held. */
let replay = null;
/** When the charts were drawn last, and when the texts were updated. */
let drawnAt = 0;
let textsAt = -Infinity;

follow(
  (snapshot) => {
    known.snapshot(snapshot);
    receiveVote(snapshot.vote);
    offerControls();
  },
  (frame) => {
    known.frame(frame);
    receiveVote(frame.vote);
  },
);

// ---- modes

function setMode(name) {
  for (const id of ["live", "pause", "replay"]) byId(id).setAttribute("aria-pressed", `${id === name}`);
  byId("replay-controls").hidden = name !== "replay";
  if (name !== "replay") replay = null;
  if (name === "live") view = known;
  if (name === "pause") view = known.copy();
  showAll();
}

/** The classroom whose runs can be replayed: the live or paused view; during a replay, `known`. */
function source() {
  return replay ? known : view;
}

function startReplay(ids) {
  // The copy keeps the runs even if the server forgets them.
  const copy = source().copy();
  const runs = ids.map((id) => copy.runs.get(id)).filter(Boolean);
  if (runs.length === 0) return;
  view = copy;
  replay = { runs, position: 0, held: false };
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

/** How long the longest run takes that is replayed. */
function length() {
  return Math.max(1, ...replay.runs.map((run) => duration(run, view.now())));
}

function advance(elapsed) {
  const step = Math.min(elapsed, MAX_STEP) * Number(byId("speed").value);
  moveTo(Math.min(1, replay.position + step / length()));
  byId("position").value = replay.position;
  if (replay.position >= 1) hold(true);
}

function moveTo(position) {
  replay.position = position;
  byId("position").setAttribute("aria-valuetext", seconds(position * length()));
}

/** The ids of the runs that the button replays: those that are pinned, or else the last one. */
function replayable() {
  const runs = pinned(source());
  return (runs.length ? runs : [source().last()]).map((run) => run?.id);
}

byId("live").addEventListener("click", () => setMode("live"));
byId("pause").addEventListener("click", () => setMode("pause"));
byId("replay").addEventListener("click", () => startReplay(replayable()));
byId("hold").addEventListener("click", () => hold(!replay.held));
byId("position").addEventListener("input", (event) => {
  moveTo(Number(event.target.value));
  hold(true);
});

choose((number) => {
  known.chosen = number;
  view.chosen = number;
  showAll();
});
offerOrder(showAll);
byId("grouping").addEventListener("change", () => (textsAt = -Infinity));
byId("save").addEventListener("click", () => saveRuns(view));
for (const kind of ["svg", "png"]) byId(`save-${kind}`).addEventListener("click", () => savePicture(view, kind));
addEventListener("beforeprint", showAll);

// ---- what a screen reader announces

const ended = new Set();
let isFirst = true;

function announce() {
  const now = known.now();
  const news = known.newest().filter((run) => !isRunning(run, now) && !ended.has(run.id));
  for (const run of news) ended.add(run.id);
  for (const id of ended) if (!known.runs.has(id)) ended.delete(id);
  // The last announcement may contain a name that is hidden now.
  if (!news.length) setText(byId("news"), "");
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
    if (view !== known) view.obey(known);
    showFigures(view);
    showGate(view);
    showResults(view);
    showRows(view);
    showExperiments(known, view);
    showVote(view);
    showPicture(view);
    showRules(known.rules);
    offerStudents(view);
    showProgress(known);
  }
  const [pins, last] = [pinned(source()).length, source().last()];
  setText(byId("replay"), ["Replay the last run", "Replay the pinned run"][pins] ?? "Replay the pinned runs");
  byId("replay").disabled = !pins && !last;
  // Last, so that the rest of the page is right even if a chart fails.
  return showCharts(view, replay, withTexts, { onReplay: startReplay, onChoice: showAll });
}

/** The same, with all texts. */
function showAll() {
  textsAt = -Infinity;
  show();
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
