// The picture of the class as a file, SVG or PNG, in light colours. `chart` comes from chart.js, which
// is no module.

import { byId, create, save } from "./dom.js";
import { rowsOf } from "./picture.js";
import { Surface, add } from "./svg.js";

/** Lengths in the picture's units; a PNG has two pixels for each. */
const WIDTH = 1600, LEFT = 330, RIGHT = 300, TOP = 110, ROW = 150, AXIS = 45, REM = 20;
const SCALE = 2;

/** Saves the picture as a file: `kind` is "svg" or "png". */
export async function savePicture(view, kind) {
  const svg = draw(view);
  const text = new XMLSerializer().serializeToString(svg);
  const file = kind === "svg" ? new Blob([text], { type: "image/svg+xml" }) : await rasterize(svg, text);
  save(file, `experiment-${view.experiment().number}.${kind}`);
}

function draw(view) {
  const colours = { ...lightColours(), card: "#fff" };
  const rows = rowsOf(view);
  const height = TOP + rows.length * ROW + AXIS;
  const svg = add(null, "svg", {
    viewBox: `0 0 ${WIDTH} ${height}`, width: WIDTH, height, role: "img",
    "font-family": 'system-ui, "Segoe UI", "DejaVu Sans", sans-serif',
  });
  const title = byId("experiment-title").textContent;
  add(svg, "title", {}, `${title}: ${rows.map((row) => `${row.name} ${row.median}`).join(", ")}`);
  add(svg, "rect", { width: WIDTH, height, fill: "#fff" });
  const write = (text, x, y, size, attributes = {}) => add(svg, "text", { x, y, "font-size": size, fill: colours.ink, ...attributes }, text);
  write(title, 20, 48, 36, { "font-weight": 700 });
  write(byId("rules").textContent, 20, 84, 22, { fill: colours.pale });
  rows.forEach((row, index) => {
    const top = TOP + index * ROW;
    const right = { "text-anchor": "end" };
    write(row.name, LEFT - 20, top + 60, 38, { ...right, "font-weight": 700 });
    write(row.about, LEFT - 20, top + 92, 22, { ...right, fill: colours.pale });
    write(row.median, WIDTH - RIGHT + 20, top + 68, 48, { "font-weight": 700 });
    write(row.range, WIDTH - RIGHT + 20, top + 100, 22, { fill: colours.pale });
    const group = add(svg, "g", { transform: `translate(${LEFT} ${top})` });
    const size = { width: WIDTH - LEFT - RIGHT, height: ROW + (row.drawing.hasLabels ? AXIS : 0) };
    chart.draw(new Surface(group, { ...size, rem: REM, colours }), row.drawing, row.moment, row.span);
  });
  return svg;
}

/** The colours of the style sheet for light pages, by their names. */
function lightColours() {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  const { style } = rules.find((rule) => rule.selectorText === ":root");
  const names = [...style].filter((name) => name.startsWith("--"));
  return Object.fromEntries(names.map((name) => [name.slice(2), style.getPropertyValue(name).trim()]));
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
