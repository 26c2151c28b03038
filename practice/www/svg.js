// A canvas whose drawing becomes elements of an SVG: what chart.js uses of a canvas, and no more.

const NAMESPACE = "http://www.w3.org/2000/svg";

/** Adds an element to its parent, if there is one. */
export function add(parent, tag, attributes, text = "") {
  const element = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  parent?.append(element);
  return element;
}

const measure = document.createElement("canvas").getContext("2d");
const round = (number) => Math.round(number * 100) / 100;

export class Surface {
  scale = 1;
  globalAlpha = 1;
  textAlign = "start";
  #path = "";
  #dashes = [];

  /** Draws into `parent`; `rem` is the size of letters, as on the page. */
  constructor(parent, { width, height, rem, colours }) {
    Object.assign(this, { clientWidth: width, clientHeight: height, parent, rem, colours });
  }

  getContext() {
    return this;
  }

  clearRect() {}

  setLineDash(dashes) {
    this.#dashes = dashes;
  }

  measureText(text) {
    measure.font = this.font;
    return measure.measureText(text);
  }

  fillText(text, x, y) {
    const anchor = { start: "start", right: "end" }[this.textAlign];
    add(this.parent, "text", { x: round(x), y: round(y), "text-anchor": anchor, "font-size": parseFloat(this.font), fill: this.fillStyle }, text);
  }

  fillRect(x, y, width, height) {
    add(this.parent, "rect", { x: round(x), y: round(y), width: round(width), height: round(height), fill: this.fillStyle });
  }

  beginPath() {
    this.#path = "";
  }

  moveTo(x, y) {
    this.#path += `M${round(x)} ${round(y)}`;
  }

  lineTo(x, y) {
    this.#path += `L${round(x)} ${round(y)}`;
  }

  closePath() {
    this.#path += "Z";
  }

  /** A whole circle. */
  arc(x, y, radius) {
    this.moveTo(x - radius, y);
    for (const end of [x + radius, x - radius]) this.#path += `A${round(radius)} ${round(radius)} 0 1 0 ${round(end)} ${round(y)}`;
  }

  fill() {
    add(this.parent, "path", { d: this.#path, fill: this.fillStyle, "fill-opacity": this.globalAlpha });
  }

  stroke() {
    const dashes = this.#dashes.length ? { "stroke-dasharray": this.#dashes.join(" ") } : {};
    add(this.parent, "path", { d: this.#path, fill: "none", stroke: this.strokeStyle, "stroke-width": round(this.lineWidth), ...dashes });
  }
}
