// Questions for the class, from the book. `result` is what the page compares the guesses with: the
// median time, or the median peak, of a program's runs. If `isRight` is true, the events are listed in
// the only right order.

export const QUESTIONS = [
  { text: "How long does 01-sync take for the album?", unit: "s", result: "seconds 01-sync" },
  { text: "How long do five threads take (02-threads)?", unit: "s", result: "seconds 02-threads" },
  {
    text: "Five threads on one core: how long do they take?",
    options: ["as long as on all cores", "about twice as long", "five times as long", "as long as 01-sync"],
  },
  {
    text: "Five workers each: which one is the fastest?",
    options: ["02-threads", "03-processes", "04-async", "all three take about the same time"],
  },
  {
    text: "All of us start 04-async at the same moment. How long does each run take?",
    options: ["as long as alone", "longer, because the link is full", "longer, because there are too many tasks"],
  },
  {
    text: "The link becomes ten times as fast. Which program gains most, in proportion?",
    options: ["01-sync", "02-threads", "04-async", "all gain the same"],
  },
  { text: "A browser requests all images at once. How many requests are in flight at the server?", unit: "requests", result: "peak browser" },
  {
    text: "Two threads each add 1 to one number, a million times: load, add, store. What does the program print?",
    options: ["2,000,000", "less than 2,000,000", "more than 2,000,000", "nothing: it doesn't compile"],
  },
  {
    text: "Two threads each add 1 to a count of 5, and the result is 6. A loads first and stores first. In which order do these steps happen?",
    events: ["A loads 5", "B loads 5", "A stores 6", "B stores 6"],
    isRight: true,
  },
  {
    text: "A worker waits on a Condvar before main has pushed a job. In which order does this happen, without spurious wake-ups?",
    events: [
      "worker finds no job", "worker unlocks, sleeps", "main pushes a job", "main notifies", "worker wakes up, locks",
      "worker takes the job",
    ],
    isRight: true,
  },
];

/** The programs whose runs a guess can be compared with. */
export const PROGRAMS = ["01-sync", "02-threads", "03-processes", "04-async", "browser"];
