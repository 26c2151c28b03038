// The experiment over time: requests in flight and megabytes per second, one layer for each row of the
// picture, with marks where a rule has changed. `chart` comes from chart.js, which is no module.

import { ARRIVED, BYTES, FINISHED, RESPONDED, duration } from "./classroom.js";
import { byId, create, seconds, setText } from "./dom.js";
import { layer, peak, stack } from "./layers.js";

/** The width of a step of the lines, in CSS pixels. */
const STEP = 3;
/** The size of the changes' signs, in rem. */
const SIGN = 0.75;
/** The layers' colours in charts.css: neighbours differ in lightness. */
const COLOURS = ["layer-1", "layer-2", "layer-3", "layer-4", "layer-5"];
export const LAYERS = COLOURS.length;

/** What the strip was drawn from the last time. */
let last = "";

/** Shows the runs over the time of the experiment, a layer for each group [name, runs]. `letters` is
    their size in rem. */
export function showStrip(view, groups, letters) {
  const runs = groups.flatMap(([, each]) => each);
  byId("strip").hidden = runs.length === 0;
  if (runs.length === 0) return;
  const canvases = [byId("strip-in-flight"), byId("strip-megabytes")];
  const { clientWidth: width, clientHeight: height } = canvases[0];
  const time = timeOf(view, runs);
  const state = runs.map((run) => [run.id, run.requests, run.in_flight, run.bytes]);
  const look = [Object.values(time), width, height, letters, devicePixelRatio, Object.values(chart.palette()), groups.map(([name]) => name), state].join();
  if (look === last) return;
  const [inFlight, rate] = drawStrip(canvases, view, groups, letters);
  setText(byId("strip-peak"), inFlight);
  setText(byId("strip-rate"), rate);
  const over = seconds(time.end - time.start);
  canvases[0].setAttribute("aria-label", `Requests in flight over ${over}: ${inFlight}`);
  canvases[1].setAttribute("aria-label", `Megabytes per second over ${over}: ${rate}`);
  showChanges(changesOf(view, runs));
  last = look;
}

/** The time of the experiment, from the start of its first run to the end of its last one, and how many
    changes of the rules it has. */
function timeOf(view, runs) {
  const now = view.now();
  const start = Math.min(...runs.map((run) => run.began));
  const end = Math.max(...runs.map((run) => run.began + duration(run, now)), start + 500);
  return { start, end, changes: view.changesIn(start, end).length };
}

/** The changes of the rules in the time of these runs, each [sign, time since its start, words]. */
export function changesOf(view, runs) {
  const { start, end } = timeOf(view, runs);
  return view.changesIn(start, end).map(({ id, at, words }) => [`${id + 1}`, at - start, words]);
}

/** Draws both parts of the strip. Returns the peak of all runs and the largest rate, as texts. */
export function drawStrip(canvases, view, groups, letters) {
  const runs = groups.flatMap(([, each]) => each);
  const { start, end } = timeOf(view, runs);
  const style = getComputedStyle(document.documentElement);
  const colours = COLOURS.map((name) => canvases[0].colours?.[name] ?? style.getPropertyValue(`--${name}`).trim());
  const count = Math.max(1, Math.floor(canvases[0].clientWidth / STEP));
  const layers = groups.map(([, each]) => layer(requests(each, view.now()), start, end, count));
  // The layers are means over a step. The server may have counted more than the bars show, in a run.
  const inFlight = Math.max(peak(requests(runs, view.now())), ...runs.map((run) => run.peak));
  const changes = changesOf(view, runs);
  const highest = ["inFlight", "megabytes"].map((what, index) => {
    const { context, place, colour } = chart.begin(canvases[index], { lanes: 1, bars: [], hasLabels: index === 1, letters }, end - start);
    const max = draw(context, stack(layers.map((each) => each[what])), colours, place, colour);
    // Their list, below, has small letters, too.
    const signs = { ...place, letters: (place.letters * SIGN) / letters };
    context.font = context.font.replace(/[\d.]+px/, `${signs.letters}px`);
    for (const change of changes) chart.change(context, change, signs, colour);
    return max;
  });
  return [`up to ${inFlight}`, `up to ${highest[1] < 10 ? highest[1].toFixed(1) : Math.round(highest[1])}`];
}

function requests(runs, now) {
  return runs.flatMap((run) => [...run.bars.values()].map((bar) => {
    // A request that is in flight counts up to the shown time.
    const to = bar[FINISHED] ?? Math.max(bar[ARRIVED], now);
    return { from: bar[ARRIVED], responded: bar[RESPONDED] ?? to, to, bytes: bar[BYTES] };
  }));
}

/** Draws the stacked layers, the highest one first. Returns the largest value. */
function draw(context, layers, colours, place, colour) {
  const max = Math.max(1e-9, ...layers.at(-1));
  const y = (value) => place.bottom * (1 - (0.95 * value) / max);
  layers.toReversed().forEach((values, index) => {
    const step = (place.width - 2 * place.scale) / values.length;
    context.beginPath();
    context.moveTo(0, place.bottom);
    values.forEach((value, at) => {
      context.lineTo(at * step, y(value));
      context.lineTo((at + 1) * step, y(value));
    });
    context.lineTo(values.length * step, place.bottom);
    context.closePath();
    context.fillStyle = colours[(layers.length - 1 - index) % colours.length];
    context.fill();
    // A line between the layers, so that colour isn't the only difference.
    context.lineWidth = place.scale;
    context.strokeStyle = colour.ink;
    context.stroke();
  });
  return max;
}

function showChanges(changes) {
  byId("changes").replaceChildren(...changes.map(([number, at, words]) => {
    const [entry, sign] = [create("li"), create("b")];
    sign.textContent = number;
    entry.append(sign, ` at ${seconds(at)}: ${words}`);
    return entry;
  }));
}
