// Helpers for the elements of the lab's pages.

globalThis.lab ??= {};

{
  /** An element with a class, and children: elements or texts. */
  function create(tag, className = "", ...children) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...children);
    return element;
  }

  /** A text in which `code` is marked by backticks. */
  const withCode = (text) => text.split("`").map((part, index) => (index % 2 ? create("code", "", part) : part));

  function button(text, onClick, className = "") {
    const element = create("button", className, text);
    element.type = "button";
    element.addEventListener("click", () => {
      if (element.getAttribute("aria-disabled") !== "true") onClick();
    });
    return element;
  }

  /** Unlike `disabled`, this lets the button keep the focus. */
  const allow = (element, isAllowed) => element.setAttribute("aria-disabled", `${!isAllowed}`);

  lab.dom = { create, withCode, button, allow };
}
