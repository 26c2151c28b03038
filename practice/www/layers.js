// Requests in flight and megabytes per second over time, as means over equal parts of it.

/** Rates are means over this many milliseconds, or over a tenth of a short time: it isn't known when
    the bytes of a response came, and they count as if they had come evenly. */
const WINDOW = 1000;

/** Requests with times { from, responded, to }, in milliseconds, and their bytes. Returns the means over
    each of `count` parts of the time from `start` to `end`: { inFlight, megabytes }. */
export function layer(requests, start, end, count) {
  const part = (end - start) / count;
  const [inFlight, bytes] = [new Float64Array(count), new Float64Array(count)];
  for (const { from, responded, to, bytes: amount } of requests) {
    spread(inFlight, (from - start) / part, (to - start) / part, (to - from) / part);
    if (amount) spread(bytes, (responded - start) / part, (to - start) / part, amount);
  }
  const reach = Math.floor(Math.min(WINDOW, (end - start) / 10) / part / 2);
  // Bytes per millisecond are kilobytes per second.
  return { inFlight, megabytes: smooth(bytes, reach).map((amount) => amount / part / 1000) };
}

/** The mean of each part and those next to it, `reach` on each side. */
function smooth(parts, reach) {
  return parts.map((_, index) => {
    const near = parts.subarray(Math.max(0, index - reach), index + reach + 1);
    return near.reduce((sum, part) => sum + part, 0) / near.length;
  });
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

/** The peak. A request that ends at the moment when another one arrives isn't in flight with it. */
export function peak(requests) {
  const [from, to] = ["from", "to"].map((end) => Float64Array.from(requests, (request) => request[end]).sort());
  let ended = 0, max = 0;
  from.forEach((time, index) => {
    while (to[ended] <= time) ended += 1;
    max = Math.max(max, index + 1 - ended);
  });
  return max;
}

/** Each layer on top of those before it. */
export function stack(layers) {
  let below = null;
  return layers.map((values) => (below = values.map((value, index) => value + (below?.[index] ?? 0))));
}
