// The page: it listens to the server, and shows the class live, held still, or one run again.

import { Class, duration, isRunning, who } from "./class.js";
import { draw, nice } from "./chart.js";
import { offerControls, showRules } from "./controls.js";
import { make, say, seconds, showFigures, showRows, summary } from "./table.js";

const byId = (id) => document.getElementById(id);
const slowly = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");
/** Milliseconds between two drawings: a projector's laptop has other things to do, too. */
const PAUSE = 100;
/** With more than so many charts it rests longer. */
const FEW = 8;
const CLASS_PAUSE = 200;
const LONG_PAUSE = 500;
/** No step of a replay is longer: a page that nobody has seen for a while goes on where it was. */
const LONGEST_STEP = 1000;
/** The server says something at least every two seconds. */
const SILENCE = 7000;
const known = new Class();
/** What is shown: all that is known, or a copy of it. */
let view = known;
/** The run that is shown again: its id, where it is (0 to 1), and whether it is held. */
let replay = null;

// ---- listening

let source = null;
let heard = 0;

function listen() {
  source?.close();
  source = new EventSource("/live/events");
  heard = performance.now();
  source.addEventListener("snapshot", (event) => {
    known.snapshot(JSON.parse(event.data));
    connected(true);
    offerControls();
  });
  source.addEventListener("frame", (event) => {
    known.frame(JSON.parse(event.data));
    connected(true);
  });
  source.addEventListener("error", () => connected(false));
}

function connected(is) {
  if (is) heard = performance.now();
  const status = byId("connection");
  status.className = is ? "" : "lost";
  say(status, is ? "● live" : "○ The server cannot be reached. Trying again …");
}

setInterval(() => {
  // A browser gives up after some answers, and notices nothing where a network is gone.
  if (source.readyState === EventSource.CLOSED || performance.now() - heard > SILENCE) {
    connected(false);
    listen();
  }
}, 2000);

// ---- modes

/** When the charts were drawn last, and when the words were written. */
let drawn = 0;
let worded = -Infinity;

function mode(name) {
  for (const id of ["live", "pause", "replay"]) byId(id).setAttribute("aria-pressed", `${id === name}`);
  byId("replay-controls").hidden = name !== "replay";
  if (name !== "replay") replay = null;
  if (name === "live") view = known;
  if (name === "pause") view = known.copy();
  worded = -Infinity;
  show();
}

/** Where a run is taken from to be shown again: from what is held, or else from all that is known. */
function choice() {
  return replay ? known : view;
}

function startReplay(id) {
  // A copy: the server may forget the run while it is shown.
  const copy = choice().copy();
  const run = copy.runs.get(id);
  if (!run) return;
  view = copy;
  replay = { run, position: 0, held: false };
  say(byId("hold"), "Hold");
  // Its time begins now, not when the page was drawn last.
  drawn = performance.now();
  mode("replay");
  byId("charts").scrollIntoView({ block: "nearest" });
}

byId("live").addEventListener("click", () => mode("live"));
byId("pause").addEventListener("click", () => mode("pause"));
byId("replay").addEventListener("click", () => startReplay(lastRun()?.id));
byId("hold").addEventListener("click", () => hold(!replay.held));
byId("position").addEventListener("input", (event) => {
  replay.position = Number(event.target.value);
  hold(true);
});

function hold(held) {
  if (!held && replay.position >= 1) replay.position = 0;
  replay.held = held;
  say(byId("hold"), held ? "Go on" : "Hold");
}

/** The run that has come to its end last, or else the newest. */
function lastRun() {
  const drawn = choice().newest().filter((run) => run.bars.size > 0);
  const over = drawn.filter((run) => !isRunning(run, choice().now()));
  return over.sort((one, other) => other.last - one.last)[0] ?? drawn[0];
}

// ---- charts

const cards = new Map();
/** How each canvas was drawn the last time. */
const looks = new WeakMap();
/** The canvases that are on the screen, or nearly: most charts of a full class are far below it. */
const near = new WeakSet();
const nearness = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) near.add(target);
    else near.delete(target);
  }
}, { rootMargin: "50%" });

function card(run) {
  const element = make("article", "run");
  const head = make("div", "head");
  const title = make("h3");
  const again = make("button");
  again.type = "button";
  again.textContent = "Replay";
  again.addEventListener("click", () => startReplay(run.id));
  head.append(title, again);
  const line = make("p");
  const canvas = make("canvas");
  canvas.setAttribute("role", "img");
  nearness.observe(canvas);
  element.append(head, line, canvas);
  return { element, title, again, line, canvas };
}

/** The newest come first; each keeps its place while it runs. */
function shown() {
  if (replay) return [replay.run];
  return view.newest().filter((run) => run.bars.size > 0);
}

/** One scale for all, so that they can be compared; a run that takes far longer has its own. */
function spans(runs, now) {
  const times = runs.map((run) => Math.max(duration(run, now), 500));
  const middle = times.toSorted((one, other) => one - other)[times.length >> 1] ?? 0;
  const common = Math.max(...times.filter((time) => time <= 4 * middle));
  return times.map((time) => scale(Math.max(time, common)));
}

/** A little more than a duration, in steps, so that the scale does not creep all the time. */
function scale(time) {
  const step = nice(time / 8);
  return Math.ceil((time * 1.02) / step) * step;
}

function showCharts(words) {
  const now = view.now();
  const runs = shown();
  byId("charts").classList.toggle("one", replay !== null);
  byId("nothing").hidden = runs.length > 0;
  byId("replay").disabled = !lastRun();
  for (const [id, { element, canvas }] of cards) {
    if (runs.some((run) => run.id === id)) continue;
    element.remove();
    nearness.unobserve(canvas);
    cards.delete(id);
  }
  const widths = spans(runs, now);
  runs.forEach((run, place) => {
    if (!cards.has(run.id)) cards.set(run.id, card(run));
    const { element, title, again, line, canvas } = cards.get(run.id);
    const there = byId("charts").children[place];
    if (there !== element) byId("charts").insertBefore(element, there ?? null);
    const moment = replay ? run.began + replay.position * duration(run, now) : now;
    if (words) {
      const name = `${run.program || "?"} · ${who(run)}`;
      say(title, name);
      again.hidden = replay !== null;
      again.setAttribute("aria-label", `Replay ${name}`);
      say(line, replay ? moments(run, moment) : summary(run, now, view.figures?.rules.link_rate));
      canvas.setAttribute("aria-label", `${run.peak} lanes, ${run.requests} requests, ${run.failures} failures`);
    }
    if (!near.has(canvas)) return;
    // What has not grown by a pixel looks the same as before, unless its place or its scale has
    // changed; what has come to its end looks the same for good.
    const { clientWidth: width, clientHeight: height } = canvas;
    const grown = (isRunning(run, now) || replay) ? Math.round((moment - run.began) / widths[place] * width) : "over";
    const look = [grown, run.requests, widths[place], width, height, dark.matches].join();
    if (looks.get(canvas) !== look) draw(canvas, run, moment, widths[place]);
    looks.set(canvas, look);
  });
}

/** How a run stood at a moment. */
function moments(run, moment) {
  const bars = [...run.bars.values()];
  const open = bars.filter(([, , came, , done]) => came <= moment && (done < 0 || done > moment));
  const begun = bars.filter(([, , came]) => came <= moment);
  return `${seconds(moment - run.began)} · ${open.length} in flight · ${begun.length} of ${run.requests} requests`;
}

// ---- what a screen reader says

const ended = new Set();
let first = true;

function tellNews() {
  const now = known.now();
  const over = known.newest().filter((run) => !isRunning(run, now) && !ended.has(run.id));
  for (const run of over) ended.add(run.id);
  for (const id of ended) if (!known.runs.has(id)) ended.delete(id);
  if (over.length && !first) {
    const [run] = over;
    say(byId("news"), over.length > 1
      ? `${over.length} runs have ended.`
      : `${run.program}, ${who(run)}: ${seconds(duration(run, now))}, peak ${run.peak}, failures ${run.failures}.`);
  }
  first = known.figures === null;
}

// ---- showing

function show() {
  if (!known.figures) return;
  const at = performance.now();
  if (replay && !replay.held) {
    const time = Math.max(duration(replay.run, view.now()), 1);
    const step = Math.min(at - drawn, LONGEST_STEP);
    replay.position = Math.min(1, replay.position + (step * Number(byId("speed").value)) / time);
    byId("position").value = replay.position;
    if (replay.position >= 1) hold(true);
  }
  drawn = at;
  const words = at - worded > 200;
  if (words) worded = at;
  if (words) {
    showFigures(view);
    showRows(view);
    showRules(known.figures.rules);
  }
  // The charts come last: should one fail, the rest of the page is right.
  showCharts(words);
}

/** Shows what there is, again and again, while the page can be seen. */
function goOn() {
  try {
    show();
  } finally {
    // Even if a drawing has failed: the next one may not.
    const pause = cards.size > FEW ? CLASS_PAUSE : PAUSE;
    setTimeout(() => requestAnimationFrame(goOn), slowly.matches ? LONG_PAUSE : pause);
  }
}

listen();
setInterval(tellNews, 2000);
goOn();
