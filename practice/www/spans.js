// The time axes of the charts. `chart` comes from chart.js, which is no module.

/** The width of each chart in milliseconds, for runs that took these times: the same for all, so that
    they can be compared. A run that takes more than four times the median has a scale of its own. */
export function spans(times) {
  const sorted = times.map((time) => Math.max(time, 500)).sort((one, other) => one - other);
  const common = sorted.findLast((time) => time <= 4 * sorted[sorted.length >> 1]);
  return times.map((time) => scale(Math.max(time, common)));
}

/** Rounds a duration up to the next step, so that the scale doesn't change with every frame. */
function scale(time) {
  const step = chart.nice(time / 20);
  return Math.ceil((time * 1.02) / step) * step;
}
