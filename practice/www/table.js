// Figures of the class, and the table of its runs.

import { duration, isRunning, refusals, retries, student } from "./classroom.js";
import { byId, create, seconds, setText } from "./dom.js";
import { listed } from "./order.js";

const short = (number) => (number < 10 ? number.toFixed(1) : Math.round(number).toString());
// The narrow no-break space keeps number and sign on one line.
const percent = (share) => `${Math.round(Math.min(share, 1) * 100)}\u202f%`;

/** Shows the figures of the whole class, and the rules. */
export function showFigures(view) {
  if (!view.totals) return;
  const { totals: { in_flight, experiment_peak: peak }, rules } = view;
  const megabytes = view.rate("bytes") / 1e6;
  const fill = rules.link_rate ? megabytes / rules.link_rate : null;
  setText(byId("in-flight"), `${in_flight}`);
  setText(byId("peak"), `${peak}`);
  setText(byId("requests"), short(view.rate("requests")));
  setText(byId("megabytes"), short(megabytes));
  setText(byId("fill"), fill === null ? "no limit" : percent(fill));
  byId("gauge").style.width = `${Math.min(fill ?? 0, 1) * 100}%`;
  setText(byId("rules"), inWords(view.conditions()));
}

/** The rules of the network, in words. */
export function inWords(rules) {
  return [
    `latency ${rules.latency} ms`,
    rules.link_rate ? `link ${rules.link_rate} MB/s` : "link unlimited",
    rules.sharing === "request" ? "shared per request" : null,
    rules.handshake ? `handshake of ${rules.handshake} round trips` : null,
    rules.slow_start ? "slow start" : null,
    rules.failure_rate ? `${rules.failure_rate}\u202f% injected failures` : null,
    rules.limit ? `at most ${rules.limit} in flight` : null,
  ].filter(Boolean).join(" · ");
}

/** The line below the name of a run. */
export function summary(run, now, linkRate) {
  const time = duration(run, now);
  const perSecond = (number) => number / Math.max(time / 1000, 0.1);
  const megabytes = perSecond(run.bytes) / 1e6;
  return [
    isRunning(run, now) ? `now ${run.in_flight}` : seconds(time),
    `peak ${run.peak}`,
    `${short(perSecond(run.requests))} req/s`,
    `${short(megabytes)} MB/s`,
    ...troubles(run),
    linkRate ? `link ${percent(megabytes / linkRate)}` : null,
    run.bars.size < run.requests ? `chart of the last ${run.bars.size} requests` : null,
  ].filter(Boolean).join(" · ");
}

/** How many requests were refused, and how many were repeated. */
export function troubles(run) {
  const counts = [[refusals(run), "refused"], [retries(run), "retried"]];
  return counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
}

/** Shows the rows of the runs, in the order of the charts. */
export function showRows(view) {
  const body = byId("rows");
  const now = view.now();
  const runs = listed(view);
  while (body.rows.length > runs.length) body.deleteRow(-1);
  runs.forEach((run, index) => {
    const row = body.rows[index] ?? newRow(body);
    const cells = [
      run.program || "?",
      student(run),
      run.workers === null ? "–" : `${run.workers}`,
      run.waits ? "waiting" : isRunning(run, now) ? "running" : seconds(duration(run, now)),
      `${run.peak}`,
      `${run.failures}`,
    ];
    cells.forEach((text, column) => setText(row.cells[column], text));
    row.cells[5].className = run.failures ? "some" : "";
  });
}

function newRow(body) {
  const row = body.insertRow();
  const head = create("th");
  head.scope = "row";
  row.append(head);
  for (let column = 1; column < 6; column += 1) row.insertCell();
  return row;
}
