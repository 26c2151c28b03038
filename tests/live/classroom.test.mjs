// What the page makes of the server's events, without a browser.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, mock, test } from "node:test";

// As a text: by its name alone, Node.js before 20.19 does not take it for a module.
const source = readFileSync(new URL("../../practice/www/classroom.js", import.meta.url));
const { Classroom, duration, isRunning } = await import(`data:text/javascript;base64,${source.toString("base64")}`);

/** The time of the server and the page. */
let clock;
mock.method(performance, "now", () => clock);
beforeEach(() => (clock = 0));

/** A frame arrives: there have been `requests` requests until now. */
const frame = (known, requests) => known.frame({ now: clock, totals: { requests }, first_run: 0, runs: [] });

/** A hundred requests a second for `time` ms; `look` is called between the frames, too. */
function steady(known, time, look = () => {}) {
  for (const end = clock + time; clock < end; clock += 10) {
    if (clock % 120 === 0) frame(known, clock / 10);
    look();
  }
}

test("a steady rate is shown steadily", () => {
  const known = new Classroom();
  steady(known, 2400);
  steady(known, 1200, () => assert.equal(known.rate("requests"), 100, `at ${clock}`));
});

test("a burst after a gap is not spread over the gap", () => {
  const known = new Classroom();
  frame(known, 0);
  clock = 10_000;
  frame(known, 50);
  const rate = known.rate("requests");
  assert(rate > 40 && rate <= 50, `${rate}`);
});

test("the rate falls to 0 without events, and the time stops", () => {
  const known = new Classroom();
  steady(known, 2400);
  clock += 500;
  const rate = known.rate("requests");
  assert(rate > 40 && rate < 60, `${rate} after half a second`);
  clock += 500;
  assert.equal(known.rate("requests"), 0);
  clock += 10_000;
  const now = known.now();
  clock += 10_000;
  assert.equal(known.now(), now);
});

test("a run whose connections are closed has ended sooner", () => {
  const end = (left) => [0, 250, 499, 500, 2_499, 2_500].find((time) => !isRunning({ in_flight: 0, last: 1_000, left }, 1_000 + time));
  assert.deepEqual([end(true), end(false)], [500, 2_500]);
  assert(isRunning({ in_flight: 1, last: 1_000, left: false }, 9_000));
});

test("a run that waits for the start has no bars until then", () => {
  const known = new Classroom();
  const receive = (run, ...bars) =>
    known.frame({ now: clock, totals: {}, first_run: 0, runs: [{ id: 0, in_flight: 1, last: 0, bars, ...run }] });
  clock = 5_000;
  receive({ began: 10, waits: false }, [0, 0, 10, null, null, 0, true]);
  receive({ began: 10, waits: true });
  const run = () => known.runs.get(0);
  assert.deepEqual([run().bars.size, duration(run(), clock)], [0, 0]);
  receive({ began: 4_000, waits: false }, [0, 0, 4_000, 4_000, null, 200, true]);
  assert.deepEqual([run().bars.size, duration(run(), clock)], [1, 1_000]);
});
