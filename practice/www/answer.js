// The question to the class, as a student's page shows it, and the student's answer.

import { byId, create, request, setText } from "./dom.js";

/** Milliseconds between two looks for a question. */
const INTERVAL = 1500;

const form = byId("vote");
/** The question that is shown. */
let shown = null;
/** Whether the server didn't respond the last time. */
let isLost = false;

/** Looks for a question again and again while the page is visible, except while `isBusy()`. */
export function followVote(isBusy) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  const look = async () => {
    if (!document.hidden && !isBusy()) await update();
    setTimeout(look, INTERVAL);
  };
  look();
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && !isBusy()) update();
  });
}

/** Shows the question as the server has it now. */
async function update() {
  try {
    const response = await request("/live/vote");
    if (!response.ok) return setText(byId("vote-result"), await response.text());
    show(await response.json());
  } catch (error) {
    isLost = true;
    setText(byId("vote-result"), error.message);
  }
}

/** Tells rounds apart, even those of a server that was started again. */
const key = (vote) => JSON.stringify([vote.id, vote.rounds.length, vote.question]);

function show(vote) {
  const isNew = (vote && key(vote)) !== (shown && key(shown));
  const hasClosed = shown?.open && !vote?.open;
  shown = vote;
  form.hidden = !vote;
  if (!vote) {
    setText(byId("question"), "No question at the moment");
    setText(byId("vote-result"), "When your teacher asks one, it appears here.");
    return;
  }
  if (isNew) {
    setText(byId("question"), vote.question.text);
    setText(byId("round"), vote.rounds.length > 1 ? "Second vote" : "Your guess");
    byId("answers").replaceChildren(...fields(vote.question));
  }
  for (const element of form.elements) element.disabled = !vote.open;
  if (isNew || hasClosed || isLost) showMine(vote);
  isLost = false;
}

/** The fields for an answer: a number, or one of the options. */
function fields({ options, unit }) {
  if (options.length === 0) {
    const label = create("label");
    const input = create("input");
    Object.assign(input, { name: "answer", type: "number", min: "0", max: "1000000000", step: "any", required: true, inputMode: "decimal" });
    const after = create("span");
    after.textContent = unit || "(a number)";
    label.append(input, after);
    return [label];
  }
  return options.map((option, index) => {
    const label = create("label");
    const input = create("input");
    Object.assign(input, { name: "answer", type: "radio", value: `${index}`, required: true });
    const text = create("span");
    text.textContent = option;
    label.append(input, text);
    return label;
  });
}

/** Says what this page has answered. */
function showMine(vote) {
  const kept = JSON.parse(localStorage.getItem("answer") ?? "null");
  const mine = kept?.key === key(vote) ? inWords(vote.question, kept.answer) : null;
  const answer = mine ? `Your answer: ${mine}.` : "";
  const then = vote.open ? (mine ? "You can change it until the vote is closed." : "") : "The vote is closed.";
  setText(byId("vote-result"), [answer, then].filter(Boolean).join(" "));
}

function inWords({ options, unit }, answer) {
  return options.length ? options[answer] : `${answer} ${unit}`.trim();
}

async function send() {
  const vote = shown;
  const answer = Number(new FormData(form).get("answer"));
  const body = JSON.stringify({ id: vote.id, round: vote.rounds.length, voter: voter(), value: answer });
  setText(byId("vote-result"), "…");
  try {
    const response = await request("/live/answer", { method: "POST", body });
    if (!response.ok) {
      setText(byId("vote-result"), await response.text());
      return;
    }
    localStorage.setItem("answer", JSON.stringify({ key: key(vote), answer }));
    // It may be closed or gone meanwhile.
    if (shown && key(shown) === key(vote)) showMine(shown);
  } catch (error) {
    setText(byId("vote-result"), error.message);
  }
}

/** A random id of this browser. It makes a second answer replace the first one, and says nothing about
    the student. */
function voter() {
  let id = localStorage.getItem("voter");
  if (!id) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    id = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    localStorage.setItem("voter", id);
  }
  return id;
}
