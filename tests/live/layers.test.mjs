// The layers of the strip, without a browser.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

// As a text: by its name alone, Node.js before 20.19 does not take it for a module.
const source = readFileSync(new URL("../../practice/www/layers.js", import.meta.url));
const { layer, peak, stack } = await import(`data:text/javascript;base64,${source.toString("base64")}`);

test("requests count for the time in which they are in flight", () => {
  const requests = [{ from: 1000, responded: 1500, to: 2000, bytes: 500_000 }, { from: 1250, responded: 1750, to: 1750, bytes: 0 }];
  const { inFlight, megabytes } = layer(requests, 1000, 3000, 4);
  assert.deepEqual([...inFlight], [1.5, 1.5, 0, 0]);
  assert.deepEqual([...megabytes], [0, 1, 0, 0]);
});

test("what ends outside is cut, and what takes no time is not lost", () => {
  const requests = [{ from: -1000, responded: 0, to: 1000, bytes: 1_000_000 }, { from: 400, responded: 400, to: 400, bytes: 250_000 }];
  const { inFlight, megabytes } = layer(requests, 0, 500, 2);
  assert.deepEqual([...inFlight], [1, 1]);
  assert.deepEqual([...megabytes], [1, 2]);
});

test("a rate is a mean over a second", () => {
  const { megabytes } = layer([{ from: 5000, responded: 5000, to: 5500, bytes: 1_500_000 }], 0, 20_000, 40);
  assert.deepEqual([...megabytes].map(Math.round).slice(8, 14), [0, 1, 1, 1, 0, 0]);
});

test("the peak is no mean, and counts what is in flight at the same time", () => {
  const requests = [[0, 10], [2, 3], [2, 4], [4, 9], [4, 6], [20, 30]].map(([from, to]) => ({ from, to }));
  assert.equal(peak(requests), 3);
  assert.equal(peak([]), 0);
});

test("each layer lies on those before it", () => {
  assert.deepEqual(stack([[1, 2], [3, 4], [0, 1]]), [[1, 2], [4, 6], [4, 7]]);
});
