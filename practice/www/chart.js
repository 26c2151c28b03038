// Draws the lane chart of a run: a bar for each request, as in the programs' own timelines.

import { ARRIVED, COMPLETE, FINISHED, LANE, RESPONDED, STATUS } from "./classroom.js";

let colours = null;
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => (colours = null));

/** The colours of the style sheet, light or dark. */
function palette() {
  if (!colours) {
    const style = getComputedStyle(document.documentElement);
    const names = ["card", "pale", "line", "wait", "get", "error"];
    colours = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  }
  return colours;
}

/** The smallest of …, 0.1, 0.2, 0.5, 1, 2, 5, 10, … that is at least `number`. */
export function nice(number) {
  const power = 10 ** Math.floor(Math.log10(Math.max(number, 1e-3)));
  return power * ([1, 2, 5].find((digit) => digit * power >= number) ?? 10);
}

/** Draws a run as it was at this moment. The chart is `span` milliseconds wide. */
export function draw(canvas, run, moment, span) {
  const { width, height } = fit(canvas);
  const context = canvas.getContext("2d");
  const colour = palette();
  const letters = Math.max(12, parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.75);
  const bottom = height - letters * 1.5;
  const x = (time) => ((time - run.began) / span) * (width - 2);
  context.clearRect(0, 0, width, height);
  axis(context, { span, width, bottom, letters, colour });

  const lanes = Math.max(1, run.peak);
  const lane = bottom / Math.max(lanes, 2.5);
  const full = Math.max(1, lane * 0.84);
  const marks = [];
  for (const bar of run.bars.values()) {
    if (bar[ARRIVED] > moment) continue;
    const top = lane * bar[LANE];
    const end = Math.min(bar[FINISHED] ?? moment, moment);
    const responded = Math.min(bar[RESPONDED] ?? end, end);
    // Waiting is thinner than receiving, so that colour isn't the only difference.
    const thin = full > 3 ? full * 0.55 : full;
    context.fillStyle = colour.wait;
    context.fillRect(x(bar[ARRIVED]), top + (full - thin) / 2, x(responded) - x(bar[ARRIVED]), thin);
    context.fillStyle = colour.get;
    context.fillRect(x(responded), top, x(end) - x(responded), full);
    if (end === bar[FINISHED]) {
      // A gap before the next bar.
      context.fillStyle = colour.card;
      context.fillRect(x(end) - 1, top, 1, full);
      if (!bar[COMPLETE] || bar[STATUS] >= 400 || bar[STATUS] === 0) marks.push([bar, x(end), top + full / 2]);
    }
  }
  // Last, so that no bar hides a mark.
  const size = Math.min(Math.max(full * 0.4, 4), letters * 0.5);
  for (const [bar, at, middle] of marks) mark(context, bar, Math.min(at, width - size), middle, size, colour);
}

function axis(context, { span, width, bottom, letters, colour }) {
  const step = nice(span / 1000 / Math.max(2, Math.floor(width / (letters * 6))));
  context.font = `${letters}px system-ui, "DejaVu Sans", sans-serif`;
  context.lineWidth = 1;
  for (let tick = 0; tick * step * 1000 <= span; tick += 1) {
    const x = (tick * step * 1000 / span) * (width - 2);
    context.strokeStyle = colour.line;
    context.beginPath();
    context.moveTo(x + 0.5, 0);
    context.lineTo(x + 0.5, bottom);
    context.stroke();
    const label = `${Number((tick * step).toPrecision(6))} s`;
    const room = context.measureText(label).width;
    context.fillStyle = colour.pale;
    context.fillText(label, Math.min(Math.max(0, x - room / 2), width - room), bottom + letters * 1.2);
  }
}

/** A triangle for a response with an error status, a cross for one that is incomplete. */
function mark(context, bar, x, y, size, colour) {
  context.beginPath();
  if (bar[COMPLETE] && bar[STATUS] >= 400) {
    context.moveTo(x - size, y + size);
    context.lineTo(x + size, y + size);
    context.lineTo(x, y - size);
    context.closePath();
    context.lineWidth = 1;
    context.strokeStyle = colour.card;
    context.fillStyle = colour.error;
    context.fill();
  } else {
    context.moveTo(x - size, y - size);
    context.lineTo(x + size, y + size);
    context.moveTo(x - size, y + size);
    context.lineTo(x + size, y - size);
    context.lineWidth = Math.max(2, size / 3);
    context.strokeStyle = colour.error;
  }
  context.stroke();
}

/** Gives the canvas a pixel for each pixel of the screen, and returns its size in CSS pixels. */
function fit(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const scale = window.devicePixelRatio || 1;
  const [across, down] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
  }
  canvas.getContext("2d").setTransform(scale, 0, 0, scale, 0, 0);
  return { width, height };
}
