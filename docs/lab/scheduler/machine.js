// Runs a program one step at a time, and explores all its schedules.
//
// A program has `threads` (a list of lines each), the first values of `vars`, the names of its `locks`
// and `condvars`, its `channels` (name to bound), and says which outcomes are right. In a program of
// `tasks` a step goes on to the next line that suspends; in one of threads, each line is a step.

{
  const copy = (value) => JSON.parse(JSON.stringify(value));

  /** The state before the first step. */
  function start(program) {
    const fill = (names, value) => Object.fromEntries((names ?? []).map((name) => [name, copy(value)]));
    const state = {
      vars: copy(program.vars ?? {}),
      locks: fill(program.locks, null),
      signals: fill(program.condvars, []),
      channels: Object.fromEntries(Object.entries(program.channels ?? {}).map(([name, bound]) => [name, { bound, queue: [] }])),
      printed: [],
      threads: program.threads.map(() => ({ line: 0, my: {}, asleep: null, ended: null })),
    };
    program.threads.forEach((_, me) => skip(program, state, me));
    return state;
  }

  const run = (state, me, vars = state.vars) => ({ state, me, vars, my: state.threads[me].my });

  /** Notes which variables are written, even if the value is the same. */
  const noting = (vars, names) => new Proxy(vars, {
    set(target, name, value) {
      names.add(name);
      target[name] = value;
      return true;
    },
  });

  /** The line that a thread runs next; undefined at its end. */
  const next = (program, state, me) => (state.threads[me].ended ? undefined : program.threads[me][state.threads[me].line]);

  /** Whether a thread can take a step. */
  function canStep(program, state, me) {
    const line = next(program, state, me);
    return line !== undefined && (line.ready?.(run(state, me)) ?? true);
  }

  /** Why a thread can't take a step; "" if it can. */
  function reason(program, state, me) {
    if (canStep(program, state, me)) return "";
    return state.threads[me].ended ?? next(program, state, me).reason(run(state, me));
  }

  /** The state after a step of a thread, the lines that it has run, and the variables that it wrote. */
  function step(program, before, me) {
    const state = copy(before);
    const lines = [];
    const writes = new Set();
    do {
      const { line } = state.threads[me];
      lines.push(line);
      runLine(program, state, me, noting(state.vars, writes));
      if (!program.tasks || program.threads[me][line].suspends) break;
    } while (canStep(program, state, me));
    return { state, lines, writes };
  }

  function runLine(program, state, me, vars) {
    const thread = state.threads[me];
    const line = program.threads[me][thread.line];
    const result = line.act(run(state, me, vars));
    if (result === "stay") return;
    thread.line = line.opens && !result ? closing(program.threads[me], thread.line) + 1 : thread.line + 1;
    skip(program, state, me);
  }

  /** Goes past the ends of blocks: no step of their own, though they may release a lock, or lead back
      to the head of a loop. */
  function skip(program, state, me) {
    const thread = state.threads[me];
    const lines = program.threads[me];
    while (lines[thread.line]?.closes) {
      lines[thread.line].act(run(state, me));
      const head = opening(lines, thread.line);
      thread.line = lines[head].opens === "while" ? head : thread.line + 1;
    }
    if (thread.line >= lines.length) thread.ended ??= "has ended";
  }

  /** The end of the block that a line opens. */
  function closing(lines, at) {
    for (let depth = 0; ; at += 1) {
      if (lines[at].opens) depth += 1;
      if (lines[at].closes) depth -= 1;
      if (depth === 0) return at;
    }
  }

  /** The line that opens the block which ends here. */
  function opening(lines, at) {
    for (let depth = 0; ; at -= 1) {
      if (lines[at].closes) depth += 1;
      if (lines[at].opens) depth -= 1;
      if (depth === 0) return at;
    }
  }

  const runnable = (program, state) => program.threads.map((_, me) => me).filter((me) => canStep(program, state, me));

  /** How the program has ended, and whether that is right; null while a thread can go on. */
  function outcome(program, state) {
    if (runnable(program, state).length) return null;
    if (state.threads.some(({ ended }) => !ended)) return { text: "deadlock", isRight: false };
    const text = program.outcome(state);
    return { text, isRight: program.right.includes(text) };
  }

  /** Runs a schedule, as far as it is possible: all states, and for each step its thread, lines and writes. */
  function play(program, schedule) {
    const states = [start(program)];
    const steps = [];
    for (const me of schedule) {
      if (!program.threads[me] || !canStep(program, states.at(-1), me)) break;
      const { state, ...taken } = step(program, states.at(-1), me);
      states.push(state);
      steps.push({ me, ...taken });
    }
    return { states, steps };
  }

  /** Explores all schedules: how many there are, how many fail, all outcomes, and of the shortest
      schedules that fail the one with the fewest switches between threads. */
  function explore(program) {
    const known = new Map();
    const visit = (state, last) => {
      const key = JSON.stringify(state) + last;
      if (!known.has(key)) known.set(key, summary(state, last));
      return known.get(key);
    };
    const summary = (state, last) => {
      const ended = outcome(program, state);
      if (ended) {
        return { schedules: 1, fail: ended.isRight ? 0 : 1, outcomes: [ended.text], shortest: ended.isRight ? null : [], switches: 0 };
      }
      const sum = { schedules: 0, fail: 0, outcomes: [], shortest: null, switches: 0 };
      for (const me of runnable(program, state)) add(sum, visit(step(program, state, me).state, me), me, last);
      return sum;
    };
    const { schedules, fail, outcomes, shortest } = visit(start(program), null);
    return { schedules, fail, outcomes: outcomes.sort(), shortest };
  }

  function add(sum, after, me, last) {
    sum.schedules += after.schedules;
    sum.fail += after.fail;
    sum.outcomes = [...new Set([...sum.outcomes, ...after.outcomes])];
    if (!after.shortest) return;
    const switches = after.switches + (last === null || last === me ? 0 : 1);
    const length = after.shortest.length + 1;
    if (!sum.shortest || length < sum.shortest.length || (length === sum.shortest.length && switches < sum.switches)) {
      sum.shortest = [me, ...after.shortest];
      sum.switches = switches;
    }
  }

  /** A level's program: the broken one, or the one with a repair. */
  const program = (level, repair) => ({ ...level, ...repair });

  lab.machine = { start, next, canStep, reason, step, outcome, play, explore, program };
}
