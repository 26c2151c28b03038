// Events that a student puts in order, with two buttons for each.

import { create, setText } from "./dom.js";

/** The elements for the events in `order`, a list of their indices. The form's `answer` values are the
    indices in the order that the student has chosen. */
export function list(events, order) {
  const first = create("p");
  first.textContent = "Put the first event at the top:";
  const items = create("ol");
  const news = create("p", "unseen");
  news.setAttribute("role", "status");
  const tell = (item, text) => setText(news, `${text}: ${[...items.children].indexOf(item) + 1} of ${events.length}`);
  items.append(...order.map((index) => row(events[index], index, tell)));
  return [first, items, news];
}

/** A random order, so that it differs from phone to phone. With a fixed order, the most frequent answer
    might be the list as students found it. */
export function shuffled(events) {
  const drawn = events.map((_, index) => [Math.random(), index]);
  return drawn.sort(([one], [other]) => one - other).map(([, index]) => index);
}

/** An event with its buttons. They move its neighbour, because an element that moves loses the focus. */
function row(text, index, tell) {
  const item = create("li");
  const box = create("div");
  const field = create("input");
  Object.assign(field, { type: "hidden", name: "answer", value: `${index}` });
  const name = create("span");
  name.textContent = text;
  const move = (sign, where, change) => {
    const button = create("button");
    Object.assign(button, { type: "button", textContent: sign });
    button.setAttribute("aria-label", `Move ${where}: ${text}`);
    button.addEventListener("click", () => {
      const before = item.previousElementSibling;
      change();
      tell(item, text);
      if (item.previousElementSibling !== before) item.dispatchEvent(new Event("change", { bubbles: true }));
    });
    return button;
  };
  const up = move("↑", "up", () => item.previousElementSibling && item.after(item.previousElementSibling));
  const down = move("↓", "down", () => item.nextElementSibling && item.before(item.nextElementSibling));
  box.append(field, name, up, down);
  item.append(box);
  return item;
}
