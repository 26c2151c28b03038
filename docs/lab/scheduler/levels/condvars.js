// Levels about condition variables.

{
  const { step, lock, unlock, locked, wait, notifyOne, notifyAll, print, when, loop, end } = lab.lines;

  // ---- the lost wake-up

  const setReady = step("ready.store(true, SeqCst);", ({ vars }) => { vars.ready = true; });
  const notify = notifyOne("woken.notify_one();", "woken");
  const isReady = (indent = "") => when(step(`${indent}if !ready.load(SeqCst) {`, ({ vars }) => !vars.ready));
  const take = (indent = "") => lock(`${indent}let guard = lock.lock().unwrap();`, "lock");
  const fallAsleep = wait("    let guard = woken.wait(guard).unwrap();", "woken", "lock");
  const release = (indent = "") => unlock(`${indent}drop(guard);`, "lock");
  const waiter = [isReady(), take("    "), fallAsleep, release("    "), end()];
  const setup = ["let ready = AtomicBool::new(false);", "let lock = Mutex::new(());", "let woken = Condvar::new();"];

  lab.levels.push({
    id: "lost-wake-up",
    title: "The lost wake-up",
    goal: "A sleeps until B says that it's ready. Make A sleep for ever.",
    setup,
    vars: { ready: false },
    locks: ["lock"],
    condvars: ["woken"],
    threads: [waiter, [setReady, notify]],
    outcome: () => "both end",
    rust: "String::from(\"both end\")",
    right: ["both end"],
    won: "A saw `false`, then B notified, and then A went to sleep. A notification wakes threads that are asleep now. It isn't kept for those that come later.",
    chapter: ["hazards.html#lost-wake-up", "Hazards"],
    exercise: ["02-own-pool", "2. Your own pool"],
    misconception: "A notification before the wait is remembered.",
    repairs: [
      {
        id: "notify-all",
        label: "`notify_all` instead of `notify_one`",
        threads: [waiter, [setReady, notifyAll("woken.notify_all();", "woken")]],
        why: "It wakes every thread that is asleep. At that moment, none is.",
      },
      {
        id: "lock-to-notify",
        label: "B holds the lock while it notifies",
        threads: [waiter, [setReady, take(), notify, release()]],
        why: "A's check is still outside the lock: B does everything between A's check and A's lock.",
      },
      {
        id: "check-under-lock",
        label: "A checks under the lock",
        threads: [
          [
            lock("let mut guard = lock.lock().unwrap();", "lock"),
            isReady(), wait("    guard = woken.wait(guard).unwrap();", "woken", "lock"), end(), release(),
          ],
          [setReady, notify],
        ],
        why: "That's half of the repair. B changes the flag without the lock, so it may do so between A's check and A's sleep. To change the condition, a thread needs the lock, too.",
      },
      {
        id: "flag-in-lock",
        label: "The flag in the mutex, checked and changed under the lock",
        setup: ["let ready = Mutex::new(false);", "let woken = Condvar::new();"],
        locks: ["ready"],
        threads: [
          [
            lock("let mut guard = ready.lock().unwrap();", "ready"),
            loop(step("while !*guard {", ({ vars }) => !vars.ready)),
            wait("    guard = woken.wait(guard).unwrap();", "woken", "ready"),
            end(),
            unlock("drop(guard);", "ready"),
          ],
          [locked("*ready.lock().unwrap() = true;", "ready", ({ vars }) => { vars.ready = true; }), notify],
        ],
        why: "`wait` releases the lock and begins to sleep in one step. So B can change the flag only before A's check, or when A is already asleep and the notification reaches it.",
      },
    ],
  });

  // ---- one notification, two sleepers

  const waitOpen = (more = [], head = "while") => [
    lock("let mut guard = open.lock().unwrap();", "open"),
    (head === "if" ? when : loop)(step(`${head} !*guard {`, ({ vars }) => !vars.open)),
    wait("    guard = opened.wait(guard).unwrap();", "opened", "open"),
    end(),
    unlock("drop(guard);", "open"),
    ...more,
  ];
  const openUp = locked("*open.lock().unwrap() = true;", "open", ({ vars }) => { vars.open = true; });
  const one = notifyOne("opened.notify_one();", "opened");

  lab.levels.push({
    id: "notify-one",
    title: "One notification, two sleepers",
    goal: "A and B wait until C opens the gate. Leave one of them behind.",
    setup: ["let open = Mutex::new(false);", "let opened = Condvar::new();"],
    vars: { open: false },
    locks: ["open"],
    condvars: ["opened"],
    threads: [waitOpen(), waitOpen(), [openUp, one]],
    outcome: () => "all end",
    rust: "String::from(\"all end\")",
    right: ["all end"],
    won: "`notify_one` wakes one thread, but the gate is open for two. The condition is true for the other one as well, but nothing tells it.",
    chapter: ["condvar.html#condvar-sleep-until-something-is-true", "Waiting for each other"],
    exercise: ["02-own-pool", "2. Your own pool"],
    misconception: "A notification reaches every thread that waits.",
    repairs: [
      {
        id: "under-lock",
        label: "C notifies while it holds the lock",
        threads: [waitOpen(), waitOpen(), [
          lock("let mut guard = open.lock().unwrap();", "open"),
          step("*guard = true;", ({ vars }) => { vars.open = true; }),
          one,
          unlock("drop(guard);", "open"),
        ]],
        why: "This changes when the woken thread goes on, but it still wakes only one.",
      },
      {
        id: "if",
        label: "`if` instead of `while`",
        threads: [waitOpen([], "if"), waitOpen([], "if"), [openUp, one]],
        why: "The loop says what a thread does once it's awake. The other one isn't woken at all.",
      },
      {
        id: "pass-on",
        label: "Each thread notifies the next one before it goes on",
        threads: [waitOpen([one]), waitOpen([one]), [openUp, one]],
        why: "Each thread that gets through wakes another one. It works for any number of threads, and it's easy to break: if one of them returns early, the chain ends.",
      },
      {
        id: "notify-all",
        label: "`notify_all`",
        threads: [waitOpen(), waitOpen(), [openUp, notifyAll("opened.notify_all();", "opened")]],
        why: "The change matters to every sleeper, so wake them all. `notify_one` is right if only one of them can use the change, such as one new job.",
      },
    ],
  });

  // ---- if for while

  const got = print("println!(\"A got {:?}\", jobs.pop());", (my, vars) => {
    const job = vars.jobs.pop();
    return `A got ${job === undefined ? "None" : `Some(${job})`}`;
  });
  const consumer = (head) => [
    lock("let mut jobs = queue.lock().unwrap();", "queue"),
    (head === "if" ? when : loop)(step(`${head} jobs.is_empty() {`, ({ vars }) => vars.jobs.length === 0)),
    wait("    jobs = added.wait(jobs).unwrap();", "added", "queue"),
    end(),
    got,
    unlock("drop(jobs);", "queue"),
  ];
  const guest = [locked("let job = queue.lock().unwrap().pop();", "queue", ({ vars, my }) => { my.job = vars.jobs.pop() ?? null; })];
  const add = (job) => locked(`queue.lock().unwrap().push(${job});`, "queue", ({ vars }) => { vars.jobs.push(job); });
  const added = notifyOne("added.notify_one();", "added");

  lab.levels.push({
    id: "if-for-while",
    title: "`if` for `while`",
    goal: "C adds two jobs. A needs one, and sleeps while there's none. B takes one if there is one, and never waits. There's a job for A in any case: make it get `None`.",
    setup: ["let queue = Mutex::new(Vec::new());", "let added = Condvar::new();"],
    vars: { jobs: [] },
    locks: ["queue"],
    condvars: ["added"],
    threads: [consumer("if"), guest, [add(1), added, add(2), added]],
    outcome: ({ printed }) => printed.join(", "),
    rust: "printed()",
    right: ["A got Some(1)", "A got Some(2)"],
    won: "Between the notification and the moment when A had the lock again, B took the job. Being woken means that the condition was true, not that it still is.",
    chapter: ["condvar.html#condvar-sleep-until-something-is-true", "Waiting for each other"],
    exercise: ["02-own-pool", "2. Your own pool"],
    misconception: "A thread that was woken may go on.",
    repairs: [
      {
        id: "notify-all",
        label: "`notify_all`",
        threads: [consumer("if"), guest, [add(1), notifyAll("added.notify_all();", "added"), add(2), notifyAll("added.notify_all();", "added")]],
        why: "A is the only thread that sleeps, so nothing changes. With more sleepers, more threads would wake for the same job.",
      },
      {
        id: "under-lock",
        label: "C notifies while it holds the lock",
        threads: [consumer("if"), guest, [
          lock("let mut jobs = queue.lock().unwrap();", "queue"),
          step("jobs.push(1);", ({ vars }) => { vars.jobs.push(1); }),
          added,
          unlock("drop(jobs);", "queue"),
          add(2),
          added,
        ]],
        why: "When C releases the lock, A and B both want it. Nothing says that A gets it first.",
      },
      {
        id: "while",
        label: "`while` instead of `if`",
        threads: [consumer("while"), guest, [add(1), added, add(2), added]],
        why: "A checks again when it has the lock, and sleeps again if the job is gone. You need the loop for spurious wake-ups, too, which this page doesn't show: a `wait` may return without any notification.",
      },
    ],
  });
}
