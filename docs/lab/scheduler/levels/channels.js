// A level about a channel.

{
  const { step, sleep, send, trySend, receive } = lab.lines;

  // ---- a full channel

  const feed = [1, 2, 3].map((job) => send(`jobs.send(${job}).unwrap();`, "jobs", () => job));
  const first = receive("let job = queue.recv().unwrap();", "jobs", ({ my }, job) => { my.job = job; });
  const more = send("more.send(job + 10).unwrap();", "jobs", (my) => my.job + 10);
  const rest = [1, 2, 3].map(() => receive("queue.recv().unwrap();", "jobs"));
  const channel = (bound) => [`let (jobs, queue) = mpsc::sync_channel(${bound});`, "let more = jobs.clone();"];

  lab.levels.push({
    id: "full-channel",
    title: "A full channel",
    goal: "A sends three jobs through a channel that holds one. B's first job leads to another one, which it puts into the same channel, as a crawler does with a link. Make both wait for ever.",
    setup: channel(1),
    channels: { jobs: 1 },
    moves: true,
    threads: [feed, [first, more, ...rest]],
    outcome: () => "all four jobs done",
    rust: "String::from(\"all four jobs done\")",
    right: ["all four jobs done"],
    won: "The channel is full. B, the only thread that could empty it, waits for room in it. There's no lock anywhere, but it's still a deadlock: B waits for itself.",
    chapter: ["channels.html#channels-can-deadlock", "Channels"],
    exercise: ["06-pool-of-processes", "6. A pool of processes"],
    misconception: "Channels cannot deadlock.",
    repairs: [
      {
        id: "bound-two",
        label: "A channel that holds two",
        setup: channel(2),
        channels: { jobs: 2 },
        why: "A larger bound moves the failure to a larger input. Three jobs are enough to fill it.",
      },
      {
        id: "sleep",
        label: "A sleeps before its second job",
        threads: [[feed[0], sleep, ...feed.slice(1)], [first, more, ...rest]],
        why: "Then B is usually faster, but not on a busy machine.",
      },
      {
        id: "try-send",
        label: "`try_send`, which drops the job if the channel is full",
        threads: [feed, [first, trySend("let _ = more.try_send(job + 10);", "jobs", (my) => my.job + 10), ...rest]],
        why: "B doesn't wait for room any more. But a job that was dropped never arrives, and B waits for a fourth one for ever.",
      },
      {
        id: "unbounded",
        label: "A channel without a bound",
        setup: ["let (jobs, queue) = mpsc::channel();", "let more = jobs.clone();"],
        channels: { jobs: null },
        why: "Sending never waits, so there's no circle. The price is memory: nothing slows A down if B is slow.",
      },
      {
        id: "own-list",
        label: "B keeps the new job to itself",
        threads: [feed, [first, step("let next = job + 10;", ({ my }) => { my.next = my.job + 10; }), ...rest.slice(1)]],
        why: "B never sends into the channel that it empties. A list of its own (here, of one job) always has room.",
      },
    ],
  });
}
