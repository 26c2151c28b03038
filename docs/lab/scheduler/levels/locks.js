// Levels about locks: threads that wait for each other, or for themselves.

{
  const { step, lock, unlock, locked, sleep, when, end } = lab.lines;

  // ---- two locks

  const take = (name) => lock(`let ${name}_guard = ${name}.lock().unwrap();`, name);
  const release = (name) => unlock(`drop(${name}_guard);`, name);
  const section = (first, second) => [take(first), take(second), release(second), release(first)];
  const setup = ["let left = Mutex::new(());", "let right = Mutex::new(());"];

  lab.levels.push({
    id: "two-locks",
    title: "Two locks",
    goal: "A moves images from the left album to the right one, and B moves images the other way. Each locks both albums. Make both wait for ever.",
    setup,
    locks: ["left", "right"],
    threads: [section("left", "right"), section("right", "left")],
    outcome: () => "both end",
    rust: "String::from(\"both end\")",
    right: ["both end"],
    won: "Each holds what the other one needs, and releases nothing before it has both: a deadlock. The compiler can't rule it out.",
    chapter: ["deadlock.html", "Deadlock"],
    exercise: ["05-two-locks", "5. Two locks"],
    misconception: "It fixed itself when I ran it again.",
    repairs: [
      {
        id: "drop-order",
        label: "B releases the locks in the other order",
        threads: [section("left", "right"), [take("right"), take("left"), release("right"), release("left")]],
        why: "The order of releasing never matters. Neither thread has got that far.",
      },
      {
        id: "sleep",
        label: "B sleeps between the two locks",
        threads: [
          section("left", "right"),
          [take("right"), sleep, take("left"), release("left"), release("right")],
        ],
        why: "B sleeps while it holds a lock, which gives A more time to take the other one.",
      },
      {
        id: "gate-for-a",
        label: "A takes a third lock first",
        setup: [...setup, "let gate = Mutex::new(());"],
        locks: ["gate", "left", "right"],
        threads: [[take("gate"), ...section("left", "right"), release("gate")], section("right", "left")],
        why: "Only A takes it, so it doesn't keep B out. It would help if B took it first, too: then only one thread at a time could lock albums.",
      },
      {
        id: "same-order",
        label: "Both lock the left album first",
        threads: [section("left", "right"), section("left", "right")],
        why: "The thread that holds `left` finds `right` free, or held by a thread that waits for nothing. With one order for all locks, there's no circle of waiting.",
      },
      {
        id: "one-at-a-time",
        label: "B releases the right album before it locks the left one",
        threads: [section("left", "right"), [take("right"), release("right"), take("left"), release("left")]],
        why: "A thread that holds nothing while it waits can't be part of a circle. The price is that between B's two locks, an image is in neither album, and A may see that.",
      },
    ],
  });

  // ---- one lock, taken twice

  const pop = ({ state, vars, my }) => {
    const isThere = vars.jobs.length > 0;
    if (isThere) my.job = vars.jobs.pop();
    else state.locks.jobs = null;
    return isThere;
  };
  const again = (name = "jobs") => locked(`    ${name}.lock().unwrap().push(job + 1);`, name, ({ vars, my }) => { vars[name].push(my.job + 1); });
  const free = (code) => end(code, ({ state }) => { state.locks.jobs = null; });
  const push = locked("jobs.lock().unwrap().push(7);", "jobs", ({ vars }) => { vars.jobs.push(7); });
  const jobs = ["let jobs = Mutex::new(Vec::new());"];

  lab.levels.push({
    id: "one-lock-twice",
    title: "One lock, taken twice",
    goal: "A takes a job, if there is one, and adds the next one. B adds a job. There's only one lock. Make the program hang anyway.",
    setup: jobs,
    vars: { jobs: [] },
    locks: ["jobs"],
    threads: [
      [when(lock("if let Some(job) = jobs.lock().unwrap().pop() {", "jobs", pop)), again(), free()],
      [push],
    ],
    outcome: ({ vars }) => `jobs = [${vars.jobs}]`,
    rust: "format!(\"jobs = {:?}\", jobs.into_inner().unwrap())",
    right: ["jobs = [7]", "jobs = [8]"],
    won: "The guard in the condition of an `if let` lives to the end of its block. A waits for a lock that it holds itself. With an empty list nothing happens, which is how such a program passes its tests.",
    chapter: ["deadlock.html#deadlock-with-one-lock", "Deadlock"],
    exercise: ["03-lock-held", "3. The lock held too long"],
    misconception: "A deadlock needs two locks.",
    repairs: [
      {
        id: "match",
        label: "`match` instead of `if let`",
        threads: [
          [
            when(lock("match jobs.lock().unwrap().pop() {", "jobs", pop)),
            locked("    Some(job) => jobs.lock().unwrap().push(job + 1),", "jobs", ({ vars, my }) => { vars.jobs.push(my.job + 1); }),
            free("    None => {}\n}"),
          ],
          [push],
        ],
        why: "A `match` also keeps the temporaries in its head until it ends.",
      },
      {
        id: "other-name",
        label: "Another reference to the same list",
        setup: [...jobs, "let same = &jobs;"],
        threads: [
          [
            when(lock("if let Some(job) = jobs.lock().unwrap().pop() {", "jobs", pop)),
            locked("    same.lock().unwrap().push(job + 1);", "jobs", ({ vars, my }) => { vars.jobs.push(my.job + 1); }),
            free(),
          ],
          [push],
        ],
        why: "A reference, or the clone of an `Arc`, leads to the same mutex.",
      },
      {
        id: "let-first",
        label: "`let job = …` on a line of its own",
        threads: [
          [
            locked("let job = jobs.lock().unwrap().pop();", "jobs", ({ vars, my }) => { my.job = vars.jobs.pop() ?? null; }),
            when(step("if let Some(job) = job {", ({ my }) => my.job !== null)),
            again(),
            end(),
          ],
          [push],
        ],
        why: "A temporary ends with its statement. The guard is gone at the semicolon, and the lock is free for the second line.",
      },
      {
        id: "second-list",
        label: "The next jobs go to a list of their own",
        setup: [...jobs, "let later = Mutex::new(Vec::new());"],
        vars: { jobs: [], later: [] },
        locks: ["jobs", "later"],
        threads: [
          [when(lock("if let Some(job) = jobs.lock().unwrap().pop() {", "jobs", pop)), again("later"), free()],
          [push],
        ],
        outcome: ({ vars }) => `jobs = [${[...vars.jobs, ...vars.later]}]`,
        rust: "format!(\"jobs = {:?}\", [jobs.into_inner().unwrap(), later.into_inner().unwrap()].concat())",
        why: "That's a different mutex, and it's free. A still holds the first one while it takes the second, so from now on every thread must lock them in this order.",
      },
    ],
  });
}
