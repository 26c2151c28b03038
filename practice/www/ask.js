// The teacher's form for a question, and the buttons that guide the vote.

import { byId, command, option } from "./dom.js";
import { PROGRAMS, QUESTIONS } from "./questions.js";

const form = byId("ask-form");
const field = (name) => form.elements[name];

field("preset").append(...QUESTIONS.map(({ text }, index) => option(`${index}`, text)));
field("result").append(
  option("seconds", "the median time of all runs"),
  ...PROGRAMS.map((program) => option(`seconds ${program}`, `the median time of ${program}`)),
  ...PROGRAMS.map((program) => option(`peak ${program}`, `the median peak of ${program}`)),
);

field("preset").addEventListener("change", () => {
  const { text = "", unit = "", result = "", options = [], events = [], isRight = false } = QUESTIONS[field("preset").value] ?? {};
  [field("text").value, field("unit").value, field("result").value] = [text, unit, result];
  [field("options").value, field("events").value] = [options.join("\n"), events.join("\n")];
  field("right").checked = isRight;
  field("kind").value = options.length ? "choice" : events.length ? "order" : "number";
  showFields();
});
field("kind").addEventListener("change", showFields);

/** Shows the fields for the kind of answer. */
function showFields() {
  for (const label of form.querySelectorAll("[data-kind]")) label.hidden = label.dataset.kind !== field("kind").value;
}
showFields();

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const question = { text: field("text").value, ...answers[field("kind").value]() };
  if (!await send({ ask: question })) return;
  // The panel would hide the question. Its button is gone with it, and may have had the focus.
  byId("ask").open = false;
  byId("ask").querySelector("summary").focus({ preventScroll: true });
  byId("vote").scrollIntoView({ block: "nearest" });
});

/** The part of a question that describes its answers, for each kind. */
const answers = {
  number: () => ({ unit: field("unit").value, result: field("result").value }),
  choice: () => ({ options: lines("options") }),
  order() {
    const listed = lines("events");
    // Phones get the events sorted, so that the list doesn't give the right order away.
    const events = listed.toSorted();
    return { events, right: field("right").checked ? listed.map((event) => events.indexOf(event)) : [] };
  },
};

/** The lines of a field, or one empty line if there are none: the server refuses it with a message. */
function lines(name) {
  const filled = field(name).value.split("\n").map((line) => line.trim()).filter(Boolean);
  return filled.length ? filled : [""];
}

for (const name of ["close", "show", "again", "remove"]) {
  byId(`vote-${name}`).addEventListener("click", () => send(name));
}

/** Sends a command to the server, and returns whether it was carried out. A refusal opens the panel,
    which shows the server's message. */
async function send(it) {
  const isDone = await command("/live/vote", it, byId("ask-result"));
  if (!isDone) byId("ask").open = true;
  return isDone;
}

/** Offers what can be done now. The controls are hidden from all but the teacher. */
export function offerVote(vote) {
  const isTeacher = !byId("controls").hidden;
  byId("ask").hidden = !isTeacher;
  byId("vote-actions").hidden = !isTeacher;
  byId("vote-close").hidden = !vote?.open;
  byId("vote-show").hidden = !vote || vote.shown;
  byId("vote-again").hidden = !vote || vote.rounds.length > 1;
}
