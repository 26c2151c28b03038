// Numbers and rows. What a client has said of itself only ever becomes text, never markup.

import { duration, isRunning, who } from "./class.js";

const byId = (id) => document.getElementById(id);

/** Changes a text where it differs, so that a reader's place and selection stay. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function make(tag, className = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  return element;
}

export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`;
const short = (number) => (number < 10 ? number.toFixed(1) : Math.round(number).toString());
// The two stay on one line.
const percent = (share) => `${Math.round(Math.min(share, 1) * 100)}\u202f%`;

/** The figures of the whole class, and what holds for all. */
export function showFigures(view) {
  if (!view.figures) return;
  const { in_flight, peak, rules } = view.figures;
  const megabytes = view.rate("bytes") / 1e6;
  const fill = rules.link_rate ? megabytes / rules.link_rate : null;
  say(byId("in-flight"), `${in_flight}`);
  say(byId("peak"), `${peak}`);
  say(byId("requests"), short(view.rate("requests")));
  say(byId("megabytes"), short(megabytes));
  say(byId("fill"), fill === null ? "no limit" : percent(fill));
  byId("gauge").style.width = `${Math.min(fill ?? 0, 1) * 100}%`;
  say(byId("rules"), [
    `latency ${rules.latency} ms`,
    rules.link_rate ? `link ${rules.link_rate} MB/s` : "link without a limit",
    rules.faulty ? `${rules.faulty}\u202f% faulty answers` : null,
    rules.limit ? `at most ${rules.limit} in flight` : null,
  ].filter(Boolean).join(" · "));
  const gate = byId("gate");
  gate.hidden = rules.gate === null;
  if (rules.gate === "given up") say(gate, "The gate did not open in time: images are refused until it is opened.");
  else if (rules.gate !== null) say(gate, `The gate is closed: images wait until ${rules.gate} requests are in flight.`);
}

/** A run in one line, below its name. */
export function summary(run, now, linkRate) {
  const time = duration(run, now);
  const each = (number) => number / Math.max(time / 1000, 0.1);
  const megabytes = each(run.bytes) / 1e6;
  return [
    isRunning(run, now) ? `now ${run.in_flight}` : seconds(time),
    `peak ${run.peak}`,
    `${short(each(run.requests))} req/s`,
    `${short(megabytes)} MB/s`,
    linkRate ? `link ${percent(megabytes / linkRate)}` : null,
  ].filter(Boolean).join(" · ");
}

/** The rows of the last runs, the newest first. */
export function showRows(view) {
  const body = byId("rows");
  const now = view.now();
  const runs = view.newest();
  while (body.rows.length > runs.length) body.deleteRow(-1);
  runs.forEach((run, place) => {
    const row = body.rows[place] ?? newRow(body);
    const cells = [
      run.program || "?",
      who(run),
      run.workers === null ? "–" : `${run.workers}`,
      isRunning(run, now) ? "running" : seconds(duration(run, now)),
      `${run.peak}`,
      `${run.failures}`,
    ];
    cells.forEach((text, column) => say(row.cells[column], text));
    row.cells[5].className = run.failures ? "some" : "";
  });
}

function newRow(body) {
  const row = body.insertRow();
  const head = make("th");
  head.scope = "row";
  row.append(head);
  for (let column = 1; column < 6; column += 1) row.insertCell();
  return row;
}
