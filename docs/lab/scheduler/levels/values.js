// Levels about shared values: who reads and writes what in which order.

{
  const { step, lock, unlock, locked, send, receive, print, when, end } = lab.lines;
  const AB = ["A", "B"];
  const guarded = (name, lines, guard = "guard") => [
    lock(`let ${guard} = ${name}.lock().unwrap();`, name), ...lines, unlock(`drop(${guard});`, name),
  ];
  const sleep = step("thread::sleep(Duration::from_millis(10));");

  // ---- two threads print

  const say = (name, what) => print(`println!("${name} ${what}");`, `${name} ${what}`);
  const lines = (name) => [say(name, "begins"), say(name, "ends")];

  lab.levels.push({
    id: "two-prints",
    title: "Two threads print",
    goal: "Thread A is started first, so its author expects both of A's lines before both of B's. Find an order in which they aren't.",
    setup: [],
    threads: AB.map(lines),
    outcome: ({ printed }) => printed.join(", "),
    rust: "printed()",
    right: ["A begins, A ends, B begins, B ends"],
    won: "Starting A first only makes A ready first. From then on, the operating system chooses, and any order in which each thread's own lines stay in order is possible.",
    chapter: ["threads", "Threads"],
    exercise: ["02-own-pool", "2. Your own pool"],
    misconception: "Results come in the order in which the work was started.",
    repairs: [
      {
        id: "sleep",
        label: "B sleeps for 10 ms first",
        threads: [lines("A"), [sleep, ...lines("B")]],
        why: "A sleep makes B late, usually. It doesn't make B wait for A: if A isn't scheduled for 10 ms, B goes first. No sleep is long enough for a busy machine.",
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
        why: "B now waits for something that A does. If you need an order, the later one has to wait for the earlier one: for a message, a `join`, a barrier. (One thread for all four lines would do, too.)",
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
    goal: "Each thread has saved an image and counts it. Two images, so the count should be 2. Make it something else.",
    setup: saved,
    vars: { saved: 0 },
    threads: AB.map(() => [load, store]),
    outcome: ({ vars }) => `saved = ${vars.saved}`,
    rust: "format!(\"saved = {}\", saved.load(SeqCst))",
    right: ["saved = 2"],
    won: "Both threads have read the same number, and the second store overwrites the first. Both accesses are atomic. The addition isn't, because it's two accesses.",
    chapter: ["sharing", "Shared state"],
    exercise: ["04-counting-bytes", "4. Counting bytes"],
    misconception: "It worked in a thousand runs, so it is correct.",
    repairs: [
      {
        id: "sleep",
        label: "B sleeps for 10 ms first",
        threads: [[load, store], [sleep, load, store]],
        why: "It makes the failure rare, which is worse: it still happens, and now you won't find it. All schedules of before are still possible.",
      },
      {
        id: "two-sections",
        label: "A lock around each access",
        setup: [...saved, "let lock = Mutex::new(());"],
        locks: ["lock"],
        threads: AB.map(() => [...guarded("lock", [load]), ...guarded("lock", [store])]),
        why: "Each access was indivisible before. The other thread still gets in between the two, when the lock is free.",
      },
      {
        id: "own-locks",
        label: "A lock for each thread",
        setup: [...saved, "let left = Mutex::new(());", "let right = Mutex::new(());"],
        locks: ["left", "right"],
        threads: [guarded("left", [load, store]), guarded("right", [load, store])],
        why: "Two locks don't know of each other, so nobody waits. A lock protects data only if everyone who uses the data takes the same lock.",
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
    goal: "Both threads need the same image. The first one should download it, and the other one shouldn't. Make both download it.",
    setup: started,
    vars: { started: false },
    threads: AB.map((name) => [check, mark, download(name), end()]),
    outcome: ({ printed }) => printed.join(", "),
    rust: "printed()",
    right: ["A downloads", "B downloads"],
    won: "What a thread has checked may be wrong by the time it acts. Both saw `false`, and both were right when they looked.",
    chapter: ["sharing", "Shared state"],
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
        why: "The second check is as old as the first when the thread acts on it. A gap that is smaller is still a gap.",
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
        why: "The check is outside. A thread that reads without the lock decides on something that another is about to change: reading needs the lock, too.",
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
        why: "Nobody can change the flag between the check and the write. (Here the lock is also held while the image is downloaded. That's correct, and slow.)",
      },
    ],
  });

  // ---- two atomics

  const take = step("checking.fetch_sub(30, SeqCst);", ({ vars }) => { vars.checking -= 30; });
  const put = step("savings.fetch_add(30, SeqCst);", ({ vars }) => { vars.savings += 30; });
  const lookLeft = step("let c = checking.load(SeqCst);", ({ vars, my }) => { my.c = vars.checking; });
  const lookRight = step("let s = savings.load(SeqCst);", ({ vars, my }) => { my.s = vars.savings; });
  const sum = print("println!(\"{}\", c + s);", (my) => `${my.c + my.s}`);
  const accounts = ["let checking = AtomicU32::new(100);", "let savings = AtomicU32::new(0);"];

  lab.levels.push({
    id: "two-atomics",
    title: "Two atomics",
    goal: "A moves 30 from one account to the other, and B checks that both together hold 100. Make B find another sum.",
    setup: accounts,
    vars: { checking: 100, savings: 0 },
    threads: [[take, put], [lookLeft, lookRight, sum]],
    outcome: ({ printed }) => `B finds ${printed[0]}`,
    rust: "format!(\"B finds {}\", printed())",
    right: ["B finds 100"],
    won: "Each account is atomic by itself. The rule covers both, and for a moment it is broken.",
    chapter: ["sharing", "Shared state"],
    exercise: ["05-two-locks", "5. Two locks"],
    misconception: "Two atomics together are atomic.",
    repairs: [
      {
        id: "put-first",
        label: "A puts the 30 in before it takes them out",
        threads: [[put, take], [lookLeft, lookRight, sum]],
        why: "Now B may count the 30 twice instead of missing them. Any order has a moment in between.",
      },
      {
        id: "look-right-first",
        label: "B looks at the savings first",
        threads: [[take, put], [lookRight, lookLeft, sum]],
        why: "The whole transfer fits between B's two reads.",
      },
      {
        id: "two-mutexes",
        label: "A mutex for each account",
        setup: ["let checking = Mutex::new(100);", "let savings = Mutex::new(0);"],
        locks: ["checking", "savings"],
        threads: [
          [
            locked("*checking.lock().unwrap() -= 30;", "checking", ({ vars }) => { vars.checking -= 30; }),
            locked("*savings.lock().unwrap() += 30;", "savings", ({ vars }) => { vars.savings += 30; }),
          ],
          [
            locked("let c = *checking.lock().unwrap();", "checking", ({ vars, my }) => { my.c = vars.checking; }),
            locked("let s = *savings.lock().unwrap();", "savings", ({ vars, my }) => { my.s = vars.savings; }),
            sum,
          ],
        ],
        why: "A mutex that is released after each access does no more than an atomic.",
      },
      {
        id: "writer-locks",
        label: "A lock around A's two lines",
        setup: [...accounts, "let lock = Mutex::new(());"],
        locks: ["lock"],
        threads: [guarded("lock", [take, put]), [lookLeft, lookRight, sum]],
        why: "B doesn't take the lock, so it doesn't wait. That B only reads doesn't help: it reads in the middle of a change.",
      },
      {
        id: "one-mutex",
        label: "One mutex around both accounts",
        setup: ["let accounts = Mutex::new((100, 0));"],
        locks: ["accounts"],
        threads: [
          [
            lock("let mut both = accounts.lock().unwrap();", "accounts"),
            step("both.0 -= 30;", ({ vars }) => { vars.checking -= 30; }),
            step("both.1 += 30;", ({ vars }) => { vars.savings += 30; }),
            unlock("drop(both);", "accounts"),
          ],
          [
            locked("let (c, s) = *accounts.lock().unwrap();", "accounts", ({ vars, my }) => {
              my.c = vars.checking;
              my.s = vars.savings;
            }),
            sum,
          ],
        ],
        why: "What has to fit together is behind one lock. B comes before the transfer or after it.",
      },
    ],
  });

  // ---- published too early

  const ready = step("ready.store(true, SeqCst);", ({ vars }) => { vars.ready = true; });
  const fill = step("image.store(42, SeqCst);", ({ vars }) => { vars.image = 42; });
  const ifReady = when(step("if ready.load(SeqCst) {", ({ vars }) => vars.ready));
  const show = print("    println!(\"{}\", image.load(SeqCst));", (my, vars) => `${vars.image}`);
  const image = ["let ready = AtomicBool::new(false);", "let image = AtomicU32::new(0);"];

  lab.levels.push({
    id: "too-early",
    title: "Published too early",
    goal: "A loads image 42 and says when it's ready. B shows the image if it's ready, and nothing otherwise. Make B show 0, the empty image.",
    setup: image,
    vars: { ready: false, image: 0 },
    threads: [[ready, fill], [ifReady, show, end()]],
    outcome: ({ printed }) => `B shows ${printed[0] ?? "nothing"}`,
    rust: "format!(\"B shows {}\", if printed().is_empty() { \"nothing\".into() } else { printed() })",
    right: ["B shows 42", "B shows nothing"],
    won: "The flag was true before the image was there. This is an order violation: each access is fine, and they happen in the wrong order. A third of the concurrency bugs found in real programs are of this kind.",
    chapter: ["sharing", "Shared state"],
    exercise: ["04-counting-bytes", "4. Counting bytes"],
    misconception: "Adding a lock repairs an order violation.",
    repairs: [
      {
        id: "sleep",
        label: "B sleeps before it shows the image",
        threads: [[ready, fill], [ifReady, step(`    ${sleep.code}`), show, end()]],
        why: "A may need longer. `sleep` never creates an order.",
      },
      {
        id: "lock-each",
        label: "A lock around each of A's lines, and around B's",
        setup: [...image, "let lock = Mutex::new(());"],
        locks: ["lock"],
        threads: [[...guarded("lock", [ready]), ...guarded("lock", [fill])], guarded("lock", [ifReady, show, end()])],
        why: "B still gets in between A's two lines. A lock keeps threads apart, and doesn't repair an order that is wrong.",
      },
      {
        id: "image-first",
        label: "A stores the image first",
        threads: [[fill, ready], [ifReady, show, end()]],
        why: "If B sees `true`, the image was stored before. That relies on the order of the two stores as other threads see it, which `SeqCst` guarantees, and `Release` with `Acquire` does, too. With `Relaxed` B could still show 0, and this page couldn't show you: it always runs line by line.",
      },
      {
        id: "both-reversed",
        label: "A stores the image first, and B reads it first",
        threads: [
          [fill, ready],
          [
            step("let seen = image.load(SeqCst);", ({ vars, my }) => { my.seen = vars.image; }),
            ifReady,
            print("    println!(\"{seen}\");", (my) => `${my.seen}`),
            end(),
          ],
        ],
        why: "The writer stores the flag last, so the reader has to look at the flag first. B's image may be older than the flag.",
      },
    ],
  });
}
