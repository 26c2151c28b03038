// The question to the class, as the live view shows it: how many have answered, and then what.

import { offerVote } from "./ask.js";
import { duration } from "./classroom.js";
import { byId, setText } from "./dom.js";
import { showChoices, showNumbers, showOrders } from "./guesses.js";
import { middle, timed } from "./results.js";

let vote = null;
/** What the answers looked like the last time. */
let look = "";

/** Takes the vote from one of the server's events. */
export function receiveVote(latest) {
  vote = latest;
}

/** Shows the vote, and the measured result from the runs of the view. */
export function showVote(view) {
  offerVote(vote);
  byId("vote").hidden = !vote;
  if (!vote) return;
  const { question, rounds, open, shown } = vote;
  setText(byId("vote-title"), question.text);
  setText(byId("answered"), `${rounds.at(-1).answered}`);
  setText(byId("answered-unit"), rounds.at(-1).answered === 1 ? "answer" : "answers");
  const which = rounds.length > 1 ? "second vote" : "vote";
  setText(byId("vote-state"), shown ? "" : open ? `The ${which} is open.` : `The ${which} is closed.`);
  byId("vote-address").hidden = !open;
  showAnswers(vote, shown ? measured(view, vote) : null);
}

function showAnswers({ question, right, rounds, shown }, result) {
  const box = byId("guesses");
  const latest = shown ? JSON.stringify([question, right, rounds, result, box.clientWidth]) : "";
  if (latest === look) return;
  look = latest;
  if (!shown) box.replaceChildren();
  else if (question.options.length) showChoices(box, question.options, rounds);
  else if (question.events.length) showOrders(box, question.events, right, rounds);
  else showNumbers(box, question.unit, rounds, result);
}

/** What the guesses are compared with: the median of what `result` names, over the runs that have begun
    since the question, have ended, and have received something; `null` if there are none. */
function measured(view, { question: { result }, asked_at: since }) {
  const [what, program] = result.split(" ");
  if (what !== "seconds" && what !== "peak") return null;
  const now = view.now();
  const isMeant = (run) => run.began >= since && (!program || run.program === program);
  const runs = timed(view.newest().filter(isMeant), now);
  if (runs.length === 0) return null;
  const values = runs.map((run) => (what === "peak" ? run.peak : duration(run, now) / 1000));
  const value = Number(middle(values.sort((one, other) => one - other)).toFixed(2));
  const of = `${runs.length} ${runs.length === 1 ? "run" : "runs"}${program ? ` of ${program}` : ""}`;
  return { value, of: runs.length === 1 ? of : `median of ${of}` };
}
