// The question to the class, as a student's page shows it, and the student's answer.

import { list, shuffled } from "./arrange.js";
import { byId, create, request, setText } from "./dom.js";

/** Milliseconds between two looks for a question. */
const INTERVAL = 1500;

const form = byId("vote");
/** The question that is shown. */
let shown = null;
/** Whether the events are in the random order in which the page has put them. */
let isRandom = false;
/** Whether the server didn't respond the last time. */
let isLost = false;

/** Looks for a question again and again while the page is visible, except while `isBusy()`. */
export function followVote(isBusy) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  form.addEventListener("change", () => {
    if (!isRandom) return;
    isRandom = false;
    byId("send").disabled = false;
    showMine(shown);
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

/** What this page has answered in this round, or `null`. */
function mine(vote) {
  const kept = JSON.parse(localStorage.getItem("answer") ?? "null");
  return kept?.key === key(vote) ? kept.answer : null;
}

function show(vote) {
  const isNew = (vote && key(vote)) !== (shown && key(shown));
  const hasClosed = shown?.open && !vote?.open;
  const before = shown;
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
    // In a second vote, the list keeps the order in which the student left it.
    const stays = vote.question.events.length > 0 && JSON.stringify(before?.question) === JSON.stringify(vote.question);
    if (!stays) {
      byId("answers").replaceChildren(...fields(vote.question, mine(vote)));
      isRandom = vote.question.events.length > 0 && mine(vote) === null;
    }
  }
  for (const element of form.elements) element.disabled = !vote.open;
  if (isRandom) byId("send").disabled = true;
  if (isNew || hasClosed || isLost) showMine(vote);
  isLost = false;
}

/** The fields for an answer: a number, one of the options, or an order. */
function fields({ options, events, unit }, answer) {
  if (events.length) return list(events, answer ?? shuffled(events));
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
  const answered = mine(vote);
  setText(byId("vote-result"), answered === null ? unanswered(vote)
    : `Your answer: ${inWords(vote.question, answered)}. ${vote.open ? "You can change it until the vote is closed." : "The vote is closed."}`);
}

/** What the page says to a student who hasn't answered yet. */
function unanswered({ open }) {
  if (!open) return "The vote is closed. You haven’t sent an answer.";
  return isRandom ? "This order is random. Move an event before you send it." : "";
}

function inWords({ options, events, unit }, answer) {
  if (events.length) return answer.map((index) => events[index]).join(" → ");
  return options.length ? options[answer] : `${answer} ${unit}`.trim();
}

async function send() {
  const vote = shown;
  const all = new FormData(form).getAll("answer").map(Number);
  const answer = vote.question.events.length ? all : all[0];
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
