// Levels about two shared values, and the order in which they change.

{
  const { step, lock, unlock, locked, guarded, sleep, print, when, end } = lab.lines;

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
    goal: "A moves 30 from one account to the other, and B checks that both together hold 100. Make B find a different sum.",
    setup: accounts,
    vars: { checking: 100, savings: 0 },
    threads: [[take, put], [lookLeft, lookRight, sum]],
    outcome: ({ printed }) => `B finds ${printed[0]}`,
    rust: "format!(\"B finds {}\", printed())",
    right: ["B finds 100"],
    won: "Each account is atomic by itself. The rule covers both, and for a moment it is broken.",
    chapter: ["atomics.html#two-atomics-arent-one", "Atomics"],
    exercise: ["05-two-locks", "5. Two locks"],
    misconception: "Two atomics together are atomic.",
    repairs: [
      {
        id: "put-first",
        label: "A puts the 30 in before it takes them out",
        threads: [[put, take], [lookLeft, lookRight, sum]],
        why: "Now B may count the 30 twice instead of missing them. Whatever the order, there's a moment in between.",
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
        why: "B doesn't take the lock, so it doesn't wait. It doesn't help that B only reads: it reads in the middle of a change.",
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
    won: "The flag was true before the image was there. This is an order violation: each access is fine, but they happen in the wrong order. In a study of 105 bugs in real programs, a third of those that weren't deadlocks were of this kind.",
    chapter: ["hazards.html#order-violations", "Hazards"],
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
        why: "B still gets in between A's two lines. A lock keeps threads apart, but it doesn't repair a wrong order.",
      },
      {
        id: "image-first",
        label: "A stores the image first",
        threads: [[fill, ready], [ifReady, show, end()]],
        why: "If B sees `true`, the image was stored before. That relies on the order of the two stores as other threads see it, which `SeqCst` guarantees. (`Release` with `Acquire` does, too.) With `Relaxed` B could still show 0, and this page couldn't show you: it always runs line by line.",
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
