// Levels about one shared value.

{
  const { step, lock, unlock, guarded, sleep, send, receive, print, when, end } = lab.lines;
  const AB = ["A", "B"];

  // ---- two threads print

  const say = (name, what) => print(`println!("${name} ${what}");`, `${name} ${what}`);
  const lines = (name) => [say(name, "begins"), say(name, "ends")];

  lab.levels.push({
    id: "two-prints",
    title: "Two threads print",
    goal: "Thread A is started first, so its author expects both of A's lines to come before both of B's. Find an order in which they don't.",
    setup: [],
    threads: AB.map(lines),
    outcome: ({ printed }) => printed.join(", "),
    rust: "printed()",
    right: ["A begins, A ends, B begins, B ends"],
    won: "Starting A first only makes A ready first. From then on, the operating system chooses, and any order in which each thread's own lines stay in order is possible.",
    chapter: ["threads.html#what-it-does-not-check", "Threads"],
    exercise: ["02-own-pool", "2. Your own pool"],
    misconception: "Results come in the order in which the work was started.",
    repairs: [
      {
        id: "sleep",
        label: "B sleeps for 10 ms first",
        threads: [lines("A"), [sleep, ...lines("B")]],
        why: "A sleep usually makes B late. It doesn't make B wait for A: if A isn't scheduled for 10 ms, B goes first. No sleep is long enough for a busy machine.",
      },
      {
        id: "one-lock",
        label: "A lock around each thread's two lines",
        setup: ["let screen = Mutex::new(());"],
        locks: ["screen"],
        threads: AB.map((name) => guarded("screen", lines(name))),
        why: "The lines no longer mix. But a lock only says that one goes after the other, not which of them is first.",
      },
      {
        id: "message",
        label: "A sends a message at its end, and B receives it first",
        setup: ["let (ended, when_ended) = mpsc::sync_channel(1);"],
        channels: { ended: 1 },
        moves: true,
        threads: [
          [...lines("A"), send("ended.send(()).unwrap();", "ended", () => "()")],
          [receive("when_ended.recv().unwrap();", "ended"), ...lines("B")],
        ],
        why: "B now waits for something that A does. If you need an order, the later thread has to wait for the earlier one: for a message, a `join`, a barrier. (One thread for all four lines would do, too.)",
      },
    ],
  });

  // ---- the lost update

  const load = step("let seen = saved.load(SeqCst);", ({ vars, my }) => { my.seen = vars.saved; });
  const store = step("saved.store(seen + 1, SeqCst);", ({ vars, my }) => { vars.saved = my.seen + 1; });
  const saved = ["let saved = AtomicU32::new(0);"];

  lab.levels.push({
    id: "lost-update",
    title: "The lost update",
    goal: "Each of the two threads has saved an image and counts it, so the count should be 2. Make it something else.",
    setup: saved,
    vars: { saved: 0 },
    threads: AB.map(() => [load, store]),
    outcome: ({ vars }) => `saved = ${vars.saved}`,
    rust: "format!(\"saved = {}\", saved.load(SeqCst))",
    right: ["saved = 2"],
    won: "Both threads have read the same number, and the second store overwrites the first. Both accesses are atomic. The addition isn't, because it's two accesses.",
    chapter: ["atomics.html#a-lost-update", "Atomics"],
    exercise: ["04-counting-bytes", "4. Counting bytes"],
    misconception: "It worked in a thousand runs, so it is correct.",
    repairs: [
      {
        id: "sleep",
        label: "B sleeps for 10 ms first",
        threads: [[load, store], [sleep, load, store]],
        why: "It makes the failure rare, which is worse: it still happens, and now you won't find it. Every schedule that was possible before still is.",
      },
      {
        id: "two-sections",
        label: "A lock around each access",
        setup: [...saved, "let lock = Mutex::new(());"],
        locks: ["lock"],
        threads: AB.map(() => [...guarded("lock", [load]), ...guarded("lock", [store])]),
        why: "Each access was already indivisible. The other thread still gets in between the two, while the lock is free.",
      },
      {
        id: "own-locks",
        label: "A lock for each thread",
        setup: [...saved, "let left = Mutex::new(());", "let right = Mutex::new(());"],
        locks: ["left", "right"],
        threads: [guarded("left", [load, store]), guarded("right", [load, store])],
        why: "The two locks have nothing to do with each other, so neither thread waits. A lock protects data only if every thread that uses the data takes the same lock.",
      },
      {
        id: "one-lock",
        label: "One lock around both lines",
        setup: [...saved, "let lock = Mutex::new(());"],
        locks: ["lock"],
        threads: AB.map(() => guarded("lock", [load, store])),
        why: "Reading and writing are now one section, and only one thread is in it at a time. In Rust you would put the number into the mutex, `Mutex<u32>`, and couldn't forget the lock.",
      },
      {
        id: "fetch-add",
        label: "`fetch_add` instead of both lines",
        threads: AB.map(() => [step("saved.fetch_add(1, SeqCst);", ({ vars }) => { vars.saved += 1; })]),
        why: "Read, add and write are one indivisible access. For one number, this is the simplest repair.",
      },
    ],
  });

  // ---- check, then act

  const check = when(step("if !started.load(SeqCst) {", ({ vars }) => !vars.started));
  const mark = step("    started.store(true, SeqCst);", ({ vars }) => { vars.started = true; });
  const download = (name) => print(`    println!("${name} downloads");`, `${name} downloads`);
  const started = ["let started = AtomicBool::new(false);"];

  lab.levels.push({
    id: "check-then-act",
    title: "Check, then act",
    goal: "Both threads need the same image. The first one to look should download it, and the other one shouldn't. Make both download it.",
    setup: started,
    vars: { started: false },
    threads: AB.map((name) => [check, mark, download(name), end()]),
    outcome: ({ printed }) => printed.join(", "),
    rust: "printed()",
    right: ["A downloads", "B downloads"],
    won: "What a thread has checked may be wrong by the time it acts. Both saw `false`, and both were right when they looked.",
    chapter: ["atomics.html#look-first-then-change", "Atomics"],
    exercise: ["04-counting-bytes", "4. Counting bytes"],
    misconception: "Reading needs no lock.",
    repairs: [
      {
        id: "check-twice",
        label: "Check twice",
        threads: AB.map((name) => [
          check,
          when(step("    if !started.load(SeqCst) {", ({ vars }) => !vars.started)),
          step("        started.store(true, SeqCst);", ({ vars }) => { vars.started = true; }),
          print(`        println!("${name} downloads");`, `${name} downloads`),
          end("    }"),
          end(),
        ]),
        why: "By the time the thread acts, the second check can be out of date, just like the first. The gap is smaller, but it's still there.",
      },
      {
        id: "lock-the-write",
        label: "A lock around the write",
        setup: [...started, "let lock = Mutex::new(());"],
        locks: ["lock"],
        threads: AB.map((name) => [
          check,
          lock("    let guard = lock.lock().unwrap();", "lock"),
          mark,
          unlock("    drop(guard);", "lock"),
          download(name),
          end(),
        ]),
        why: "The check is outside the lock, so a thread may act on a value that the other one is about to change. Reading needs the lock, too.",
      },
      {
        id: "swap",
        label: "`swap`, which writes and returns what was there",
        threads: AB.map((name) => [
          when(step("if !started.swap(true, SeqCst) {", ({ vars }) => {
            const old = vars.started;
            vars.started = true;
            return !old;
          })),
          download(name),
          end(),
        ]),
        why: "Check and write are one access, so only one thread can get `false`.",
      },
      {
        id: "one-lock",
        label: "A lock around check and write",
        setup: [...started, "let lock = Mutex::new(());"],
        locks: ["lock"],
        threads: AB.map((name) => guarded("lock", [check, mark, download(name), end()])),
        why: "No other thread can change the flag between the check and the write. (Here the lock is also held while the image is downloaded. That's correct but slow.)",
      },
    ],
  });
}
