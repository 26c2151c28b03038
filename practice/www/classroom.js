// What the page knows of the class from the server's events. Times are milliseconds since the
// server's start. A bar is [id, lane, arrived, responded, finished, status, complete, attempt, bytes,
// what was requested]; a time is null until it is known.

export const ARRIVED = 2, RESPONDED = 3, FINISHED = 4, STATUS = 5, ATTEMPT = 7, BYTES = 8;

/** Max bars kept for a run: the last ones. */
const MAX_BARS = 1000;
/** Rates are averages over this many milliseconds. Most runs take little longer. */
const WINDOW = 1000;
/** Max milliseconds between two frames. */
const FRAME = 150;
/** The page is this many milliseconds behind the server, so that all events up to the shown time
    have arrived. */
const DELAY = 250;
/** The shown time stops this many milliseconds after the last event. Longer than RUN_IDLE, so that a
    run without further requests ends first. */
const STALE_AFTER = 3000;
/** A run without a request in flight for this many milliseconds has ended. Most backoffs are
    shorter. */
const RUN_IDLE = 2500;
/** The same for a run whose connections are closed. New workers open theirs sooner. */
const CLOSED_IDLE = 500;

/** The statuses of a server that does not want to respond now: too many requests, unavailable. */
const REFUSED = [429, 503];

export class Classroom {
  runs = new Map();
  totals = null;
  rules = null;
  experiments = [];
  /** Increases with each change of the progress in the exercises; 0 if there is none. */
  progress = 0;
  /** The number of the experiment that is shown; `null` for the current one. */
  chosen = null;
  history = [];
  /** The changes of the rules, { id, at, words }, by their ids. */
  changes = new Map();
  /** The server's clock minus this page's. */
  offset = -Infinity;

  /** Replaces the state with a snapshot. */
  snapshot(event) {
    this.runs.clear();
    this.changes.clear();
    this.history = [];
    this.offset = -Infinity;
    this.frame(event);
  }

  /** Applies a frame. */
  frame({ now, totals, experiments, rules, progress, first_run, runs, rule_changes: changes = [] }) {
    // The event that arrived fastest gives the best estimate of the server's clock.
    this.offset = Math.max(this.offset, now - performance.now());
    this.totals = totals;
    this.rules = rules;
    this.experiments = experiments;
    this.progress = progress;
    this.history.push({ now, requests: totals.requests, bytes: totals.bytes });
    while (this.history.length > 2 && this.history[1].now <= now - WINDOW) this.history.shift();
    for (const change of changes) this.changes.set(change.id, change);
    for (const { bars, ...figures } of runs) {
      // A run that waits for the start has no bars: its first request seems to arrive at the start.
      const known = figures.waits ? null : this.runs.get(figures.id)?.bars;
      const run = { ...figures, bars: known ?? new Map() };
      for (const bar of bars) run.bars.set(bar[0], bar);
      for (const id of run.bars.keys()) {
        if (run.bars.size <= MAX_BARS) break;
        run.bars.delete(id);
      }
      this.runs.set(run.id, run);
    }
    for (const id of this.runs.keys()) if (id < first_run) this.runs.delete(id);
  }

  /** The time that is shown, DELAY behind the server. */
  now() {
    const heard = this.history.at(-1)?.now ?? 0;
    return Math.min(performance.now() + this.offset - DELAY, heard + STALE_AFTER);
  }

  /** The increase of "requests" or "bytes" per second. */
  rate(what) {
    const now = performance.now() + this.offset;
    const first = this.history.findLast(({ now: at }) => at <= now - WINDOW) ?? this.history[0];
    const last = this.history.at(-1);
    if (!last) return 0;
    // A frame comes at least every FRAME milliseconds. Totals older than that still held FRAME
    // before the end of the window (the last ones) or before its start (the first ones). Newer
    // totals count from their own times, because the next frame isn't due yet.
    const time = Math.max(last.now, now - FRAME) - Math.max(first.now, now - WINDOW - FRAME);
    return (last[what] - first[what]) / (Math.max(time, 500) / 1000);
  }

  /** The experiment that is shown. */
  experiment() {
    return this.experiments.find(({ number }) => number === this.chosen) ?? this.experiments.at(-1);
  }

  /** The rules of the experiment that is shown, or of the one to which a run belongs. */
  conditions(run = null) {
    const own = run && this.experiments.findLast(({ first_run: first }) => first <= run.id);
    return (own ?? this.experiment())?.rules ?? this.rules;
  }

  /** The runs of the experiment that is shown, the newest one first. */
  newest() {
    return this.all().filter((run) => !run.removed);
  }

  /** The same, with those that the teacher has removed. */
  all() {
    const { number, first_run: first } = this.experiment() ?? { number: 0, first_run: 0 };
    const next = this.experiments.find((other) => other.number > number)?.first_run ?? Infinity;
    const runs = [...this.runs.values()].filter(({ id }) => id >= first && id < next);
    return runs.sort((one, other) => other.id - one.id);
  }

  /** The changes of the rules from one moment to another, oldest first. */
  changesIn(from, to) {
    return [...this.changes.values()].filter(({ at }) => at >= from && at <= to);
  }

  /** The run that ended last, or else the newest one. */
  last() {
    const now = this.now();
    const drawn = this.newest().filter((run) => run.bars.size > 0);
    const ended = drawn.filter((run) => !isRunning(run, now));
    return ended.sort((one, other) => other.last - one.last)[0] ?? drawn[0];
  }

  /** Takes over which names the teacher has hidden meanwhile, and which runs were removed. */
  obey({ runs }) {
    for (const run of this.runs.values()) {
      const latest = runs.get(run.id);
      // After a restart of the server, an id may be that of another run.
      if (latest?.began === run.began) [run.name, run.removed] = [latest.name, latest.removed];
    }
  }

  /** The class at this moment. Of later events, it takes over only what `obey` does. */
  copy() {
    const now = this.now();
    const copy = new Classroom();
    copy.runs = structuredClone(this.runs);
    copy.totals = structuredClone(this.totals);
    copy.rules = structuredClone(this.rules);
    copy.changes = structuredClone(this.changes);
    copy.experiments = structuredClone(this.experiments);
    copy.chosen = this.chosen;
    const rates = { requests: this.rate("requests"), bytes: this.rate("bytes") };
    copy.now = () => now;
    copy.rate = (what) => rates[what];
    return copy;
  }
}

/** Whether a run is still going. */
export function isRunning(run, now) {
  return run.in_flight > 0 || now - run.last < (run.left ? CLOSED_IDLE : RUN_IDLE);
}

/** How long a run took, or has taken up to now. */
export function duration(run, now) {
  if (run.waits) return 0;
  const end = run.in_flight > 0 ? now : Math.min(now, run.last);
  return Math.max(0, end - run.began);
}

/** The requests of a run as the chart draws them. */
export function bars(run) {
  return [...run.bars.values()].map((bar) => drawn(bar, run.began));
}

function drawn([id, lane, arrived, responded, finished, status, complete, attempt], began) {
  const [begin, middle, end] = [arrived, responded ?? finished ?? Infinity, finished ?? Infinity].map((time) => time - began);
  const isComplete = complete && status > 0;
  const shape = !isComplete ? "cross" : REFUSED.includes(status) ? "tick" : "triangle";
  const marks = isComplete && status < 400 ? [] : [[shape, end]];
  if (attempt > 1) marks.unshift(["ring", begin]);
  return { id, lane, begin, end, phases: [["waiting", begin, middle], ["receiving", middle, end]], marks };
}

const count = (run, holds) => [...run.bars.values()].filter(holds).length;

/** How many requests of a run were refused. */
export const refusals = (run) => count(run, (bar) => REFUSED.includes(bar[STATUS]));

/** How many requests of a run were repeated. */
export const retries = (run) => count(run, (bar) => bar[ATTEMPT] > 1);

/** The student's name, or the address. */
export function student(run) {
  return run.name ?? run.address;
}
