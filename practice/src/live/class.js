// What is known of the class, from the server's events. Times are milliseconds since the server's
// start. A bar is [number, lane, came, answered, done, status, whole]; -1: not yet.

export const CAME = 2, ANSWERED = 3, DONE = 4, STATUS = 5, WHOLE = 6, LANE = 1;

/** No more bars of one run are kept than the server keeps. */
const BARS = 1000;
/** Rates are those of the last second: most runs take little more. */
const WINDOW = 1000;
/** The server sends no frame for so long only if nothing has changed. */
const FRAME = 150;
/** What is shown is a little late, so that all has arrived that happened until then. */
const LATE = 250;
/** The server says something at least every two seconds. Once it is silent for longer, it is gone, and
    time stands still; not before a run that has asked for nothing more has ended. */
const SILENT = 3000;
/** A run that asks for nothing for so long has ended. It may pause between tries. */
const PAUSE = 2500;

export class Class {
  runs = new Map();
  figures = null;
  history = [];
  /** The server's clock minus this page's. */
  offset = -Infinity;

  /** All that is known: it replaces what this page knew. */
  snapshot(event) {
    this.runs.clear();
    this.history = [];
    this.offset = -Infinity;
    this.frame({ ...event, kept: null });
  }

  /** What has changed. */
  frame({ now, kept, class: figures, runs }) {
    // The event that was the shortest time on its way tells the clock best.
    this.offset = Math.max(this.offset, now - performance.now());
    this.figures = figures;
    this.history.push({ now, requests: figures.requests, bytes: figures.bytes });
    while (this.history.length > 2 && this.history[1].now <= now - WINDOW) this.history.shift();
    for (const { bars, ...row } of runs) {
      const known = this.runs.get(row.id);
      const run = { ...row, bars: row.drawn ? known?.bars ?? new Map() : new Map() };
      for (const bar of bars) run.bars.set(bar[0], bar);
      for (const number of run.bars.keys()) {
        if (run.bars.size <= BARS) break;
        run.bars.delete(number);
      }
      this.runs.set(run.id, run);
    }
    if (kept) {
      const keep = new Set(kept);
      for (const id of this.runs.keys()) if (!keep.has(id)) this.runs.delete(id);
    }
  }

  /** The moment that is shown. */
  now() {
    const heard = this.history.at(-1)?.now ?? 0;
    return Math.min(performance.now() + this.offset - LATE, heard + SILENT);
  }

  /** How much has come a second, lately. */
  rate(what) {
    const now = performance.now() + this.offset;
    const first = this.history.findLast(({ now: at }) => at <= now - WINDOW) ?? this.history[0];
    const last = this.history.at(-1);
    if (!last) return 0;
    // While something changes, a frame comes at least every FRAME. So what the last one tells held
    // until `now - FRAME` if it is older, and what the first one tells until FRAME before the window.
    // Else their own times count: what the next frame will tell is not missed before it comes.
    const time = Math.max(last.now, now - FRAME) - Math.max(first.now, now - WINDOW - FRAME);
    return (last[what] - first[what]) / (Math.max(time, 500) / 1000);
  }

  /** The newest run first. */
  newest() {
    return [...this.runs.values()].sort((one, other) => other.id - one.id);
  }

  /** As it is now, to look at while it goes on. */
  copy() {
    const now = this.now();
    const copy = new Class();
    copy.runs = structuredClone(this.runs);
    copy.figures = structuredClone(this.figures);
    const rates = { requests: this.rate("requests"), bytes: this.rate("bytes") };
    copy.now = () => now;
    copy.rate = (what) => rates[what];
    return copy;
  }
}

/** Whether a run goes on. */
export function isRunning(run, now) {
  return run.in_flight > 0 || now - run.last < PAUSE;
}

/** How long a run has taken, or has taken up to now. */
export function duration(run, now) {
  const end = run.in_flight > 0 ? now : Math.min(now, run.last);
  return Math.max(0, end - run.began);
}

/** The student's name, or the address. */
export function who(run) {
  return run.name ?? run.address;
}
