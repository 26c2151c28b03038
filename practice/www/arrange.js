// Events that a student puts in order, with two buttons for each.

import { create, setText } from "./dom.js";

/** The elements for events in this order, which is given by their indices. The form's values `answer`
    are the indices in the order that the student has chosen. */
export function list(events, order) {
  const first = create("p");
  first.textContent = "Put the first one on top:";
  const items = create("ol");
  const news = create("p", "unseen");
  news.setAttribute("role", "status");
  const tell = (item, text) => setText(news, `${text}: ${[...items.children].indexOf(item) + 1} of ${events.length}`);
  items.append(...order.map((index) => row(events[index], index, tell)));
  return [first, items, news];
}

/** An order that differs from phone to phone: else the most frequent one might be the one in which
    students have left the list. */
export function shuffled(events) {
  const drawn = events.map((_, index) => [Math.random(), index]);
  return drawn.sort(([one], [other]) => one - other).map(([, index]) => index);
}

/** An event with its buttons. They move its neighbour: the element that moves would lose the focus. */
function row(text, index, tell) {
  const item = create("li");
  const box = create("div");
  const field = create("input");
  Object.assign(field, { type: "hidden", name: "answer", value: `${index}` });
  const name = create("span");
  name.textContent = text;
  const move = (sign, where, change) => {
    const button = create("button");
    Object.assign(button, { type: "button", textContent: sign, ariaLabel: `Move ${where}: ${text}` });
    button.addEventListener("click", () => {
      change();
      tell(item, text);
    });
    return button;
  };
  const up = move("↑", "up", () => item.previousElementSibling && item.after(item.previousElementSibling));
  const down = move("↓", "down", () => item.nextElementSibling && item.before(item.nextElementSibling));
  box.append(field, name, up, down);
  item.append(box);
  return item;
}
