// Draws the lanes of a run. The live view uses it, and so does the page that `--timeline=FILE.html`
// writes. That page is opened from disk, where browsers load no modules: so this is a classic script,
// which defines the global `chart`.
//
// A canvas may be something else that has its methods; then it has scale, rem and colours of its own.
//
// A run is { lanes, bars, listed, numbered, selected, dots, changes, hasLabels, letters }. A bar is { lane, begin,
// end, phases, marks, label }: its phases are [kind, from, to], its marks [shape, at]. Times are
// milliseconds since the run's start; an end that isn't known yet is Infinity. Dots are times, drawn in
// a strip below the lanes; changes of the rules are [sign, at]; without labels, the axis has only
// lines; letters is the labels' size in rem. What need not be drawn may be missing.

const chart = (() => {
  const COLOURS = ["card", "ink", "pale", "line", "wait", "get", "thumb", "hatch", "idle", "error", "mark"];
  /** Parts of a lane's height: all of a bar, and of a bar its waiting. */
  const BAR = 0.84, WAITING = 0.5;
  /** The height of the thinnest bar that has thinner phases, in pixels. */
  const THIN = 3;

  let colours = null;
  const forget = () => (colours = null);
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) matchMedia(query).addEventListener("change", forget);
  // Paper is white, whatever the screen is.
  for (const [event, isPrinting] of [["beforeprint", true], ["afterprint", false]]) {
    addEventListener(event, () => {
      document.documentElement.classList.toggle("printing", isPrinting);
      forget();
    });
  }
  // The book's themes are classes of the root.
  new MutationObserver(forget).observe(document.documentElement, { attributeFilter: ["class"] });

  /** The colours of the style sheet, light or dark. */
  function palette() {
    if (!colours) {
      const style = getComputedStyle(document.documentElement);
      colours = Object.fromEntries(COLOURS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    }
    return colours;
  }

  /** The smallest of …, 0.1, 0.2, 0.5, 1, 2, 5, 10, … that is at least `number`. */
  function nice(number) {
    const power = 10 ** Math.floor(Math.log10(Math.max(number, 1e-3)));
    return power * ([1, 2, 5].find((digit) => digit * power >= number) ?? 10);
  }

  /** Draws a run as it was at this moment. The time axis ends at `span` milliseconds. */
  function draw(canvas, run, moment, span) {
    const { context, place, colour } = begin(canvas, run, span);
    (run.dots ?? []).forEach((time, index) => dot(context, time, index, place, colour));
    if (run.numbered) numbers(context, run, place, colour);
    const begun = run.bars.filter((bar) => bar.begin <= moment);
    for (const bar of begun) phases(context, bar, moment, place, colour);
    // Where the list of images arrived.
    if (run.listed <= moment) dashed(context, place.x(run.listed), place, colour.pale);
    // Last, so that no bar hides a mark.
    for (const bar of begun) {
      for (const [shape, at] of bar.marks) if (at <= moment) mark(context, shape, at, bar.lane, place, colour);
    }
    for (const one of run.changes ?? []) if (one[1] <= moment) change(context, one, place, colour);
    if (run.selected && run.selected.begin <= moment) outline(context, run.selected, moment, place, colour);
  }

  /** Clears a canvas and draws the time axis. Returns what further drawing needs. */
  function begin(canvas, run, span) {
    const place = places(canvas, run, span);
    const colour = canvas.colours ?? palette();
    const context = canvas.getContext("2d");
    // Assigning a size clears the canvas, too, but only this is cheap.
    if (canvas.width !== place.width || canvas.height !== place.height) {
      canvas.width = place.width;
      canvas.height = place.height;
    }
    context.clearRect(0, 0, place.width, place.height);
    context.font = `${place.letters}px system-ui, "DejaVu Sans", sans-serif`;
    axis(context, place, run.hasLabels ?? true, colour);
    return { context, place, colour };
  }

  /** Where things are on the canvas, in pixels of the screen: lanes begin and end on whole ones. */
  function places(canvas, run, span) {
    const scale = canvas.scale ?? (window.devicePixelRatio || 1);
    const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((size) => Math.round(size * scale));
    const rem = canvas.rem ?? parseFloat(getComputedStyle(document.documentElement).fontSize);
    const letters = Math.max(12, rem * (run.letters ?? 0.75)) * scale;
    const dot = rem * scale * 0.35;
    const left = run.numbered ? Math.round(letters * (0.6 * `${run.lanes}`.length + 0.6)) : 0;
    // Room for the outline of a bar in the first lane.
    const above = run.selected === undefined ? 0 : Math.ceil(2 * scale);
    const bottom = Math.round(height - letters * (run.hasLabels ?? true ? 1.5 : 0.2));
    const strip = run.dots ? dot * 3.4 : 0;
    const room = (bottom - strip - above) / Math.max(run.lanes, 2.5);
    // With more lanes than pixels, some share a pixel.
    const lane = room < 1 ? room : Math.floor(room);
    const bar = Math.max(1, Math.min(Math.round(lane * BAR), lane > THIN ? lane - 1 : lane));
    const x = (time) => left + Math.round(Math.min(time / span, 1) * (width - left - 2 * scale));
    const top = (index) => above + Math.floor(index * lane);
    return { scale, width, height, letters, dot, left, above, bottom, strip, lane, bar, span, x, top };
  }

  function axis(context, { scale, width, letters, left, bottom, span, x }, hasLabels, colour) {
    const wide = nice(span / 1000 / Math.max(2, Math.floor((width - left) / (letters * 4.5))));
    // `nice` rounds 2.1 up to 5, which may be beyond the end; 2 isn't.
    const step = wide * 1000 > span ? wide * 0.4 : wide;
    for (let tick = 0; tick * step * 1000 <= span; tick += 1) {
      const at = x(tick * step * 1000);
      context.fillStyle = colour.line;
      context.fillRect(at, 0, Math.max(1, Math.round(scale)), bottom);
      if (!hasLabels) continue;
      const label = `${Number((tick * step).toPrecision(6))} s`;
      const room = context.measureText(label).width;
      context.fillStyle = colour.pale;
      context.fillText(label, Math.min(Math.max(0, at - room / 2), width - room), bottom + letters * 1.2);
    }
  }

  /** A dot in the strip below the lanes. Neighbours are at different heights, so that equal times show
      as several dots. */
  function dot(context, time, index, { dot: radius, bottom, strip, x }, colour) {
    const y = bottom - strip / 2 + ((index % 3) - 1) * radius * 0.6;
    context.beginPath();
    context.arc(x(time), y, radius, 0, 2 * Math.PI);
    context.fillStyle = colour.ink;
    context.globalAlpha = 0.7;
    context.fill();
    context.globalAlpha = 1;
  }

  /** The lanes' numbers, counted from 1; only some if there is no room for all. */
  function numbers(context, run, { letters, left, lane, bar, top }, colour) {
    const step = Math.max(1, nice((letters * 1.2) / lane));
    context.fillStyle = colour.pale;
    context.textAlign = "right";
    for (let index = 0; index < run.lanes; index += step) {
      context.fillText(`${index + 1}`, left - letters * 0.4, top(index) + bar / 2 + letters * 0.36);
    }
    context.textAlign = "start";
  }

  function phases(context, bar, moment, place, colour) {
    const top = place.top(bar.lane);
    for (const [kind, from, to] of bar.phases) {
      if (from > moment || from >= to) continue;
      const x = place.x(from);
      const height = thickness(kind, place);
      context.fillStyle = fill(context, kind, place, colour);
      const width = Math.max(1, place.x(Math.min(to, moment)) - x);
      context.fillRect(x, top + Math.floor((place.bar - height) / 2), width, height);
    }
    if (bar.end <= moment) {
      // A gap before the next bar.
      context.fillStyle = colour.card;
      context.fillRect(place.x(bar.end) - 1, top, 1, place.bar);
    }
    if (bar.label) label(context, bar, moment, place, colour);
  }

  /** The height of a phase. They differ, so that colour isn't the only difference. */
  function thickness(kind, { bar, scale }) {
    if (bar <= THIN || kind === "receiving" || kind === "thumbnail") return bar;
    return kind === "waiting" ? Math.round(bar * WAITING) : Math.round(Math.min(bar * 0.2, 3 * scale)) || 1;
  }

  function fill(context, kind, { scale }, colour) {
    if (kind === "thumbnail") return hatched(context, scale, colour);
    return { waiting: colour.wait, receiving: colour.get }[kind] ?? colour.idle;
  }

  function hatched(context, scale, colour) {
    const size = Math.round(6 * scale);
    const tile = new OffscreenCanvas(size, size);
    const stripes = tile.getContext("2d");
    stripes.fillStyle = colour.thumb;
    stripes.fillRect(0, 0, size, size);
    stripes.strokeStyle = colour.hatch;
    stripes.lineWidth = size / 4;
    stripes.beginPath();
    for (const from of [-1, 0, 1]) {
      stripes.moveTo((from - 0.5) * size, 1.5 * size);
      stripes.lineTo((from + 1.5) * size, -0.5 * size);
    }
    stripes.stroke();
    return context.createPattern(tile, "repeat");
  }

  /** The bar's label, if its first phase leaves room for it. */
  function label(context, bar, moment, place, colour) {
    const [[kind, from, to]] = bar.phases;
    const room = place.x(Math.min(to, moment)) - place.x(from);
    const gap = 3 * place.scale;
    if (thickness(kind, place) < place.letters || context.measureText(bar.label).width + 2 * gap > room) return;
    context.fillStyle = colour.ink;
    context.fillText(bar.label, place.x(from) + gap, place.top(bar.lane) + place.bar / 2 + place.letters * 0.36);
  }

  function dashed(context, x, { scale, bottom }, colour) {
    context.beginPath();
    context.setLineDash([4 * scale, 3 * scale]);
    context.moveTo(x, 0);
    context.lineTo(x, bottom);
    context.lineWidth = 1.5 * scale;
    context.strokeStyle = colour;
    context.stroke();
    context.setLineDash([]);
  }

  /** The lines of the marks around a point: a triangle for an attempt that failed, a tick for one that
      was refused, a cross for what is given up or incomplete, a ring where a request is repeated. */
  const SHAPES = {
    triangle: (x, y, size) => [[[x - size, y + size], [x + size, y + size], [x, y - size]]],
    tick: (x, y, size) => [[[x, y - 1.5 * size], [x, y + 1.5 * size]], [[x - size / 2, y], [x + size / 2, y]]],
    cross: (x, y, size) => [[[x - size, y - size], [x + size, y + size]], [[x - size, y + size], [x + size, y - size]]],
    ring: () => [],
  };

  function mark(context, shape, at, lane, place, colour) {
    const size = Math.min(Math.max(place.bar * 0.4, 4 * place.scale), place.letters * 0.5);
    const [x, y] = [Math.min(place.x(at), place.width - size), place.top(lane) + place.bar / 2];
    context.beginPath();
    for (const [[fromX, fromY], ...others] of SHAPES[shape](x, y, size)) {
      context.moveTo(fromX, fromY);
      for (const [toX, toY] of others) context.lineTo(toX, toY);
    }
    if (shape === "ring") context.arc(x, y, size * 0.8, 0, 2 * Math.PI);
    if (shape === "triangle") {
      context.closePath();
      context.lineWidth = place.scale;
      context.strokeStyle = colour.card;
      context.fillStyle = colour.error;
      context.fill();
    } else {
      // A pale edge separates the lines from a dark bar.
      context.lineWidth = Math.max(4 * place.scale, size / 1.5);
      context.strokeStyle = colour.card;
      context.stroke();
      context.lineWidth = Math.max(2 * place.scale, size / 3);
      context.strokeStyle = shape === "ring" ? colour.ink : colour.error;
    }
    context.stroke();
  }

  /** A dashed line where a rule has changed, with a sign at its top. */
  function change(context, [sign, at], place, colour) {
    const x = place.x(at);
    dashed(context, x, place, colour.mark);
    const room = context.measureText(sign).width + place.letters * 0.5;
    const left = Math.min(x, place.width - room);
    context.fillStyle = colour.mark;
    context.fillRect(left, 0, room, place.letters * 1.2);
    context.fillStyle = colour.card;
    context.fillText(sign, left + place.letters * 0.25, place.letters * 0.96);
  }

  function outline(context, bar, moment, place, colour) {
    const line = Math.max(2, Math.round(2 * place.scale));
    const [from, to] = [place.x(bar.begin), place.x(Math.min(bar.end, moment))];
    context.lineWidth = line;
    context.strokeStyle = colour.ink;
    context.strokeRect(from - line / 2, place.top(bar.lane) - line / 2, Math.max(line, to - from) + line, place.bar + line);
  }

  /** The bar at a point of the canvas, which counts in CSS pixels, or the nearest one of its lane. */
  function at(canvas, run, moment, span, { x, y }) {
    const place = places(canvas, run, span);
    const lane = Math.floor((y * place.scale - place.above) / place.lane);
    const distance = (bar) => Math.max(place.x(bar.begin) - x * place.scale, x * place.scale - place.x(bar.end), 0);
    const bars = run.bars.filter((bar) => bar.lane === lane && bar.begin <= moment);
    const [nearest] = bars.sort((one, other) => distance(one) - distance(other));
    return nearest && distance(nearest) < 8 * place.scale ? nearest : null;
  }

  /** The bar that an arrow key leads to: the next one in the lane, or that of another lane at the same
      time. Without a selected bar, the first one. */
  function neighbour(bars, selected, key) {
    if (!bars.includes(selected)) return bars[0];
    const along = bars.filter((bar) => bar.lane === selected.lane).sort((one, other) => one.begin - other.begin);
    const index = along.indexOf(selected);
    if (key === "ArrowLeft") return along[index - 1];
    if (key === "ArrowRight") return along[index + 1];
    if (key === "Home") return along[0];
    if (key === "End") return along.at(-1);
    const lane = selected.lane + (key === "ArrowUp" ? -1 : 1);
    const apart = (bar) => Math.max(bar.begin - selected.begin, selected.begin - bar.end, 0);
    return bars.filter((bar) => bar.lane === lane).sort((one, other) => apart(one) - apart(other))[0];
  }

  return { at, begin, change, draw, neighbour, nice, palette };
})();
