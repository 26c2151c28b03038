// The game: a level is made to fail, then repaired. Progress is kept in this browser, and the address
// holds the level, the program and the schedule: #lost-update/broken/abab.

{
  const { create, withCode, button, allow } = lab.dom;
  const { levels, machine, names, picture } = lab;
  const STORE = "be-the-scheduler";
  const BROKEN = "broken";

  const root = document.getElementById("lab");
  /** What the reader has reached in each level: "failed", then "repaired". */
  const progress = load();
  let level = levels[0];
  let repair = BROKEN;
  /** The schedule, of which `position` steps are taken: stepping back keeps the rest. */
  let schedule = [];
  let position = 0;
  let drawn = [];
  const parts = layout();

  const program = () => machine.program(level, level.repairs.find(({ id }) => id === repair));
  const isBroken = () => repair === BROKEN;

  // ---- progress and address

  function load() {
    try {
      return JSON.parse(localStorage.getItem(STORE)) ?? {};
    } catch {
      return {};
    }
  }

  function reach(stage) {
    if (progress[level.id] === "repaired") return;
    progress[level.id] = stage;
    try {
      localStorage.setItem(STORE, JSON.stringify(progress));
    } catch {
      // A browser may forbid it: progress then ends with the page.
    }
    drawLevels();
  }

  const solved = () => levels.filter(({ id }) => progress[id] === "repaired").length;
  const letters = () => schedule.slice(0, position).map((me) => names[me].toLowerCase()).join("");

  /** Opens what the address says; false if it says nothing. */
  function openAddress() {
    const [id, which = BROKEN, steps = ""] = location.hash.slice(1).split("/");
    const found = levels.find((each) => each.id === id);
    if (!found) return false;
    const known = found.repairs.some((each) => each.id === which);
    openProgram(found, known ? which : BROKEN, [...steps].map((letter) => names.indexOf(letter.toUpperCase())));
    return true;
  }

  // ---- moves

  /** Shows a program, with the steps of a schedule taken or still to come. */
  function openProgram(newLevel, newRepair, steps = [], taken = steps.length) {
    const isNewLevel = level !== newLevel;
    level = newLevel;
    repair = newRepair;
    schedule = machine.play(program(), steps).steps.map(({ me }) => me);
    position = Math.min(taken, schedule.length);
    drawProgram(isNewLevel);
    update();
  }

  function step(me) {
    const { states } = machine.play(program(), schedule.slice(0, position));
    if (!machine.canStep(program(), states.at(-1), me)) return;
    schedule = [...schedule.slice(0, position), me];
    move(position + 1);
  }

  function move(to) {
    if (to < 0 || to > schedule.length) return;
    position = to;
    update();
    history.replaceState(null, "", `#${level.id}/${repair}/${letters()}`);
  }

  function showFailing() {
    openProgram(level, BROKEN, machine.explore(program()).shortest, 0);
    parts.repairs.hidden = false;
    parts.verdict.replaceChildren("Here is a schedule that fails. Step through it with Forward.");
  }

  function predict(guess) {
    const { schedules, fail, shortest } = machine.explore(program());
    const count = schedules === 1 ? "There is only one schedule" : `There are ${schedules} schedules`;
    const result = fail ? `${fail} of them fail${fail === 1 ? "s" : ""}` : "none of them fails";
    if (fail) openProgram(level, repair, shortest, 0);
    else reach("repaired");
    const { why } = level.repairs.find(({ id }) => id === repair);
    parts.result.className = `result ${fail ? "fail" : "good"}`;
    parts.result.replaceChildren(
      create("p", "", create("strong", "", (fail > 0) === guess ? "Your prediction is right. " : "Your prediction is wrong. "), `${count}; ${result}.`),
      create("p", "", ...withCode(why)),
      create("p", "", fail ? "The shortest schedule that fails is above: step through it with Forward. Then choose another repair." : `The level is solved: ${solved()} of ${levels.length}.`),
    );
    parts.next.hidden = Boolean(fail) || level === levels.at(-1);
  }

  // ---- drawing

  function layout() {
    const part = (tag, className = "") => create(tag, className);
    const all = {
      levels: part("ol", "levels"), title: part("h3"), goal: part("p", "goal"), about: part("p", "about"), setup: part("div", "setup"),
      threads: part("div", "threads"), state: part("div"), verdict: part("div", "verdict"), schedule: part("div"),
      repairs: part("div"), choices: part("fieldset"), predict: part("div", "predict"), result: part("div", "result"), news: part("p", "unseen"),
      back: button("Back", () => move(position - 1)), forward: button("Forward", () => move(position + 1)),
      restart: button("Restart", () => move(0)), hint: button("Show me how it fails", showFailing),
      next: button("Next level", () => {
        openProgram(levels[levels.indexOf(level) + 1], BROKEN);
        move(0);
        all.title.focus();
      }, "main"),
    };
    all.levels.append(...levelButtons());
    for (const live of [all.verdict, all.result, all.news]) live.setAttribute("role", "status");
    all.title.tabIndex = -1;
    all.back.setAttribute("aria-keyshortcuts", "Control+Z");
    all.forward.setAttribute("aria-keyshortcuts", "Control+Y");
    const nav = create("nav", "", all.levels);
    nav.setAttribute("aria-label", "Levels");
    const controls = create("div", "controls", all.back, all.forward, all.restart, all.hint);
    all.predict.append(create("p", "", create("strong", "", "Predict: can it still fail?")),
      create("div", "controls", button("Yes, it can", () => predict(true)), button("No, never", () => predict(false))));
    all.repairs.append(all.choices, all.predict, all.result, create("div", "controls", all.next));
    root.classList.add("lab");
    root.tabIndex = -1;
    root.replaceChildren(nav, all.title, all.goal, all.about, all.setup, all.threads, all.state, controls, all.verdict, all.schedule, all.repairs, all.news);
    return all;
  }

  function levelButtons() {
    return levels.map((each) => create("li", "", button("", () => {
      openProgram(each, BROKEN);
      move(0);
    })));
  }

  /** Changes the buttons instead of replacing them, so that they keep the focus. */
  function drawLevels() {
    const signs = { failed: " •", repaired: " ✓" };
    const words = { failed: ", made to fail", repaired: ", solved" };
    levels.forEach((each, index) => {
      const open = parts.levels.children[index].firstChild;
      open.replaceChildren(create("span", "", `${index + 1}${signs[progress[each.id]] ?? ""}`));
      open.setAttribute("aria-label", `Level ${index + 1}: ${each.title.replaceAll("`", "")}${words[progress[each.id]] ?? ""}`);
      if (each === level) open.setAttribute("aria-current", "true");
      else open.removeAttribute("aria-current");
    });
  }

  function drawProgram(isNewLevel) {
    if (isNewLevel || !parts.choices.childElementCount) drawLevel();
    const shown = program();
    const known = isBroken() ? null : level.threads.map((lines) => lines.map(({ code }) => code));
    drawn = picture.columns(shown, known, step);
    parts.threads.replaceChildren(...drawn.map(({ element }) => element));
    parts.setup.hidden = !shown.setup.length;
    parts.setup.replaceChildren(...shown.setup.map((line) => create("code", "", line)));
    for (const input of parts.choices.querySelectorAll("input")) input.checked = input.value === repair;
    parts.predict.hidden = isBroken();
    parts.result.replaceChildren();
    parts.next.hidden = true;
  }

  function drawLevel() {
    drawLevels();
    parts.title.replaceChildren(`Level ${levels.indexOf(level) + 1}: `, ...withCode(level.title));
    parts.goal.replaceChildren(...withCode(level.goal));
    const [chapter, exercise] = [level.chapter, [`exercises/${level.exercise[0]}.html`, level.exercise[1]]]
      .map(([address, text]) => Object.assign(create("a", "", text), { href: address }));
    parts.about.replaceChildren("Chapter: ", chapter, ". Exercise: ", exercise, `. Often believed: “${level.misconception}”`);
    const choices = [{ id: BROKEN, label: "No repair: the program as it was" }, ...level.repairs];
    parts.choices.replaceChildren(create("legend", "", "Choose a repair"), ...choices.map(({ id, label }) => {
      const input = Object.assign(create("input"), { type: "radio", name: "repair", value: id });
      input.addEventListener("change", () => {
        openProgram(level, id);
        move(0);
      });
      return create("label", "", input, create("span", "", ...withCode(label)));
    }));
    parts.repairs.hidden = !progress[level.id] && isBroken();
  }

  function update() {
    const played = machine.play(program(), schedule);
    const state = played.states[position];
    const last = played.steps[position - 1];
    picture.updateColumns(drawn, program(), state, last);
    parts.state.replaceChildren(picture.stateList(state));
    const caption = position < schedule.length ? `The schedule: ${position} of ${schedule.length} steps taken` : "The schedule so far";
    parts.schedule.replaceChildren(...(schedule.length ? [picture.table(program(), played, position, caption)] : []));
    allow(parts.back, position > 0);
    allow(parts.forward, position < schedule.length);
    allow(parts.restart, position > 0);
    parts.hint.hidden = !isBroken();
    parts.news.replaceChildren(last ? `${names[last.me]} ran. ${picture.changes(played.states[position - 1], state, last)}` : "");
    drawVerdict(machine.outcome(program(), state));
  }

  function drawVerdict(ended) {
    parts.verdict.className = `verdict ${ended ? (ended.isRight ? "good" : "fail") : ""}`;
    parts.verdict.replaceChildren();
    if (!ended) return;
    const result = ended.text === "deadlock" ? "a deadlock. Nothing can run." : `${ended.text}.`;
    parts.verdict.append(create("p", "", create("strong", "", ended.isRight ? "This schedule ends well: " : "It fails: "), result));
    if (ended.isRight) parts.verdict.append(create("p", "", "Step back, or restart, and try another order."));
    if (ended.isRight || !isBroken()) return;
    reach("failed");
    const { schedules, fail } = machine.explore(program());
    const count = `Of all ${schedules} schedules, ${fail} fail${fail === 1 ? "s" : ""}. Now choose a repair below.`;
    parts.verdict.append(create("p", "", ...withCode(level.won)), create("p", "", count));
    parts.repairs.hidden = false;
  }

  // ---- keys

  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // An arrow key would leave the game: mdBook turns its pages with them.
    event.stopPropagation();
    const me = names.indexOf(event.key.toUpperCase());
    if (me >= 0 && me < drawn.length) step(me);
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.target.matches("input[type=search], input[type=text]")) return;
    const key = event.key.toLowerCase();
    const change = key === "y" || (key === "z" && event.shiftKey) ? 1 : key === "z" ? -1 : 0;
    if (!change) return;
    event.preventDefault();
    move(position + change);
  });

  addEventListener("hashchange", openAddress);
  const open = levels.find(({ id }) => progress[id] !== "repaired") ?? levels[0];
  if (!openAddress()) openProgram(open, BROKEN);
}
