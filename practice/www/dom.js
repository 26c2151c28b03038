// Helpers for the elements of the page. Texts from clients are only ever set as text, never as markup.

export const byId = (id) => document.getElementById(id);

/** Changes a text if it differs; otherwise a reader's selection would be lost. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function create(tag, className = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  return element;
}

export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`;

/** Milliseconds that the server has for a response. */
const TIMEOUT = 5000;

/** The response of the server. Fails with a message for the user. */
export async function request(path, options = {}) {
  try {
    return await fetch(path, { ...options, signal: AbortSignal.timeout(TIMEOUT) });
  } catch (error) {
    throw new Error(error.name === "TimeoutError"
      ? "The server has not responded. Browsers open six connections to a server: is this page open in other windows?"
      : "The server cannot be reached.");
  }
}
