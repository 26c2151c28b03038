// Helpers for the elements of the page. Texts from clients are only ever set as text, never as markup.

export const byId = (id) => document.getElementById(id);

/** Sets a text only if it differs: setting the same text would clear the reader's selection. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function create(tag, className = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  return element;
}

/** An option of a list, with its value and its text. */
export function option(value, text) {
  const element = create("option");
  [element.value, element.text] = [value, text];
  return element;
}

/** Shows these options, each a value and a text, and keeps the chosen one. */
export function offer(select, options) {
  const there = [...select.options].map((option) => [option.value, option.text]);
  if (JSON.stringify(options) === JSON.stringify(there)) return;
  const chosen = select.value;
  select.replaceChildren(...options.map(([value, text]) => option(value, text)));
  if (options.some(([value]) => value === chosen)) select.value = chosen;
}

export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`;

/** Saves a file as if the user had downloaded it. */
export function save(blob, name) {
  const link = create("a");
  [link.href, link.download] = [URL.createObjectURL(blob), name];
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Limits the time until a response, in milliseconds. */
const TIMEOUT = 5000;

/** Sends a request and returns the response. Throws an error with a message for the user. */
export async function request(path, options = {}) {
  try {
    return await fetch(path, { ...options, signal: AbortSignal.timeout(TIMEOUT) });
  } catch (error) {
    throw new Error(error.name === "TimeoutError"
      ? "The server has not responded. Browsers open six connections to a server: is this page open in other windows?"
      : "The server cannot be reached.");
  }
}

/** The header by which the server knows the teacher. */
export const teacher = () => ({ "x-practice-token": sessionStorage.getItem("token") ?? "" });

/** Sends what the teacher wants, and shows the server's words in `result`. Returns whether it was done. */
export async function command(path, values, result) {
  result.textContent = "…";
  try {
    const response = await request(path, { method: "POST", headers: teacher(), body: JSON.stringify(values) });
    result.textContent = await response.text();
    return response.ok;
  } catch (error) {
    result.textContent = error.message;
    return false;
  }
}
