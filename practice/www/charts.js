// The cards of the runs, each with a chart. `chart` comes from chart.js, which is no module.

import { ARRIVED, FINISHED, bars, duration, isRunning, student } from "./classroom.js";
import { byId, create, seconds, setText } from "./dom.js";
import { summary } from "./table.js";

/** Max charts shown: those of the newest runs. */
const MAX_CHARTS = 40;

const dark = matchMedia("(prefers-color-scheme: dark)");
/** The card of each run that is shown, by the run's id. */
const cards = new Map();
/** How each canvas was drawn the last time. */
const looks = new WeakMap();
/** The canvases on the screen or close to it. Only these are drawn. */
const near = new WeakSet();
const nearness = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) near.add(target);
    else near.delete(target);
  }
}, { rootMargin: "50%" });

let isPrinting = false;
addEventListener("beforeprint", () => (isPrinting = true));
addEventListener("afterprint", () => (isPrinting = false));

/** Shows the runs, or only the one that is replayed. `withTexts` says whether texts are updated, too.
    Returns the number of charts. */
export function showCharts(view, replay, withTexts, onReplay) {
  const now = view.now();
  const runs = replay ? [replay.run] : view.newest().filter((run) => run.bars.size > 0).slice(0, MAX_CHARTS);
  byId("charts").classList.toggle("one", replay !== null);
  byId("nothing").hidden = runs.length > 0;
  removeOthers(runs);
  const widths = spans(runs, now);
  runs.forEach((run, index) => {
    if (!cards.has(run.id)) cards.set(run.id, newCard(run, onReplay));
    const card = cards.get(run.id);
    const there = byId("charts").children[index];
    if (there !== card.element) byId("charts").insertBefore(card.element, there ?? null);
    const moment = replay ? run.began + replay.position * duration(run, now) : now;
    if (withTexts) {
      card.again.hidden = replay !== null;
      showTexts(card, run, replay ? moments(run, moment) : summary(run, now, view.conditions()?.link_rate));
    }
    if (isPrinting || near.has(card.canvas)) drawAgain(card.canvas, run, moment, widths[index], replay || isRunning(run, now));
  });
  return runs.length;
}

function removeOthers(runs) {
  for (const [id, { element, canvas }] of cards) {
    if (runs.some((run) => run.id === id)) continue;
    element.remove();
    nearness.unobserve(canvas);
    cards.delete(id);
  }
}

function newCard(run, onReplay) {
  const element = create("article", "run");
  const head = create("div", "head");
  const title = create("h3");
  const again = create("button");
  again.type = "button";
  again.textContent = "Replay";
  again.addEventListener("click", () => onReplay(run.id));
  head.append(title, again);
  const line = create("p");
  const canvas = create("canvas");
  canvas.setAttribute("role", "img");
  nearness.observe(canvas);
  element.append(head, line, canvas);
  return { element, title, again, line, canvas };
}

function showTexts({ title, again, line, canvas }, run, text) {
  const name = `${run.program || "?"} · ${student(run)}`;
  setText(title, name);
  setText(line, text);
  again.setAttribute("aria-label", `Replay ${name}`);
  canvas.setAttribute("aria-label", `${run.peak} lanes, ${run.requests} requests, ${run.failures} failures`);
}

/** Draws a chart if it would look different: its bars have grown by a pixel, or its scale or size has
    changed. */
function drawAgain(canvas, run, moment, span, isMoving) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const grown = isMoving ? Math.round((moment - run.began) / span * width) : "ended";
  const look = [grown, run.requests, span, width, height, dark.matches].join();
  if (looks.get(canvas) !== look) {
    chart.draw(canvas, { lanes: Math.max(1, run.peak), bars: bars(run) }, moment - run.began, span);
  }
  looks.set(canvas, look);
}

/** The width of each chart in milliseconds: the same for all, so that they can be compared. A run
    that takes more than four times the median has a scale of its own. */
function spans(runs, now) {
  const times = runs.map((run) => Math.max(duration(run, now), 500));
  const median = times.toSorted((one, other) => one - other)[times.length >> 1] ?? 0;
  const common = Math.max(...times.filter((time) => time <= 4 * median));
  return times.map((time) => scale(Math.max(time, common)));
}

/** Rounds a duration up to the next step, so that the scale doesn't change with every frame. */
function scale(time) {
  const step = chart.nice(time / 8);
  return Math.ceil((time * 1.02) / step) * step;
}

/** The state of a run at a moment. */
function moments(run, moment) {
  const arrived = [...run.bars.values()].filter((bar) => bar[ARRIVED] <= moment);
  const open = arrived.filter((bar) => (bar[FINISHED] ?? Infinity) > moment);
  return `${seconds(moment - run.began)} · ${open.length} in flight · ${arrived.length} of ${run.requests} requests`;
}
