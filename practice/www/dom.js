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
