// A model of the practice network (practice/src/network.rs and route.rs), and of runs on it: the
// album's list, then images, of which each lane takes the next one as soon as it's free. Times are
// milliseconds since the run's start.

globalThis.network = (() => {
  /** Bytes of the practice album's images, in its order. */
  const SIZES = [
    21440, 272018, 70298, 570688, 167358, 37508, 362740, 99413, 746793, 227067, 55665, 480003, 137966, 27916,
    303494, 80433, 633019, 187948, 43774, 405179, 112783, 827496, 254450, 64708, 534308, 155580, 33335, 339548,
    91873, 700973, 211051, 51173, 449965, 128020, 24036, 283836, 74225, 593097, 174598, 39810,
  ];
  /** Bytes that a new connection may send before the first of them is acknowledged: ten segments. */
  const INITIAL_WINDOW = 10 * 1460;
  /** What a request takes besides, in the programs and the server's timers: (4.77 s - 4.66 s) / 41, from
      the table of the chapter "Performance comparison". */
  const OVERHEAD = 2.6;
  /** Delays before a retry (shared/src/http/retry.rs): a status 429 says how long to wait at least. */
  const RETRY_AFTER = 1000, MIN_DELAY = 200, MAX_DELAY = 60_000;
  const GOLDEN = 0.6180339887498949;

  const usual = {
    workers: 1, latency: 83, rate: 8e6, images: 40, handshake: 0, slowStart: false, failureRate: 0, retries: 2,
    limit: Infinity, sharing: "client", other: 0, reuses: true,
  };

  /** Calls each action at its time, those of the same time in the order in which they were added. */
  function clock() {
    // The next one is the last.
    const events = [];
    const at = (time, action) => {
      let index = events.length;
      while (index > 0 && events[index - 1].time <= time) index -= 1;
      events.splice(index, 0, { time, action });
    };
    const run = (isDone) => {
      while (events.length && !isDone()) {
        const { time, action } = events.pop();
        action(time);
      }
    };
    return { at, run };
  }

  /** The link: sends the bytes of all responses, in turns of 2 ms. Shared per client, a response queues
      twice: among those to its own client, then, as the only one of its client, at the link. */
  function link({ at }, { rate, sharing, slowStart, latency }) {
    const turn = Math.min(Math.max(Math.floor(rate / 500), 1 << 10), 64 << 10);
    const waiting = [];
    let free = 0, isBusy = false;

    function join(transfer, now) {
      transfer.ready = now;
      if (sharing === "request") return enter(transfer);
      transfer.queue.waiting.push(transfer);
      admit(transfer.queue);
    }
    function admit(queue) {
      if (queue.isTaken || queue.waiting.length === 0) return;
      queue.isTaken = true;
      enter(queue.waiting.shift());
    }
    function enter(transfer) {
      waiting.push(transfer);
      if (!isBusy) serve();
    }
    function serve() {
      isBusy = waiting.length > 0;
      if (!isBusy) return;
      const transfer = waiting.shift();
      const bytes = Math.min(transfer.left, turn, slowStart ? transfer.room : Infinity);
      free = Math.max(free, transfer.ready) + (bytes / rate) * 1000;
      at(free, (now) => sent(transfer, bytes, now));
    }
    function sent(transfer, bytes, now) {
      transfer.left -= bytes;
      transfer.firstByte ??= now;
      transfer.firstSent ??= now;
      transfer.room -= bytes;
      transfer.connection.window += bytes;
      serve();
      transfer.queue.isTaken = false;
      if (sharing === "client") admit(transfer.queue);
      if (transfer.left === 0) return transfer.done(now, transfer.firstByte);
      const opens = slowStart && transfer.room <= 0 ? openWindow(transfer, now) : now;
      if (opens > now) at(opens, (later) => join(transfer, later));
      else join(transfer, now);
    }
    /** When the next window opens: one round trip after the first turn of this one. */
    function openWindow(transfer, now) {
      const opens = Math.max(now, transfer.firstSent + latency);
      transfer.firstSent = null;
      transfer.room = transfer.connection.window;
      return opens;
    }
    return join;
  }

  /** A program that downloads the album. `all` is what the clients of one server share. */
  function client({ at }, send, all, { workers, images, latency, handshake, failureRate, retries, limit, reuses }) {
    const queue = { waiting: [], isTaken: false };
    const lanes = Math.min(workers, images);
    const run = { lanes, bars: [], listed: (1 + handshake) * latency + OVERHEAD, time: Infinity, peak: 0, requests: 0, saved: 0, bytes: 0 };
    const fresh = () => ({ isNew: true, window: INITIAL_WINDOW });
    let inFlight = 0, ended = 0;

    function begin(lane, connection, now) {
      if (run.bars.length === images) return;
      const size = SIZES[run.bars.length % SIZES.length];
      const bar = { lane, begin: now, end: Infinity, phases: [], marks: [] };
      run.bars.push(bar);
      request(bar, connection, size, 0, now);
    }
    function request(bar, connection, size, failed, now) {
      run.requests += 1;
      run.peak = Math.max(run.peak, (inFlight += 1));
      const isRefused = all.inFlight >= limit;
      if (!isRefused) all.inFlight += 1;
      const roundTrips = 1 + (connection.isNew ? handshake : 0);
      connection.isNew = false;
      at(now + roundTrips * latency + all.overhead(), (then) => {
        if (isRefused) return fail(bar, size, failed + 1, now, then, RETRY_AFTER);
        if (injectsFailure(failureRate, all.passed++)) {
          all.inFlight -= 1;
          return fail(bar, size, failed + 1, now, then, 0);
        }
        const done = (end, firstByte) => finish(bar, connection, size, now, firstByte, end);
        send({ queue, connection, left: size, room: connection.window, firstSent: null, firstByte: null, done }, then);
      });
    }
    /** The lane waits before its retry, and can't download another image meanwhile. */
    function fail(bar, size, failed, requested, now, least) {
      inFlight -= 1;
      bar.phases.push(["waiting", requested, now]);
      if (failed > retries) {
        bar.marks.push(["cross", now]);
        return end(bar, fresh(), now);
      }
      bar.marks.push(["triangle", now]);
      const fixed = Math.min(MIN_DELAY * 2 ** (failed - 1), MAX_DELAY);
      const retry = now + least + fixed * (1 + all.random());
      bar.phases.push(["idle", now, retry]);
      // A retry opens a connection of its own.
      at(retry, (then) => request(bar, fresh(), size, failed, then));
    }
    function finish(bar, connection, size, requested, firstByte, now) {
      inFlight -= 1;
      all.inFlight -= 1;
      run.saved += 1;
      run.bytes += size;
      bar.phases.push(["waiting", requested, firstByte], ["receiving", firstByte, now]);
      end(bar, connection, now);
    }
    function end(bar, connection, now) {
      bar.end = now;
      ended += 1;
      if (ended === images) run.time = now;
      begin(bar.lane, connection, now);
    }
    at(run.listed, (now) => {
      for (let lane = 0; lane < lanes; lane += 1) {
        // The list came on a connection that the first lane uses again.
        begin(lane, lane === 0 && reuses ? { isNew: false, window: INITIAL_WINDOW } : fresh(), now);
      }
    });
    return run;
  }

  /** As in practice/src/rules.rs: the fractions of the golden ratio's multiples are spread evenly. */
  const injectsFailure = (percent, index) => ((index * GOLDEN) % 1) * 100 < percent;

  /** Runs a download. `rate` is in bytes per second, `handshake` in round trips, `failureRate` in percent.
      `other` is the number of workers of another client, which downloads the same at the same time.
      `reuses` says whether the first lane uses the connection on which the list came; a process that gets
      its images from another one doesn't. `random` returns numbers from 0 to 1, for the random parts of the
      delays before retries, and of the overhead. Without it the former are spread evenly, the latter is
      always the same, and so is the run. */
  function simulate(settings) {
    const all = { ...usual, ...settings };
    const time = clock();
    const send = link(time, all);
    let delays = 0;
    const spread = () => ((delays += 1) * GOLDEN) % 1;
    // Requests that are sent at the same time arrive in any order.
    const overhead = () => (all.random ? 2 * OVERHEAD * all.random() : OVERHEAD);
    const shared = { inFlight: 0, passed: 0, random: all.random ?? spread, overhead };
    const run = client(time, send, shared, all);
    if (all.other > 0) client(time, send, shared, { ...all, workers: all.other });
    time.run(() => run.time < Infinity);
    return run;
  }

  /** Figures of a run: images per second and mean milliseconds of an image, whose product is the mean
      number in progress (Little's law), and the time that the network takes at least for what was saved:
      the list, one image's latency, and all bytes on the link. */
  function figures({ bars, listed, time, bytes }, { latency, rate, handshake }) {
    const perSecond = bars.length / ((time - listed) / 1000);
    const mean = bars.reduce((sum, { begin, end }) => sum + end - begin, 0) / bars.length;
    const floor = (2 + handshake) * latency + (bytes / rate) * 1000;
    return { perSecond, mean, product: (perSecond * mean) / 1000, floor };
  }

  return { simulate, figures };
})();
