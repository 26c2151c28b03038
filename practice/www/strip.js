// The experiment over time: requests in flight and megabytes per second, one layer for each row of the
// picture, with marks where a rule has changed. `chart` comes from chart.js, which is no module.

import { ARRIVED, BYTES, FINISHED, RESPONDED, duration } from "./classroom.js";
import { byId, create, seconds, setText } from "./dom.js";
import { layer, stack } from "./layers.js";

/** The width of a step of the lines, in CSS pixels. */
const STEP = 3;
/** The layers' colours in charts.css: neighbours differ in lightness. */
const COLOURS = ["--layer-1", "--layer-2", "--layer-3", "--layer-4"];

/** What the strip was drawn from the last time. */
let last = "";

/** Shows the runs over the time of the experiment, a layer for each group [name, runs]. */
export function showStrip(view, groups) {
  const now = view.now();
  const names = groups.map(([name]) => name);
  const runs = groups.flatMap(([, each]) => each);
  byId("strip").hidden = runs.length === 0;
  if (runs.length === 0) return;
  const start = Math.min(...runs.map((run) => run.began));
  const end = Math.max(...runs.map((run) => run.began + duration(run, now)), start + 500);
  const changes = view.changesIn(start, end);
  const canvases = [byId("strip-in-flight"), byId("strip-megabytes")];
  const { clientWidth: width, clientHeight: height } = canvases[0];
  const style = getComputedStyle(document.documentElement);
  const colours = COLOURS.map((name) => style.getPropertyValue(name).trim());
  const state = runs.map((run) => [run.id, run.requests, run.in_flight, run.bytes]);
  const look = [start, end, width, height, devicePixelRatio, Object.values(chart.palette()), names, state, changes.length].join();
  if (look === last) return;
  const count = Math.max(1, Math.floor(width / STEP));
  const layers = groups.map(([, each]) => layer(requests(each, now), start, end, count));
  const signs = changes.map(({ id, at }) => [`${id + 1}`, at - start]);
  const [peak, rate] = ["inFlight", "megabytes"].map((what, index) =>
    draw(canvases[index], stack(layers.map((each) => each[what])), colours, signs, end - start, index === 1));
  setText(byId("strip-peak"), `up to ${Math.round(peak)}`);
  setText(byId("strip-rate"), `up to about ${rate < 10 ? rate.toFixed(1) : Math.round(rate)}`);
  canvases[0].setAttribute("aria-label", `Requests in flight over ${seconds(end - start)}: up to ${Math.round(peak)}`);
  canvases[1].setAttribute("aria-label", `Megabytes per second over ${seconds(end - start)}: up to ${rate.toFixed(1)}`);
  showLegend(names);
  showChanges(changes, start);
  last = look;
}

function requests(runs, now) {
  return runs.flatMap((run) => [...run.bars.values()].map((bar) => {
    // A request that is in flight counts up to the shown time.
    const to = bar[FINISHED] ?? Math.max(bar[ARRIVED], now);
    return { from: bar[ARRIVED], responded: bar[RESPONDED] ?? to, to, bytes: bar[BYTES] };
  }));
}

/** Draws the stacked layers, the highest one first. Returns the largest value. */
function draw(canvas, layers, colours, changes, span, hasLabels) {
  const { context, place, colour } = chart.begin(canvas, { lanes: 1, bars: [], hasLabels }, span);
  const most = Math.max(1e-9, ...layers.at(-1));
  const y = (value) => place.bottom * (1 - (0.95 * value) / most);
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
  for (const change of changes) chart.change(context, change, place, colour);
  return most;
}

function showLegend(names) {
  const wanted = names.join();
  if (byId("strip-legend").dataset.names === wanted) return;
  byId("strip-legend").dataset.names = wanted;
  byId("strip-legend").replaceChildren(...names.map((name, index) => {
    const [entry, swatch] = [create("span"), create("i", `layer-${(index % COLOURS.length) + 1}`)];
    entry.append(swatch, ` ${name}`);
    return entry;
  }));
}

function showChanges(changes, start) {
  byId("changes").replaceChildren(...changes.map(({ id, at, words }) => {
    const [entry, sign] = [create("li"), create("b")];
    sign.textContent = `${id + 1}`;
    entry.append(sign, ` at ${seconds(at - start)}: ${words}`);
    return entry;
  }));
}
