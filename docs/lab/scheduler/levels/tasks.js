// Levels about tasks on one thread. A step of a task goes on to its next `.await`.

{
  const { step, lock, unlock, when, end, pause, abort } = lab.lines;
  const AB = ["A", "B"];

  // ---- check, await, act

  const check = when(step("if image.get() == 0 {", ({ vars }) => vars.image === 0));
  const count = step("    downloads.set(downloads.get() + 1);", ({ vars }) => { vars.downloads += 1; });
  const download = pause("    download().await;");
  const keep = step("    image.set(1);", ({ vars }) => { vars.image = 1; });
  const show = step("shown.set(shown.get() + image.get());", ({ vars }) => { vars.shown += vars.image; });
  const cells = ["let image = Rc::new(Cell::new(0));", "let downloads = Rc::new(Cell::new(0));", "let shown = Rc::new(Cell::new(0));"];
  const tasks = (lines) => AB.map(() => lines);

  lab.levels.push({
    id: "check-await-act",
    title: "Check, await, act",
    goal: "Two tasks on one thread need the same image. Each shows it, and it should be downloaded once. Make the tasks download it twice.",
    tasks: true,
    setup: cells,
    shares: ["image", "downloads", "shown"],
    vars: { image: 0, downloads: 0, shown: 0 },
    threads: tasks([check, count, download, keep, end(), show]),
    outcome: ({ vars }) => `downloads = ${vars.downloads}, shown = ${vars.shown}`,
    rust: "format!(\"downloads = {}, shown = {}\", downloads.get(), shown.get())",
    right: ["downloads = 1, shown = 2"],
    won: "Between two `.await`s nothing interrupts a task. At an `.await` any task may run, and what was checked before it may have changed.",
    chapter: ["async.html#what-it-does-not-check", "Async"],
    exercise: ["08-blocked-loop", "8. The blocked event loop"],
    misconception: "On one thread there are no races.",
    repairs: [
      {
        id: "yield",
        label: "Let the other task go first: `yield_now().await`",
        threads: tasks([pause("yield_now().await;"), check, count, download, keep, end(), show]),
        why: "It moves the check. The `.await` between check and act is still there.",
      },
      {
        id: "check-again",
        label: "Check again after the download",
        threads: tasks([
          check, count, download,
          when(step("    if image.get() == 0 {", ({ vars }) => vars.image === 0)),
          step("        image.set(1);", ({ vars }) => { vars.image = 1; }),
          end("    }"), end(), show,
        ]),
        why: "Now the image is kept only once, but it has still been downloaded twice.",
      },
      {
        id: "mark-first",
        label: "Mark the image before the download",
        setup: [...cells, "let started = Rc::new(Cell::new(false));"],
        shares: ["image", "downloads", "shown", "started"],
        vars: { image: 0, downloads: 0, shown: 0, started: false },
        threads: tasks([
          when(step("if !started.get() {", ({ vars }) => !vars.started)),
          step("    started.set(true);", ({ vars }) => { vars.started = true; }),
          count, download, keep, end(), show,
        ]),
        why: "There's only one download, but the other task doesn't wait for it: it goes on and shows an image that isn't there.",
      },
      {
        id: "async-mutex",
        label: "An async mutex, held across the download",
        setup: [...cells, "let lock = Rc::new(tokio::sync::Mutex::new(()));"],
        shares: ["image", "downloads", "shown", "lock"],
        locks: ["lock"],
        threads: tasks([
          lock("let guard = lock.lock().await;", "lock"), check, count, download, keep, end(), unlock("drop(guard);", "lock"), show,
        ]),
        why: "The second task waits at the lock until the image is there, and then finds it. This is what tokio's `Mutex` is for. `OnceCell::get_or_init` does the same in one call.",
      },
    ],
  });

  // ---- cancelled between two awaits

  const take = step("checking.set(checking.get() - 30);", ({ vars }) => { vars.checking -= 30; });
  const put = step("savings.set(savings.get() + 30);", ({ vars }) => { vars.savings += 30; });
  const log = pause("write_to_log().await;");
  const stop = abort("transfer.abort();", 0);

  lab.levels.push({
    id: "cancelled",
    title: "Cancelled between two awaits",
    goal: "Task A, the transfer, moves 30 from one account to the other and writes to the log. Task B cancels it, because the user has closed the page. Make money disappear.",
    tasks: true,
    setup: ["let checking = Rc::new(Cell::new(100));", "let savings = Rc::new(Cell::new(0));"],
    shares: ["checking", "savings"],
    handle: "transfer",
    vars: { checking: 100, savings: 0 },
    threads: [[take, log, put], [stop]],
    outcome: ({ vars }) => `${vars.checking} + ${vars.savings}`,
    rust: "format!(\"{} + {}\", checking.get(), savings.get())",
    right: ["100 + 0", "70 + 30"],
    won: "A task that is cancelled ends at the `.await` where it is. Nothing after that `.await` ever runs, and no error is returned.",
    chapter: ["cancellation.html#what-a-dropped-future-loses", "Cancellation"],
    exercise: ["09-give-up", "9. Give up in time"],
    misconception: "On one thread there are no races, so code with `.await` runs to its end.",
    repairs: [
      {
        id: "put-first",
        label: "Put the money in before taking it out",
        threads: [[put, log, take], [stop]],
        why: "Now money appears from nowhere.",
      },
      {
        id: "lock",
        label: "An async mutex, held during the transfer",
        setup: ["let checking = Rc::new(Cell::new(100));", "let savings = Rc::new(Cell::new(0));", "let lock = Rc::new(tokio::sync::Mutex::new(()));"],
        shares: ["checking", "savings", "lock"],
        locks: ["lock"],
        threads: [[lock("let guard = lock.lock().await;", "lock"), take, log, put, unlock("drop(guard);", "lock")], [stop]],
        why: "A lock keeps others out. It doesn't finish the work: the guard is dropped with the task, and the accounts stay as they are.",
      },
      {
        id: "wait",
        label: "Cancel a little later",
        threads: [[take, log, put], [pause("sleep(Duration::from_millis(10)).await;"), stop]],
        why: "The log may need longer than 10 ms.",
      },
      {
        id: "no-await-between",
        label: "Both changes after the `.await`",
        threads: [[log, take, put], [stop]],
        why: "Between the two changes there's no `.await`, so the task can't be cancelled there. If there must be one, run the transfer as a task of its own that's never cancelled.",
      },
    ],
  });
}
