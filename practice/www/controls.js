// The teacher's controls. The server allows them on its own machine, and with the token.

import { byId, command, request, teacher } from "./dom.js";

const form = byId("controls-form");
const gateForm = byId("gate-form");
const startForm = byId("start-form");
const experimentForm = byId("experiment-form");

/** Stores the token from `#token=…` and removes it from the address bar, which others may see. */
function keepToken() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token) {
    sessionStorage.setItem("token", token);
    history.replaceState(null, "", location.pathname);
  }
}

keepToken();
// Opening the address with the token in this tab changes only the hash, and loads nothing.
addEventListener("hashchange", () => {
  keepToken();
  offerControls();
});

/** Requests a change from the server, and returns whether it was made. */
export const change = (values) => command("/live/controls", values, byId("controls-result"));

/** The rules as they are, before the last change, and at the server's start. */
let current = null, earlier = null, first = {};

/** Changes rules, and remembers what they were. */
async function changeRules(values) {
  const before = Object.fromEntries(Object.keys(values).map((name) => [name, current[name]]));
  if (!await change(values)) return false;
  earlier = before;
  byId("undo").disabled = false;
  return true;
}

byId("undo").addEventListener("click", () => changeRules(earlier));
byId("defaults").addEventListener("click", () => changeRules(first));

const number = (input) => (input.value === "" ? null : Number(input.value));

/** What a field of the form for the rules says. */
function value(field) {
  if (field.type === "checkbox") return field.checked;
  return field.tagName === "SELECT" ? field.value : number(field);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const edited = [...form.elements].filter((element) => element.dataset.edited);
  const values = Object.fromEntries(edited.map((input) => [input.name, value(input)]));
  if (!await changeRules(values)) return;
  // A field that was edited again meanwhile keeps its text.
  for (const input of edited) if (value(input) === values[input.name]) delete input.dataset.edited;
});
form.addEventListener("input", (event) => (event.target.dataset.edited = "yes"));
experimentForm.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await change({ experiment: experimentForm.elements.experiment.value })) experimentForm.reset();
});
startForm.addEventListener("submit", (event) => {
  event.preventDefault();
  change({ wait_for_start: number(startForm.elements.expected) });
});
gateForm.addEventListener("submit", (event) => {
  event.preventDefault();
  change({ gate: number(gateForm.elements.gate) });
});
for (const id of ["start", "start-here", "open-gate"]) byId(id).addEventListener("click", () => change({ gate: null }));

/** Shows the controls if the server accepts changes from this page. */
export async function offerControls() {
  try {
    const response = await request("/live/controls", { headers: teacher() });
    byId("controls").hidden = !response.ok;
    if (response.ok) first = await response.json();
  } catch (error) {
    // The controls stay as they are until the server responds.
    byId("controls-result").textContent = error.message;
  }
}

/** Shows the current rules, except in fields that are being edited. */
export function showRules(rules) {
  current = rules;
  for (const input of form.elements) {
    if (!input.name || input.dataset.edited) continue;
    const rule = rules[input.name];
    if (input.type === "checkbox") input.checked = rule;
    else if (input.value !== `${rule ?? ""}`) input.value = rule ?? "";
  }
}
