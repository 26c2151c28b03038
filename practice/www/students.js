// The teacher's controls for names and runs.

import { duration, isRunning, student } from "./classroom.js";
import { change } from "./controls.js";
import { byId, offer, seconds, setText } from "./dom.js";
import { names as reporting } from "./progress.js";

const students = byId("students-form"), runs = byId("runs-form");
const removeOrRestore = runs.querySelector("button");

/** Offers the runs of the experiment that is shown, and its students with those of the exercises. */
export function offerStudents(view) {
  const now = view.now();
  const all = view.all();
  const names = [...new Set([...all.map(student), ...reporting()])].sort((one, other) => one.localeCompare(other));
  offer(students.elements.student, names.map((name) => [name, name]));
  offer(runs.elements.run, all.map((run) => {
    const time = isRunning(run, now) ? "running" : seconds(duration(run, now));
    return [`${run.id}`, `${run.removed ? "removed: " : ""}${run.program || "?"}, ${student(run)}, ${time}`];
  }));
  const chosen = all.find((run) => `${run.id}` === runs.elements.run.value);
  setText(removeOrRestore, chosen?.removed ? "Bring the run back" : "Remove the run");
  removeOrRestore.value = chosen?.removed ? "restore_run" : "remove_run";
}

students.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { student: { value: name }, to } = students.elements;
  // Enter in the field for the new name means to rename.
  const what = document.activeElement === to ? "rename" : event.submitter.value;
  const done = await change({ students: { [what]: what === "rename" ? { student: name, to: to.value } : name } });
  if (done && what === "rename") to.value = "";
});
runs.addEventListener("submit", (event) => {
  event.preventDefault();
  change({ students: { [removeOrRestore.value]: Number(runs.elements.run.value) } });
});
