// Draws the answers to a question: numbers as dots on one axis with the measured result, choices and
// orders as bars. With two rounds, one below the other. `chart` comes from chart.js, which is no module.

import { create } from "./dom.js";
import { middle } from "./results.js";
import { add } from "./svg.js";

/** Guesses of more than this many times the median, or the result if that is larger, are beyond the
    axis: they would squash all others. */
const MUCH = 5;
/** Max guesses beyond the axis that are named. */
const MAX_FAR = 3;
/** The height of a round's dots, in times the letters' size. */
const HEIGHT = 5;

/** Max orders shown, not counting the right one. */
const MAX_ORDERS = 5;

const names = ["First vote", "Second vote"];
const count = (number) => (number === 1 ? "1 answer" : `${number} answers`);
const rounded = (value) => Number(value.toPrecision(4)).toLocaleString("en");
const inUnit = (value, unit) => `${rounded(value)} ${unit}`.trim();

/** Shows numbers. `result` is the measured value, or `null`. */
export function showNumbers(box, unit, rounds, result) {
  const span = end(rounds, result?.value ?? 0);
  const shown = rounds.map(({ answers }, index) => {
    const article = create("article");
    const text = create("p");
    text.textContent = summary(rounds.length > 1 ? `${names[index]}: ` : "", answers, unit, span);
    article.append(text, dots(answers, unit, span, result, box.clientWidth));
    return article;
  });
  const legend = create("p", "legend");
  const about = create("span");
  const line = create("i", "measured");
  about.append(result ? line : "", result ? ` measured: ${inUnit(result.value, unit)} (${result.of})` : "There is no measured result yet.");
  const middle = create("span");
  middle.append(create("i", "median"), " median of the answers");
  legend.append(about, middle);
  box.replaceChildren(legend, ...shown);
}

/** The end of the axis. */
function end(rounds, result) {
  const usual = Math.max(result, ...rounds.map(({ answers }) => middle(answers) ?? 0));
  const near = rounds.flatMap(({ answers }) => answers).filter((answer) => answer <= MUCH * usual);
  const max = Math.max(1e-3, result, ...near);
  const step = chart.nice(max / 8);
  return Math.ceil((max * 1.02) / step) * step;
}

function summary(name, answers, unit, span) {
  if (answers.length === 0) return `${name}no answers`;
  const [least, most] = [answers[0], answers.at(-1)];
  const far = answers.filter((answer) => answer > span);
  const range = answers.length > 1 ? `, from ${rounded(least)} to ${inUnit(most, unit)}` : "";
  const values = far.slice(0, MAX_FAR).map((value) => inUnit(value, unit));
  if (far.length > MAX_FAR) values.push("…");
  const off = far.length ? `; ${far.length} beyond the axis: ${values.join(", ")}` : "";
  return `${name}${count(answers.length)}, median ${inUnit(middle(answers), unit)}${range}${off}`;
}

/** A dot for each answer above an axis, equal ones on top of each other. */
function dots(answers, unit, span, result, room) {
  const letter = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const [width, height] = [Math.max(room, 10 * letter), HEIGHT * letter];
  const radius = 0.32 * letter;
  const x = (value) => 2 * radius + Math.min(value / span, 1) * (width - 6 * radius);
  const image = add(null, "svg", { width, height: height + 1.6 * letter, role: "img", class: "axis" });
  image.setAttribute("aria-label", `${count(answers.length)} on an axis from 0 to ${inUnit(span, unit)}${result ? `, and the measured ${inUnit(result.value, unit)}` : ""}`);
  addTicks(image, span, { letter, width, height, x });
  const line = (value, name) => add(image, "line", { x1: x(value), x2: x(value), y1: 0, y2: height, class: name });
  if (answers.length) line(middle(answers), "median");
  if (result) line(result.value, "measured");
  // Last, so that no line hides a dot.
  const columns = Map.groupBy(answers, (answer) => (answer > span ? "beyond" : Math.round(x(answer) / (2 * radius))));
  const step = Math.min(2 * radius, (height - 2 * radius) / Math.max(1, ...[...columns.values()].map((column) => column.length)));
  for (const [column, all] of columns) {
    const at = column === "beyond" ? width - radius : x(all.reduce((sum, answer) => sum + answer, 0) / all.length);
    all.forEach((_, index) => add(image, "circle", { cx: at, cy: height - radius - 1 - index * step, r: radius * 0.9 }));
  }
  return image;
}

function addTicks(image, span, { letter, width, height, x }) {
  const step = chart.nice(span / Math.max(2, Math.floor(width / (7 * letter))));
  for (let tick = 0; tick * step <= span * 1.0001; tick += 1) {
    const at = x(tick * step);
    add(image, "line", { x1: at, x2: at, y1: 0, y2: height, class: "tick" });
    const anchor = tick === 0 ? "start" : at > width - 3 * letter ? "end" : "middle";
    add(image, "text", { x: tick === 0 ? 0 : at, y: height + 1.2 * letter, "text-anchor": anchor }, rounded(tick * step));
  }
  add(image, "line", { x1: 0, x2: width, y1: height, y2: height, class: "base" });
}

/** Shows a bar for each option and round. */
export function showChoices(box, options, rounds) {
  const all = rounds.map(({ answers }) => options.map((_, index) => answers.filter((answer) => answer === index).length));
  const most = Math.max(1, ...rounds.map(({ answers }) => answers.length));
  const list = create("dl", "choices");
  options.forEach((option, index) => {
    const name = create("dt");
    name.textContent = option;
    const bars = rounds.map(({ answers }, round) => {
      const row = create("dd");
      const [bar, text] = [create("div", round === 0 && rounds.length > 1 ? "bar first" : "bar"), create("span")];
      const chosen = all[round][index];
      bar.style.width = `${(chosen / most) * 60}%`;
      const share = answers.length ? ` (${Math.round((chosen / answers.length) * 100)}\u202f%)` : "";
      text.textContent = `${rounds.length > 1 ? `${names[round]}: ` : ""}${chosen}${share}`;
      row.append(bar, text);
      return row;
    });
    list.append(name, ...bars);
  });
  box.replaceChildren(list);
}

/** Shows the right order of the events, if there is one, and the most frequent orders. */
export function showOrders(box, events, right, rounds) {
  const answers = rounds.flatMap(({ answers: orders }) => orders.map(String));
  const frequent = [...Map.groupBy(answers, (order) => order)].sort(([, one], [, other]) => other.length - one.length);
  const orders = frequent.map(([order]) => order).filter((order) => order !== `${right}`);
  const shown = [...(right.length ? [`${right}`] : []), ...orders.slice(0, MAX_ORDERS)];
  const options = shown.map((order) => order.split(",").map((index) => events[index]).join(" → "));
  if (right.length) options[0] = `✓ right: ${options[0]}`;
  if (orders.length > MAX_ORDERS) options.push("other orders");
  if (options.length === 0) return box.replaceChildren("No answers.");
  const index = (order) => (shown.includes(`${order}`) ? shown.indexOf(`${order}`) : shown.length);
  showChoices(box, options, rounds.map((round) => ({ answers: round.answers.map(index) })));
}
