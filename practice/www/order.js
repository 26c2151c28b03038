// Which runs are listed, and in which order. The page remembers the order.

import { duration, isRunning, student } from "./classroom.js";
import { byId, setText } from "./dom.js";

/** What the page remembers, as long as its tab is open. */
const KEY = "order";

/** Small letters without accents, so that "zoe" finds Zoë. */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const ORDERS = {
  newest: () => (one, other) => other.id - one.id,
  fastest: (now) => {
    const time = (run) => (isRunning(run, now) ? Infinity : duration(run, now));
    return (one, other) => (time(one) === time(other) ? other.id - one.id : time(one) - time(other));
  },
  name: () => (one, other) => student(one).localeCompare(student(other)) || other.id - one.id,
};

/** Calls `onChange` after each change of the user. */
export function offerOrder(onChange) {
  const { order = "newest", grouped = true } = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  byId("sorting").value = order;
  byId("grouped").checked = grouped;
  for (const id of ["find", "sorting", "grouped"]) {
    byId(id).addEventListener("input", () => {
      sessionStorage.setItem(KEY, JSON.stringify({ order: byId("sorting").value, grouped: byId("grouped").checked }));
      onChange();
    });
  }
}

/** The runs of the experiment whose student or program has the searched text, in the chosen order. */
export function listed(view) {
  const words = plain(byId("find").value.trim());
  const found = view.newest().filter((run) => plain(`${run.program} ${student(run)}`).includes(words));
  return found.sort(ORDERS[byId("sorting").value](view.now()));
}

/** The runs, each with the name of its group; those of a group follow each other. */
export function grouped(runs) {
  const groups = Map.groupBy(runs, (run) => (byId("grouped").checked ? run.program || "?" : ""));
  return [...groups].sort(([one], [other]) => one.localeCompare(other, "en", { numeric: true }));
}

/** Says how many of the runs have a chart, if not all have. */
export function showCount(view, shown) {
  const runs = view.newest();
  const all = runs.filter((run) => run.bars.size > 0).length;
  // Runs that wait for the start have no charts.
  byId("nothing").hidden = shown > 0 || (all === 0 && runs.length > 0);
  document.body.classList.toggle("empty", runs.length === 0);
  setText(byId("nothing"), all ? "No run matches." : "No program has requested an album yet.");
  setText(byId("count"), shown < all ? `${shown} of ${all} runs` : "");
}
