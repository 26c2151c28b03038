// A model of the practice network (practice/src/network.rs), and of a run on it: the album's list,
// then images, of which each lane takes the next one as soon as it's free. Times are milliseconds.

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

  /** What the link sends in 2 ms, within bounds: the size of a turn. */
  const turn = (rate) => Math.min(Math.max(Math.floor(rate / 500), 1 << 10), 64 << 10);

  /** Runs a download. `rate` is in bytes per second; a `handshake` is a number of round trips. */
  function simulate({ workers, latency, rate, images, handshake = 0, slowStart = false }) {
    const listed = (1 + handshake) * latency + OVERHEAD;
    const lanes = Math.min(workers, images);
    // The list came on a connection that the first lane uses again.
    const connections = Array.from({ length: lanes }, (_, lane) => ({ isNew: lane > 0, window: INITIAL_WINDOW }));
    const bars = [];
    /** The transfers that wait for a turn on the link, or will from their time `joins` on. */
    const transfers = [];
    const begin = (lane, now) => {
      if (bars.length === images) return;
      const connection = connections[lane];
      const joins = now + (1 + (connection.isNew ? handshake : 0)) * latency + OVERHEAD;
      connection.isNew = false;
      const bar = { lane, begin: now, end: Infinity, phases: [], marks: [] };
      const bytes = SIZES[bars.length % SIZES.length];
      bars.push(bar);
      queue(transfers, { bar, connection, joins, left: bytes, room: connection.window, firstSent: null, firstByte: null });
    };
    for (let lane = 0; lane < lanes; lane += 1) begin(lane, listed);
    let free = 0;
    while (transfers.length) {
      const transfer = transfers.shift();
      const room = slowStart ? transfer.room : Infinity;
      const bytes = Math.min(transfer.left, turn(rate), room);
      free = Math.max(free, transfer.joins) + (bytes / rate) * 1000;
      send(transfer, bytes, free, slowStart ? latency : 0);
      if (transfer.left) queue(transfers, transfer);
      else finish(transfer, free, begin);
    }
    return { lanes, bars, listed, time: Math.max(listed, ...bars.map(({ end }) => end)) };
  }

  /** Adds a transfer to the queue, which is ordered by the time at which each joins. */
  function queue(transfers, transfer) {
    let at = transfers.length;
    while (at > 0 && transfers[at - 1].joins > transfer.joins) at -= 1;
    transfers.splice(at, 0, transfer);
  }

  function send(transfer, bytes, now, roundTrip) {
    transfer.left -= bytes;
    transfer.firstByte ??= now;
    transfer.firstSent ??= now;
    transfer.room -= bytes;
    transfer.connection.window += bytes;
    transfer.joins = now;
    if (roundTrip && transfer.room <= 0) {
      // The next window opens one round trip after the first byte of this one.
      transfer.joins = Math.max(now, transfer.firstSent + roundTrip);
      transfer.firstSent = null;
      transfer.room = transfer.connection.window;
    }
  }

  function finish({ bar, firstByte }, now, begin) {
    bar.end = now;
    bar.phases = [["waiting", bar.begin, firstByte], ["receiving", firstByte, now]];
    begin(bar.lane, now);
  }

  const bytesOf = (images) => Array.from({ length: images }, (_, index) => SIZES[index % SIZES.length])
    .reduce((sum, bytes) => sum + bytes, 0);

  /** No number of workers is faster: the list, one image's latency, and all bytes on the link. */
  const floor = ({ latency, rate, images, handshake = 0 }) => (2 + handshake) * latency + (bytesOf(images) / rate) * 1000;

  /** Figures of a run: images per second and mean milliseconds of an image, whose product is the mean
      number in flight (Little's law). */
  function figures({ bars, listed, time }) {
    const perSecond = bars.length / ((time - listed) / 1000);
    const mean = bars.reduce((sum, { begin, end }) => sum + end - begin, 0) / bars.length;
    return { perSecond, mean, inFlight: (perSecond * mean) / 1000 };
  }

  return { simulate, figures, floor };
})();
