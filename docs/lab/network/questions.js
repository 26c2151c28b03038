// What the guided part asks: from which settings to which, for which program; and what the presets set.

{
  const { usual } = lab.models;
  const fast = { ...usual, rate: 64 };

  lab.questions = [
    {
      program: "threads", from: usual, to: usual, hidden: ["threads", "processes", "tasks"],
      ask: "One worker needs 4.8 s. What do five threads need?",
      options: ["0.95 s, a fifth", "About 1.5 s", "Still 4.8 s"],
      right: 1,
      why: "The latency is divided by five, because five requests wait side by side. The link isn't: 10 MB at 8 MB per second take 1.26 s, however many workers there are.",
    },
    {
      program: "tasks", from: usual, to: usual, hidden: ["tasks"],
      ask: "And eight times as many, 40 tasks?",
      options: ["About 0.2 s", "About 0.7 s", "Hardly less than five threads"],
      right: 2,
      why: "Five workers fill the link already. With forty, each image only takes longer, since all of them share it. Compare the mean times of an image, just before the equals signs.",
    },
    {
      program: "tasks", from: usual, to: { ...usual, latency: 300 },
      ask: "The latency grows from 83 to 300 ms. How much longer do the 40 tasks take?",
      options: ["More than three times as long", "About 0.4 s longer", "40 × 0.2 s longer"],
      right: 1,
      why: "All 40 requests wait at the same time, so the run pays the latency twice: once for the list, once for the images. One worker pays it 41 times.",
    },
    {
      program: "sync", from: usual, to: fast,
      ask: "Back to 83 ms. The link becomes eight times as fast. What remains of one worker's 4.8 s?",
      options: ["0.6 s, an eighth", "About 2.4 s, half", "About 3.7 s, three quarters"],
      right: 2,
      why: "One worker waits for 41 responses, 3.4 s in all, and the link is idle meanwhile. A faster link shortens only the rest.",
    },
    {
      program: "tasks", from: fast, to: { ...fast, handshake: 2, slowStart: true },
      ask: "On the fast link, a new connection now costs two round trips, and begins slowly. What happens to the 40 tasks?",
      options: ["Nothing: connections are kept open", "They take more than twice as long", "They take 40 times as long"],
      right: 1,
      why: "Nearly all of the 40 connections are new, and each is used for a single image. One worker pays for one connection, once. This is why clients keep connections open, and why a few busy connections can beat many new ones.",
    },
    {
      program: "tasks", from: { ...usual, threads: 10, latency: 500 }, to: { ...usual, threads: 10, latency: 500, limit: 10 },
      ask: "The server begins to refuse every image request above ten in flight. Which program suffers?",
      options: ["All of them", "Only the 40 tasks: they save fewer images, and take longer", "None: they retry"],
      right: 1,
      why: "Ten threads never have more than ten requests in flight. Of the 40 tasks, thirty are refused, wait for more than a second, and come back together. The program gives up on some images after two retries.",
    },
    {
      program: "sync", from: { ...usual, other: 40 }, to: { ...usual, other: 40, sharing: "request" },
      ask: "Another client downloads the same album with 40 workers, and the link is shared equally between the two clients. Now it's shared between requests. What does that change for one worker?",
      options: ["Nothing: it has one request in flight either way", "It takes about 0.7 s longer", "It takes 40 times as long"],
      right: 1,
      why: "It gets one turn in 41 instead of one in two, but only until the other client is done. A link that's shared between requests rewards clients that send many.",
    },
  ];

  /** By the names of the links in the chapter. */
  lab.presets = {
    "one-worker": { ...usual, latency: 300 },
    "five-threads": usual,
    "equal-workers": { ...usual, threads: 10, processes: 10, tasks: 10 },
    "little": { ...usual, images: 400, threads: 5, processes: 10 },
    "failures": { ...usual, failureRate: 20 },
    "limit": { ...usual, threads: 10, latency: 500, limit: 10 },
    "two-clients": { ...usual, other: 40, sharing: "request" },
    "handshake": { ...fast, handshake: 2 },
    "slow-start": { ...fast, slowStart: true },
  };
}
