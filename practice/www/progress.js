// The class's progress in the exercises: a row for each student, a column for each task. Only the
// teacher's page has buttons that remove a message.

import { byId, command, create, request } from "./dom.js";

/** Milliseconds until another attempt. */
const RETRY_AFTER = 2000;

/** The revision that is shown. */
let shown = 0;
let last = { students: [], refusals: {} };
/** The messages that are listed, as JSON. */
let listed = "";

/** The names in the grid. */
export const names = () => last.students.map(({ name }) => name);

/** Shows the progress if it has changed. */
export async function showProgress(known) {
  if (known.progress === shown) return;
  shown = known.progress;
  try {
    const response = await request("/live/progress");
    if (!response.ok) throw new Error(await response.text());
    last = await response.json();
    show();
  } catch {
    setTimeout(() => (shown = -1), RETRY_AFTER);
  }
}

for (const id of ["with-names", "with-messages"]) byId(id).addEventListener("change", show);

function show() {
  const { students, refusals } = last;
  byId("progress").hidden = students.length === 0;
  const tasks = [...new Set(students.flatMap(({ tasks }) => Object.keys(tasks)))].sort();
  const passed = (student) => Object.values(student.tasks).filter(Boolean).length;
  const withNames = byId("with-names").checked;
  const rows = students.toSorted((one, other) => passed(other) - passed(one) || (withNames ? one.name.localeCompare(other.name) : 0));
  byId("grid").replaceChildren(
    row("", tasks.map((task) => cell(task.replace(/^0/, ""), "", `task ${task}`))),
    ...rows.map(({ name, tasks: of }, index) => row(withNames ? name : `${index + 1}`, tasks.map((task) => state(of[task], task)))),
    row("passed", tasks.map((task) => cell(`${students.filter(({ tasks: of }) => of[task]).length} of ${students.length}`))),
  );
  byId("refusals").hidden = !byId("with-messages").checked;
  // A new list would lose the focus.
  if (JSON.stringify(refusals) === listed) return;
  listed = JSON.stringify(refusals);
  byId("refusals").replaceChildren(...Object.entries(refusals).map(([task, refusal]) => item(task.replace(/^0/, ""), refusal)));
}

/** The message that has refused the most students in a task. */
function item(task, { message, students }) {
  const element = create("li");
  const remove = create("button");
  Object.assign(remove, { type: "button", textContent: "Remove" });
  remove.setAttribute("aria-label", `Remove the message of task ${task}`);
  remove.addEventListener("click", () => {
    // The button goes away with its message.
    byId("refusals-result").focus();
    command("/live/controls", { students: { remove_message: message } }, byId("refusals-result"));
  });
  element.append(`Task ${task}, refused most often (${students}): `, ...withCode(message), " ", remove);
  return element;
}

/** A text in which a part between two backticks is code. */
function withCode(text) {
  return text.split(/`([^`]+)`/).map((part, index) => {
    if (index % 2 === 0) return part;
    const code = create("code");
    code.textContent = part;
    return code;
  });
}

function row(title, cells) {
  const element = create("tr");
  const head = create("th");
  head.scope = "row";
  head.textContent = title;
  element.append(head, ...cells);
  return element;
}

function state(passed, task) {
  if (passed === undefined) return cell("", "", `task ${task}: not begun`);
  return passed ? cell("✓", "passed", `task ${task}: passed`) : cell("·", "refused", `task ${task}: not yet`);
}

function cell(text, kind = "", label = "") {
  const element = create("td", kind);
  element.textContent = text;
  if (label) element.title = label;
  return element;
}
