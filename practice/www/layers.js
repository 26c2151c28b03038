// Requests in flight and megabytes per second over time, as means over equal parts of it.

/** Requests with times { from, responded, to }, in milliseconds, and their bytes. Returns the means over
    each of `count` parts of the time from `start` to `end`: { inFlight, megabytes }. */
export function layer(requests, start, end, count) {
  const part = (end - start) / count;
  const [inFlight, bytes] = [new Float64Array(count), new Float64Array(count)];
  for (const { from, responded, to, bytes: amount } of requests) {
    spread(inFlight, (from - start) / part, (to - start) / part, (to - from) / part);
    if (amount) spread(bytes, (responded - start) / part, (to - start) / part, amount);
  }
  // Bytes per millisecond are kilobytes per second.
  return { inFlight, megabytes: bytes.map((amount) => amount / part / 1000) };
}

/** Spreads an amount evenly over the parts from `from` to `to`, which may be fractions. */
function spread(parts, from, to, amount) {
  const last = parts.length - 1;
  if (to <= from) {
    parts[Math.min(Math.max(Math.floor(from), 0), last)] += amount;
    return;
  }
  for (let index = Math.max(0, Math.floor(from)); index <= last && index < to; index += 1) {
    const overlap = Math.min(to, index + 1) - Math.max(from, index);
    parts[index] += (amount * overlap) / (to - from);
  }
}

/** Each layer on top of those before it. */
export function stack(layers) {
  let below = null;
  return layers.map((values) => (below = values.map((value, index) => value + (below?.[index] ?? 0))));
}
