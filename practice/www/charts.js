// The cards of the runs, each with a chart. `chart` comes from chart.js, which is no module.

import { ARRIVED, FINISHED, bars, duration, isRunning, student } from "./classroom.js";
import { chosenOf, offerDetails, showDetails } from "./details.js";
import { byId, create, seconds, setText } from "./dom.js";
import { grouped, listed, showCount } from "./order.js";
import { isPinned, pinned, togglePin } from "./pins.js";
import { spans } from "./spans.js";
import { summary, troubles } from "./table.js";

/** Max charts shown: the first runs of the chosen order. */
const MAX_CHARTS = 40;

/** The card of each run that is shown, by the run's id. */
const cards = new Map();
/** The headings of the groups, by their names. */
const headings = new Map();
/** How each canvas was drawn the last time: what would make it look different, and what it shows. */
const drawn = new WeakMap();
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

/** Shows the runs, or only those that are replayed. `withTexts` says whether texts are updated, too.
    The handlers are called when the user wants to replay runs, or has chosen a bar. Returns the number
    of charts. */
export function showCharts(view, replay, withTexts, handlers) {
  const now = view.now();
  const groups = replay ? [["", replay.runs]] : cardsOf(view);
  const runs = groups.flatMap(([, each]) => each);
  byId("charts").classList.toggle("replayed", replay !== null);
  removeOthers(runs);
  for (const run of runs) if (!cards.has(run.id)) cards.set(run.id, newCard(run, handlers));
  arrange(groups);
  const times = runs.map((run) => duration(run, now));
  const [widths, longest] = [spans(times), Math.max(...times)];
  runs.forEach((run, index) => {
    const card = cards.get(run.id);
    const moment = replay ? run.began + replay.position * longest : now;
    if (withTexts) {
      card.again.hidden = card.pin.hidden = replay !== null;
      showTexts(card, run, replay ? moments(run, moment, now) : summary(run, now, view.conditions(run).link_rate));
    }
    if (withTexts && chosenOf(run) !== null) showDetails(run);
    const isSeen = near.has(card.canvas) || document.activeElement === card.canvas;
    if (isPrinting || isSeen) drawAgain(card.canvas, run, moment, widths[index], view, replay || isRunning(run, now));
  });
  return runs.length;
}

/** The runs in groups; the pinned ones come first. */
function cardsOf(view) {
  const shown = listed(view).filter((run) => run.bars.size > 0).slice(0, MAX_CHARTS);
  showCount(view, shown.length);
  const pins = pinned(view);
  const others = grouped(shown.filter((run) => !isPinned(run.id)));
  return pins.length ? [["Pinned", pins], ...others] : others;
}

function removeOthers(runs) {
  for (const [id, { element, canvas }] of cards) {
    if (runs.some((run) => run.id === id)) continue;
    element.remove();
    nearness.unobserve(canvas);
    cards.delete(id);
  }
}

/** Puts the cards in the order of the groups; several groups have headings. */
function arrange(groups) {
  const elements = groups.flatMap(([name, runs]) => {
    const all = runs.map((run) => cards.get(run.id).element);
    return groups.length > 1 ? [heading(name), ...all] : all;
  });
  for (const element of headings.values()) if (!elements.includes(element)) element.remove();
  elements.forEach((element, index) => {
    const there = byId("charts").children[index];
    if (there !== element) byId("charts").insertBefore(element, there ?? null);
  });
}

function heading(name) {
  if (!headings.has(name)) {
    const element = create("h3", "group");
    element.textContent = name || "The others";
    headings.set(name, element);
  }
  return headings.get(name);
}

function newCard(run, { onReplay, onChoice }) {
  const element = create("article", "run");
  const head = create("div", "head");
  const title = create("h3");
  const pin = button("Pin", () => togglePin(run.id));
  const again = button("Replay", () => onReplay([run.id]));
  head.append(title, pin, again);
  const line = create("p");
  const canvas = create("canvas");
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-describedby", "details");
  offerDetails(canvas, () => drawn.get(canvas), onChoice);
  nearness.observe(canvas);
  element.append(head, line, canvas);
  return { element, title, pin, again, line, canvas };
}

function button(text, onClick) {
  const element = create("button");
  element.type = "button";
  element.textContent = text;
  element.addEventListener("click", onClick);
  return element;
}

function showTexts({ title, pin, again, line, canvas }, run, text) {
  const name = `${run.program || "?"} · ${student(run)}`;
  setText(title, name);
  setText(line, text);
  again.setAttribute("aria-label", `Replay ${name}`);
  pin.setAttribute("aria-label", `Pin ${name}`);
  pin.setAttribute("aria-pressed", `${isPinned(run.id)}`);
  canvas.setAttribute("aria-label", [`${run.peak} lanes`, `${run.requests} requests`, `${run.failures} failures`, ...troubles(run)].join(", "));
}

/** Draws a chart if it would look different: its bars have grown by a pixel, or its scale or size has
    changed. */
function drawAgain(canvas, run, moment, span, view, isMoving) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const grown = isMoving ? Math.round((moment - run.began) / span * width) : "ended";
  const chosen = chosenOf(run);
  const look = [grown, run.requests, span, width, height, Object.values(chart.palette()), chosen].join();
  if (drawn.get(canvas)?.look === look) return;
  const changes = view.changesIn(run.began, run.last).map(({ id, at }) => [`${id + 1}`, at - run.began]);
  const drawing = { lanes: Math.max(1, run.peak), bars: bars(run), changes, selected: null };
  if (chosen !== null) drawing.selected = drawing.bars.find((bar) => bar.id === chosen);
  chart.draw(canvas, drawing, moment - run.began, span);
  // Last: a drawing that failed is drawn again.
  drawn.set(canvas, { look, drawing, moment: moment - run.began, span });
}

/** The state of a run at a moment. */
function moments(run, moment, now) {
  const arrived = [...run.bars.values()].filter((bar) => bar[ARRIVED] <= moment);
  const open = arrived.filter((bar) => (bar[FINISHED] ?? Infinity) > moment);
  const time = Math.min(moment - run.began, duration(run, now));
  return `${seconds(time)} · ${open.length} in flight · ${arrived.length} of ${run.requests} requests`;
}
