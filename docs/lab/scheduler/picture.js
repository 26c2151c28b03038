// Draws a program, its state, and the schedule so far. Nothing here changes the game.

{
  const { create, button, allow } = lab.dom;
  const { names, machine } = lab;

  const show = (value) => (Array.isArray(value) ? `[${value.join(", ")}]` : `${value ?? "None"}`);
  const list = (threads) => threads.map((thread) => names[thread]).join(" and ");
  const kind = (program) => (program.tasks ? "Task" : "Thread");

  // ---- the threads

  /** A column for each thread: a button that runs its next step, its status, and its lines. `known` are
      the lines of the broken program: others are marked as new. */
  function columns(program, known, onStep) {
    return program.threads.map((lines, me) => {
      const run = button(`Run ${names[me]}`, () => onStep(me), "run");
      run.setAttribute("aria-keyshortcuts", names[me].toLowerCase());
      const items = lines.map(({ code }) => item(code, known && !known[me]?.includes(code)));
      const status = create("p", "status");
      const head = create("h4", "", `${kind(program)} ${names[me]}`);
      const element = create("section", `thread t${me}`, create("div", "head", head, run), create("ol", "code", ...items), status);
      return { element, run, items, status };
    });
  }

  function item(code, isNew) {
    const line = create("li", isNew ? "new" : "", create("code", "", code));
    if (isNew) line.prepend(create("span", "unseen", "new: "));
    return line;
  }

  function updateColumns(drawn, program, state, last) {
    drawn.forEach(({ run, items, status }, me) => {
      const { line, ended, my } = state.threads[me];
      items.forEach((element, index) => {
        element.classList.toggle("current", !ended && index === line);
        element.classList.toggle("ran", last?.me === me && last.lines.includes(index));
        if (!ended && index === line) element.setAttribute("aria-current", "step");
        else element.removeAttribute("aria-current");
      });
      const reason = machine.reason(program, state, me);
      allow(run, !reason);
      const own = Object.entries(my).map(([name, value]) => `${name} = ${show(value)}`).join(", ");
      status.replaceChildren(reason ? `${names[me]} ${reason}.` : `${names[me]} can run.`, own ? ` Its own: ${own}.` : "");
      status.classList.toggle("blocked", Boolean(reason) && !ended);
    });
  }

  // ---- the state

  /** Name and description of everything that the threads share. */
  function facts(state) {
    const all = [];
    for (const [name, value] of Object.entries(state.vars)) all.push([name, show(value)]);
    for (const [name, owner] of Object.entries(state.locks)) {
      all.push([name in state.vars ? `lock of ${name}` : name, owner === null ? "free" : `held by ${names[owner]}`]);
    }
    for (const [name, signals] of Object.entries(state.signals)) {
      const asleep = state.threads.flatMap((thread, index) => (thread.asleep === name ? [index] : []));
      const woken = signals.map((threads) => ` One wake-up for ${threads.map((thread) => names[thread]).join(" or ")}.`).join("");
      all.push([name, asleep.length ? `${list(asleep)} ${asleep.length > 1 ? "wait" : "waits"}.${woken}` : "no thread waits"]);
    }
    for (const [name, { bound, queue }] of Object.entries(state.channels)) {
      all.push([name, `${show(queue)}${bound === null ? "" : `, holds at most ${bound}`}`]);
    }
    if (state.printed.length) all.push(["printed", state.printed.join(", ")]);
    return all;
  }

  const stateList = (state) => create("dl", "state", ...facts(state).map(([name, text]) =>
    create("div", "", create("dt", "", name), create("dd", "", text))));

  /** What a step has changed, in words. */
  function changes(before, after, { me, writes }) {
    const old = new Map(facts(before));
    const shared = facts(after).filter(([name, text]) => writes.has(name) || old.get(name) !== text).map(([name, text]) => `${name}: ${text}`);
    const own = Object.entries(after.threads[me].my)
      .filter(([name, value]) => show(before.threads[me].my[name]) !== show(value) || !(name in before.threads[me].my))
      .map(([name, value]) => `${name} = ${show(value)}`);
    return [...own, ...shared].join("; ");
  }

  // ---- the schedule

  /** The steps in one column for each thread. Those behind `position` are still to come. */
  function table(program, { states, steps }, position, caption) {
    const head = create("tr", "", heading("", "step"), ...program.threads.map((_, me) => heading(`t${me}`, `${kind(program)} ${names[me]}`)));
    const rows = steps.map((step, index) => row(program, step, index, states, position));
    return create("table", "schedule", create("caption", "", caption), create("thead", "", head), create("tbody", "", ...rows));
  }

  function heading(className, text) {
    const cell = create("th", className, text);
    cell.scope = "col";
    return cell;
  }

  function row(program, step, index, states, position) {
    const { me, lines } = step;
    const number = create("th", "", `${index + 1}`);
    number.scope = "row";
    const cells = program.threads.map((thread, other) => {
      if (other !== me) return create("td");
      const code = lines.map((line) => create("code", "", thread[line].code.trim().split("\n")[0]));
      const change = changes(states[index], states[index + 1], step);
      return create("td", `t${me}`, ...code, create("small", "", index < position ? change : ""));
    });
    const element = create("tr", index < position ? "" : "later", number, ...cells);
    if (index === position - 1) element.classList.add("last");
    return element;
  }

  lab.picture = { columns, updateColumns, stateList, changes, table };
}
