// The pinned runs: at most two, shown first, and replayed on one clock.

const MAX_PINS = 2;

/** The ids of the pinned runs. */
let pins = [];

export const isPinned = (id) => pins.includes(id);

/** Pins a run, or releases it. The third pin releases the first one. */
export function togglePin(id) {
  pins = isPinned(id) ? pins.filter((pin) => pin !== id) : [...pins, id].slice(-MAX_PINS);
}

/** The pinned runs, of any experiment, as long as the page has them. */
export function pinned(view) {
  return pins.map((id) => view.runs.get(id)).filter((run) => run?.bars.size > 0 && !run.removed);
}
