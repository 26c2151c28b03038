// The large figures while nothing runs: what the experiment has shown so far.

import { duration, isRunning } from "./classroom.js";
import { byId, seconds, setText } from "./dom.js";

/** The runs that have ended, the fastest one first. A run that has received nothing has no time that
    could be compared. */
export function timed(runs, now) {
  const ended = runs.filter((run) => run.bars.size > 0 && run.failures < run.requests && !isRunning(run, now));
  return ended.sort((one, other) => duration(one, now) - duration(other, now));
}

/** The middle one of a sorted list; the lower one of two. */
export const middle = (sorted) => sorted[(sorted.length - 1) >> 1];

/** Shows the results of the experiment if it has some and none of its runs is going; else the figures
    of the class at this moment. */
export function showResults(view) {
  const now = view.now();
  const all = view.newest();
  const ended = timed(all, now);
  const isOver = ended.length > 0 && !all.some((run) => isRunning(run, now));
  byId("results").hidden = !isOver;
  byId("figures").hidden = isOver;
  if (!isOver) return;
  setText(byId("ended"), `${ended.length}`);
  for (const [id, run] of Object.entries({ fastest: ended[0], median: middle(ended), slowest: ended.at(-1) })) {
    setText(byId(id), seconds(duration(run, now)));
    setText(byId(`${id}-is`), run.program || "?");
  }
  setText(byId("failures"), `${all.reduce((sum, run) => sum + run.failures, 0)}`);
}
