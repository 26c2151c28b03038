// The teacher's controls. The server decides who may use them: this machine, or who has the token.

const byId = (id) => document.getElementById(id);
const form = byId("controls-form");
const gateForm = byId("gate-form");

/** Keeps the token of `#token=…`, and takes it out of the address: others may see the screen. */
function keepToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    sessionStorage.setItem("token", given);
    history.replaceState(null, "", location.pathname);
  }
}

keepToken();
// Somebody may open the address with the token where the page is open already.
addEventListener("hashchange", () => {
  keepToken();
  offerControls();
});

const headers = () => ({ "x-practice-token": sessionStorage.getItem("token") ?? "" });

/** Asks the server for a change; returns whether it has agreed. */
async function wish(change) {
  const answer = byId("controls-answer");
  try {
    const body = JSON.stringify(change);
    const response = await fetch("/live/controls", { method: "POST", headers: headers(), body });
    answer.textContent = await response.text();
    return response.ok;
  } catch {
    answer.textContent = "The server cannot be reached.";
    return false;
  }
}

const number = (input) => (input.value === "" ? null : Number(input.value));

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const edited = [...form.elements].filter((element) => element.dataset.edited);
  const change = Object.fromEntries(edited.map((input) => [input.name, number(input)]));
  if (!await wish(change)) return;
  // What was typed while the wish was on its way is not lost.
  for (const input of edited) if (number(input) === change[input.name]) delete input.dataset.edited;
});
form.addEventListener("input", (event) => (event.target.dataset.edited = "yes"));
gateForm.addEventListener("submit", (event) => {
  event.preventDefault();
  wish({ gate: number(gateForm.elements.gate) });
});
byId("open-gate").addEventListener("click", () => wish({ gate: null }));

/** Shows the controls to whom the server allows them. */
export async function offerControls() {
  const response = await fetch("/live/controls", { headers: headers() }).catch(() => null);
  byId("controls").hidden = !response?.ok;
}

/** What holds now, except where somebody is about to change it. */
export function showRules(rules) {
  for (const input of form.elements) {
    if (!input.name || input.dataset.edited) continue;
    const value = rules[input.name] === null ? "" : `${rules[input.name]}`;
    if (input.value !== value) input.value = value;
  }
}
