// The picture of the class as a file, SVG or PNG, in light colours. `chart` comes from chart.js, which
// is no module.

import { byId, create, save, seconds } from "./dom.js";
import { groupsOf, rowsOf } from "./picture.js";
import { LAYERS, changesOf, drawStrip } from "./strip.js";
import { Surface, add } from "./svg.js";

/** Lengths in the picture's units; a PNG has two pixels for each. Letters are as large as on the page. */
const WIDTH = 1600, LEFT = 410, RIGHT = 320, TOP = 120, ROW = 130, STRIP = 90, AXIS = 66, CHANGE = 34, REM = 20;
const LETTERS = 43, SMALL = 26;
const SCALE = 2;
const END = { "text-anchor": "end" }, BOLD = { "font-weight": 700 };

/** Saves the picture as a file: `kind` is "svg" or "png". */
export async function savePicture(view, kind) {
  const svg = draw(view);
  const text = new XMLSerializer().serializeToString(svg);
  const file = kind === "svg" ? new Blob([text], { type: "image/svg+xml" }) : await rasterize(svg, text);
  save(file, `experiment-${view.experiment().number}.${kind}`);
}

function draw(view) {
  const colours = { ...lightColours(), card: "#fff" };
  const [rows, groups] = [rowsOf(view), groupsOf(view)];
  const changes = changesOf(view, groups.flatMap(([, runs]) => runs));
  const strip = TOP + rows.length * ROW + AXIS;
  const height = strip + (groups.length > 0 ? 2 * STRIP + AXIS + changes.length * CHANGE + 20 : 0);
  const svg = add(null, "svg", {
    viewBox: `0 0 ${WIDTH} ${height}`, width: WIDTH, height, role: "img",
    "font-family": 'system-ui, "Segoe UI", "DejaVu Sans", sans-serif',
  });
  const title = byId("experiment-title").textContent;
  add(svg, "title", {}, `${title}: ${rows.map((row) => `${row.name} ${row.median}`).join(", ")}`);
  add(svg, "rect", { width: WIDTH, height, fill: "#fff" });
  const write = (text, x, y, size, attributes = {}) => add(svg, "text", { x, y, "font-size": size, fill: colours.ink, ...attributes }, text);
  const pale = { fill: colours.pale };
  const surface = (top, height) => {
    const group = add(svg, "g", { transform: `translate(${LEFT} ${top})` });
    return new Surface(group, { width: WIDTH - LEFT - RIGHT, height, rem: REM, colours });
  };
  write(title, 20, 52, LETTERS, BOLD);
  write(byId("rules").textContent, 20, 94, SMALL, pale);
  rows.forEach((row, index) => {
    const top = TOP + index * ROW;
    add(svg, "rect", { x: LEFT - 20, y: top, width: 10, height: ROW - 10, fill: colours[`layer-${(index % LAYERS) + 1}`] });
    write(row.name, LEFT - 34, top + 50, LETTERS, { ...END, ...BOLD });
    write(row.about, LEFT - 34, top + 102, LETTERS, { ...END, ...pale });
    write(row.median, WIDTH - RIGHT + 20, top + 50, 1.2 * LETTERS, BOLD);
    write(row.range, WIDTH - RIGHT + 20, top + 102, LETTERS, pale);
    const drawing = { ...row.drawing, letters: LETTERS / REM };
    chart.draw(surface(top, ROW + (drawing.hasLabels ? AXIS : 0)), drawing, row.moment, row.span);
  });
  // An experiment without a run has no time to show.
  if (groups.length > 0) addStrip({ surface, write, pale }, view, groups, strip);
  changes.forEach(([sign, at, words], index) => {
    write(`${sign} at ${seconds(at)}: ${words}`, 20, height - 20 - (changes.length - 1 - index) * CHANGE, SMALL);
  });
  return svg;
}

/** Adds both parts of the strip, from `top` on. */
function addStrip({ surface, write, pale }, view, groups, top) {
  const highest = drawStrip([surface(top, STRIP), surface(top + STRIP, STRIP + AXIS)], view, groups, LETTERS / REM);
  ["in flight", "MB/s"].forEach((what, index) => {
    const y = top + index * STRIP + 60;
    write(what, LEFT - 34, y, LETTERS, { ...END, ...BOLD });
    write(highest[index], WIDTH - RIGHT + 20, y, LETTERS, pale);
  });
}

/** The colours of the style sheets for light pages, by their names. */
function lightColours() {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  return Object.fromEntries(rules.filter((rule) => rule.selectorText === ":root").flatMap(({ style }) =>
    [...style].filter((name) => name.startsWith("--")).map((name) => [name.slice(2), style.getPropertyValue(name).trim()])));
}

async function rasterize(svg, text) {
  const image = new Image();
  // The page's policy allows no images but these.
  image.src = `data:image/svg+xml,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = create("canvas");
  [canvas.width, canvas.height] = ["width", "height"].map((name) => SCALE * svg.getAttribute(name));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}
