// The details of a bar, which is chosen by pointer or by arrow keys. `chart` comes from chart.js,
// which is no module.

import { student } from "./classroom.js";
import { byId, setText } from "./dom.js";

/** The id of the request whose bar is chosen. */
let chosen = null;

/** The id of the chosen request if it belongs to this run. */
export const chosenOf = (run) => (run.bars.has(chosen) ? chosen : null);

/** Lets the user choose a bar of a canvas. `look` returns what it shows, once it is drawn: the drawing,
    moment and span. `redraw` is called after each choice. */
export function offerDetails(canvas, look, redraw) {
  const choose = (bar) => {
    if ((bar?.id ?? null) === chosen) return;
    chosen = bar?.id ?? null;
    byId("details").hidden = !bar;
    redraw();
  };
  for (const kind of ["pointermove", "pointerdown"]) {
    canvas.addEventListener(kind, ({ offsetX: x, offsetY: y }) => {
      if (!look()) return;
      const { drawing, moment, span } = look();
      choose(chart.at(canvas, drawing, moment, span, { x, y }));
    });
  }
  canvas.addEventListener("blur", () => choose(null));
  canvas.addEventListener("pointerleave", ({ pointerType }) => {
    // A finger leaves when it is lifted.
    if (pointerType === "mouse") choose(null);
  });
  canvas.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") choose(null);
    if (!/^(Arrow|Home$|End$)/.test(event.key)) return;
    event.preventDefault();
    if (!look()) redraw();
    const { drawing, moment } = look();
    const bars = drawing.bars.filter((bar) => bar.begin <= moment);
    const next = chart.neighbour(bars, bars.find((bar) => bar.id === chosen), event.key);
    if (next) choose(next);
  });
}

/** Shows the details of a request of a run. */
export function showDetails(run) {
  setText(byId("details"), describe(run, run.bars.get(chosen)));
}

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(3)} s`;

function describe(run, [, lane, arrived, responded, finished, status, complete, attempt, bytes, name]) {
  const end = responded ?? finished;
  return [
    `${run.program || "?"} · ${student(run)}, lane ${lane + 1}: ${name}`,
    attempt > 1 ? `attempt ${attempt}` : null,
    `from ${seconds(arrived - run.began)}`,
    end === null ? "waiting" : `waited ${seconds(end - arrived)}`,
    responded === null ? null : finished === null ? "receiving" : `received ${size(bytes)} for ${seconds(finished - responded)}`,
    status ? `status ${status}` : "no response",
    finished === null || complete ? null : "incomplete",
  ].filter(Boolean).join(" · ");
}

const size = (bytes) => (bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(2)} MB`);
