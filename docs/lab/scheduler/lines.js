// What a line of a program does. A line has the Rust code that is shown (and compiled, see
// generate.mjs), `act`, which changes the state, and where it can block, `ready` and `reason`.
//
// `act(run)` and `ready(run)` get: `state`, `me` (the index of the thread), `vars` (what is shared),
// `my` (the thread's own variables).

globalThis.lab ??= {};

{
  const nothing = () => {};
  const holder = (state, name) => lab.names[state.locks[name]];

  /** A line that never blocks. */
  const step = (code, act = nothing) => ({ code, act });

  /** Takes a lock, and keeps it. */
  const lock = (code, name, act = nothing) => ({
    code,
    ready: ({ state }) => state.locks[name] === null,
    reason: ({ state, me }) => (state.locks[name] === me
      ? `waits for ${name}, which it holds itself`
      : `waits for ${name}, which ${holder(state, name)} holds`),
    act(run) {
      run.state.locks[name] = run.me;
      return act(run);
    },
  });

  const unlock = (code, name) => step(code, ({ state }) => { state.locks[name] = null; });

  /** Lines between taking a lock and releasing it. */
  const guarded = (name, lines) => [
    lock(`let guard = ${name}.lock().unwrap();`, name), ...lines, unlock("drop(guard);", name),
  ];

  /** Time isn't modelled: any thread may run while one sleeps, for as long as you like. */
  const sleep = step("thread::sleep(Duration::from_millis(10));");

  /** Takes a lock, changes something, and releases the lock, all in one line. */
  const locked = (code, name, act) => ({ ...lock(code, name), act });

  /** `Condvar::wait`: a step that releases the lock and sleeps, and one that wakes and takes it again. */
  const wait = (code, condvar, name) => ({
    code,
    ready: ({ state, me }) => !state.threads[me].asleep || (canWake(state, condvar, me) && state.locks[name] === null),
    reason: ({ state, me }) => (canWake(state, condvar, me)
      ? `is awake, and waits for ${name}, which ${holder(state, name)} holds`
      : `sleeps until ${condvar} is notified`),
    act({ state, me }) {
      const thread = state.threads[me];
      if (!thread.asleep) {
        thread.asleep = condvar;
        state.locks[name] = null;
        return "stay";
      }
      thread.asleep = null;
      state.locks[name] = me;
      takeSignal(state.signals[condvar], me);
    },
  });

  /** Each notification lists the threads that it may wake: it wakes the first of them that goes on. */
  const canWake = (state, condvar, me) => state.signals[condvar].some((threads) => threads.includes(me));

  function takeSignal(signals, me) {
    signals.splice(signals.findIndex((threads) => threads.includes(me)), 1);
    for (const threads of signals) if (threads.includes(me)) threads.splice(threads.indexOf(me), 1);
    // A notification that can wake no thread any more is lost.
    for (let at = signals.length - 1; at >= 0; at -= 1) if (!signals[at].length) signals.splice(at, 1);
  }

  const sleepers = (state, condvar) => state.threads.flatMap(({ asleep }, index) => (asleep === condvar ? [index] : []));

  const notifyOne = (code, condvar) => step(code, ({ state }) => {
    const threads = sleepers(state, condvar);
    // One notification more than there are sleepers has no effect.
    if (state.signals[condvar].length < threads.length) state.signals[condvar].push(threads);
  });

  const notifyAll = (code, condvar) => step(code, ({ state }) => {
    state.signals[condvar] = sleepers(state, condvar).map((thread) => [thread]);
  });

  const isFull = (channel) => channel.queue.length >= (channel.bound ?? Infinity);

  const send = (code, name, value) => ({
    code,
    ready: ({ state }) => !isFull(state.channels[name]),
    reason: () => `waits for room in ${name}, which is full`,
    act: (run) => { run.state.channels[name].queue.push(value(run.my)); },
  });

  const trySend = (code, name, value) => step(code, ({ state, my }) => {
    if (!isFull(state.channels[name])) state.channels[name].queue.push(value(my));
  });

  const receive = (code, name, act = nothing) => ({
    code,
    ready: ({ state }) => state.channels[name].queue.length > 0,
    reason: () => `waits for a message in ${name}, which is empty`,
    act: (run) => act(run, run.state.channels[name].queue.shift()),
  });

  const print = (code, text) => step(code, ({ state, my, vars }) => {
    state.printed.push(typeof text === "function" ? text(my, vars) : text);
  });

  /** The first line of a block, made of any of the lines above whose `act` returns whether to enter. */
  const when = (line) => ({ ...line, opens: "if" });
  const loop = (line) => ({ ...line, opens: "while" });
  const end = (code = "}", act = nothing) => ({ code, act, closes: true });

  /** A line at whose end a task lets the others go on. */
  const pause = (code, act = nothing) => ({ code, act, suspends: true });

  /** Ends a task where it stands: it runs no further line, and its locks are released. */
  const abort = (code, other) => step(code, ({ state }) => {
    const thread = state.threads[other];
    if (thread.ended) return;
    thread.ended = "cancelled";
    for (const name of Object.keys(state.locks)) if (state.locks[name] === other) state.locks[name] = null;
  });

  lab.names = ["A", "B", "C"];
  lab.lines = {
    step, lock, unlock, guarded, locked, sleep, wait, notifyOne, notifyAll, send, trySend, receive, print,
    when, loop, end, pause, abort,
  };
  lab.levels = [];
}
