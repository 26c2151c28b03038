// What the guided part asks: from which settings to which, and what changes.

{
  const usual = { workers: 1, latency: 83, rate: 8, images: 40, handshake: 0, slowStart: false };

  lab.questions = [
    {
      from: usual,
      to: { ...usual, workers: 5 },
      ask: "One worker needs 4.8 s. What do five workers need?",
      options: ["0.95 s, a fifth", "About 1.5 s", "Still 4.8 s"],
      right: 1,
      why: "The latency is divided by five, because five requests wait side by side. The link isn't: 10 MB at 8 MB a second take 1.26 s, whoever sends them.",
    },
    {
      from: { ...usual, workers: 5 },
      to: { ...usual, workers: 40 },
      ask: "And eight times as many, 40 workers?",
      options: ["About 0.2 s", "About 0.7 s", "Hardly less than five workers"],
      right: 2,
      why: "Five workers fill the link already. With forty, each image only takes longer, since all of them share it. Look at the mean time of an image.",
    },
    {
      from: { ...usual, workers: 40 },
      to: { ...usual, workers: 40, latency: 300 },
      ask: "Still 40 workers, and the latency grows from 83 to 300 ms. How much longer does the run take?",
      options: ["More than three times as long", "About 0.4 s longer", "40 × 0.2 s longer"],
      right: 1,
      why: "All 40 requests wait at the same time, so the run pays the latency twice: once for the list, once for the images. One worker would pay it 41 times. Turn the knob for the workers to see it.",
    },
    {
      from: usual,
      to: { ...usual, rate: 64 },
      ask: "One worker again, at 83 ms. The link becomes eight times as fast. What remains of the 4.8 s?",
      options: ["0.6 s, an eighth", "About 2.4 s, half", "About 3.7 s, three quarters"],
      right: 2,
      why: "One worker waits for 41 responses, 3.4 s in all, and the link is idle meanwhile. A faster link shortens only the rest.",
    },
    {
      from: { ...usual, rate: 64, workers: 40 },
      to: { ...usual, rate: 64, workers: 40, handshake: 2, slowStart: true },
      ask: "40 workers on the fast link. Now a new connection costs two round trips, and begins slowly. What happens?",
      options: ["Nothing: connections are kept open", "It takes more than twice as long", "It takes 40 times as long"],
      right: 1,
      why: "Nearly all of the 40 connections are new, and each is used for a single image. One worker would pay for one connection, once. This is why clients keep connections open, and why a few busy connections can beat many fresh ones.",
    },
  ];
}
