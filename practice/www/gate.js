// What requests and runs wait for, in words.

import { student } from "./classroom.js";
import { byId, setText } from "./dom.js";

/** Says who is here, while the gate is closed. */
export function showGate(view) {
  const text = inWords(view);
  byId("gate").parentElement.hidden = text === null;
  if (text !== null) setText(byId("gate"), text);
  byId("start-here").hidden = !view.rules.start || byId("controls").hidden;
}

function inWords(view) {
  const { totals: { in_flight: inFlight }, rules: { gate, start } } = view;
  if (start) {
    // Without the teacher's number, those count that have run anything before.
    const known = new Set([...view.runs.values()].map(student)).size;
    const all = start.expected ?? (known > start.here ? known : null);
    const number = all === null ? `${start.here}` : `${start.here} of ${all}`;
    return `${number} ${number === "1" ? "is" : "are"} here. All wait for the start.`;
  }
  if (gate === "timed out") return "The gate did not open in time: all images are refused until you open it.";
  return gate === null ? null : `The gate is closed: ${inFlight} of ${gate} requests are here.`;
}
