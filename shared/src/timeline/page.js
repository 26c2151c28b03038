// Replays a run: `chart` draws it. Texts of the run are only ever set as text, never as markup.
(() => {
  /** Milliseconds between two drawings if the user wants less motion. */
  const INTERVAL_REDUCED = 500;
  /** Maximum step of the replay, in milliseconds. A hidden page isn't drawn; the replay then continues
      where it stopped. */
  const MAX_STEP = 1000;
  const VERBS = { waiting: "waited", receiving: "received for", thumbnail: "made the thumbnail for", idle: "was idle for" };
  const HINT = "Point at a bar, or choose one with the arrow keys, to see which image it is.";

  const byId = (id) => document.getElementById(id);
  const seconds = (milliseconds, digits = 2) => `${(milliseconds / 1000).toFixed(digits)} s`;
  const canvas = document.querySelector("#lanes canvas");
  const reduced = matchMedia("(prefers-reduced-motion: reduce)");

  const { total, listed, images, lanes, downloads } = JSON.parse(byId("run").textContent);
  const bars = downloads.map((download) => ({
    ...download,
    label: `${download.number}`,
    marks: download.failures.map(([kind, at]) => [kind === "given up" ? "cross" : "triangle", at]),
  }));
  const run = { lanes: Math.max(1, lanes), bars, listed: listed ?? Infinity, numbered: true, selected: null };
  /** The axis ends where the run does. */
  const span = Math.max(total, 1);
  /** What is shown, in milliseconds since the run's start. At first, it is all of it. */
  let moment = span;
  let isPlaying = false;
  let drawnAt = 0;

  function show() {
    const begun = bars.filter((bar) => bar.begin <= moment);
    const done = begun.filter((bar) => bar.end <= moment);
    byId("moment").textContent =
      `${seconds(moment)} of ${seconds(span)} · ${begun.length - done.length} in flight · ${done.length} of ${images} images done`;
    byId("position").value = (moment / span) * 100;
    byId("position").setAttribute("aria-valuetext", seconds(moment));
    chart.draw(canvas, run, moment, span);
  }

  // ---- playing

  function play(playing) {
    isPlaying = playing;
    byId("play").textContent = playing ? "Pause" : "Play";
    if (!playing) return;
    if (moment >= span) moment = 0;
    drawnAt = performance.now();
    requestAnimationFrame(advance);
  }

  function advance(now) {
    if (!isPlaying) return;
    const elapsed = now - drawnAt;
    if (!reduced.matches || elapsed >= INTERVAL_REDUCED) {
      drawnAt = now;
      moment = Math.min(span, moment + Math.min(Math.max(elapsed, 0), MAX_STEP) * Number(byId("speed").value));
      if (moment >= span) play(false);
      show();
    }
    if (isPlaying) requestAnimationFrame(advance);
  }

  byId("play").addEventListener("click", () => play(!isPlaying));
  byId("position").addEventListener("input", (event) => {
    play(false);
    moment = (Number(event.target.value) / 100) * span;
    show();
  });

  // ---- the details of a bar

  function select(bar) {
    if (!bar || bar === run.selected) return;
    run.selected = bar;
    byId("details").replaceChildren(...describe(bar).map((line) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = line;
      return paragraph;
    }));
    show();
  }

  /** The image and its outcome; the lane, and how long each phase took; each attempt that failed. */
  function describe(bar) {
    const times = {};
    for (const [kind, from, to] of bar.phases) times[kind] = (times[kind] ?? 0) + to - from;
    const phases = Object.entries(times).map(([kind, time]) => `${VERBS[kind]} ${seconds(time, 3)}`);
    const failures = bar.failures.map(([kind, at, reason]) => `${kind} at ${seconds(at, 3)}: ${reason}`);
    return [
      `Image ${bar.number}, ${bar.name}: ${bar.size === null ? "not saved" : `saved, ${bar.size}`}`,
      `Lane ${bar.lane + 1}, from ${seconds(bar.begin, 3)} to ${seconds(bar.end, 3)}: ${phases.join(", ")}`,
      ...failures,
    ];
  }

  byId("lanes").addEventListener("keydown", (event) => {
    if (!/^(Arrow|Home$|End$)/.test(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    select(chart.neighbour(bars.filter((bar) => bar.begin <= moment), run.selected, event.key));
  });
  for (const kind of ["pointermove", "pointerdown"]) {
    canvas.addEventListener(kind, ({ offsetX: x, offsetY: y }) => select(chart.at(canvas, run, moment, span, { x, y })));
  }

  // ---- the page

  document.documentElement.classList.add("replays");
  document.documentElement.style.setProperty("--lanes", run.lanes);
  byId("player").hidden = false;
  byId("details").textContent = HINT;
  new ResizeObserver(show).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
})();
