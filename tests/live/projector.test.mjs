// The picture of the class as others see it: from the last row, beside the controls, on paper, as a file.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { browse, open, run, serve, until } from "./harness.mjs";

let server, browser;
before(async () => {
  [browser, server] = [await browse(), await serve("--listen", "127.0.0.1:0", "--latency", "20", "--link-rate", "0")];
  const control = async (change) => {
    const options = { method: "POST", headers: { "x-practice-token": "" }, body: JSON.stringify(change) };
    assert.equal((await fetch(`${server.url}/live/controls`, options)).status, 200);
  };
  await control({ gate: 50 });
  const runs = [
    run(server, "02-threads", "--limit", "6", "--name", "Ada"),
    run(server, "03-processes", "--limit", "6", "--workers", "2", "--name", "Ben"),
  ];
  const page = await open(browser, server);
  await until("seven that wait", async () => (await page.textContent("#in-flight")) === "7");
  await control({ latency: 21 });
  await control({ gate: null });
  await Promise.all(runs);
  await page.context().close();
});
after(() => Promise.all([browser.close(), server.end()]));

/** A test with a page that shows both runs. */
function seen(name, check, options) {
  test(name, { timeout: 120_000 }, async () => {
    const page = await open(browser, server, "/", options);
    await until("both times", async () =>
      (await page.$$eval(".row strong", (all) => all.filter((time) => time.textContent.endsWith(" s")).length)) === 2);
    await check(page);
    assert.deepEqual(page.errors, []);
    await page.context().close();
  });
}

const SCREENS = [[1920, 1080], [1280, 720], [1024, 768]];

/** The heights of the digits in a row's and the strip's texts, and how many lines each text has, if the
    row has the longest texts that a class of forty makes. */
const measure = (page) => page.evaluate(() => {
  const row = document.querySelector(".row").cloneNode(true);
  document.getElementById("rows-of-class").append(row);
  const texts = ["03-processes", "10 runs, peak 40", "37.61 s", "37.61–40.95"];
  row.querySelectorAll("h3, p, strong").forEach((element, index) => (element.textContent = texts[index]));
  const context = document.createElement("canvas").getContext("2d");
  const heights = [[".row.last canvas", document.querySelector(".row canvas.last").getContext("2d").font]];
  const lines = [];
  for (const element of [...row.querySelectorAll("h3, p, strong"), ...document.querySelectorAll("#results dd, #gate, .over-time :is(h3, p)")]) {
    const { fontWeight, fontSize, fontFamily, lineHeight } = getComputedStyle(element);
    heights.push([element.textContent, `${fontWeight} ${fontSize} ${fontFamily}`]);
    lines.push([element.textContent, element.offsetHeight / parseFloat(lineHeight)]);
  }
  row.remove();
  return { lines, heights: heights.map(([text, font]) => [text, (context.font = font, context.measureText("0").actualBoundingBoxAscent)]) };
});

seen("the picture can be read from the last row", async (page) => {
  for (const [width, height] of SCREENS) {
    await page.setViewportSize({ width, height });
    const minutes = async () => (await measure(page)).heights.map(([text, digit]) =>
      // The picture is 2 m wide, and 8 m away.
      [text, Math.atan((digit / width) * (2 / 8)) * (180 / Math.PI) * 60]);
    // The axis is drawn a moment later.
    await until(`16 minutes of arc at ${width} pixels: ${await minutes()}`, async () => (await minutes()).every(([, arc]) => arc >= 16));
    for (const [text, lines] of (await measure(page)).lines) assert(lines < 1.5, `“${text}” wraps at ${width} pixels`);
  }
});

seen("an axis has labels even if there is little room", async (page) => {
  const labels = (span) => page.evaluate((span) => {
    const texts = [];
    const get = (_, name) => (name === "measureText" ? () => ({ width: 100 }) : (text) => name === "fillText" && texts.push(text));
    const context = new Proxy({}, { get, set: () => true });
    const canvas = { clientWidth: 300, clientHeight: 100, scale: 1, rem: 50, colours: chart.palette(), getContext: () => context };
    chart.begin(canvas, { lanes: 1, bars: [], letters: 1 }, span);
    return texts.join();
  }, span);
  for (const [span, expected] of [[44_000, "0 s,20 s,40 s"], [9_000, "0 s,5 s"], [500, "0 s,0.5 s"]]) assert.equal(await labels(span), expected);
});

seen("the picture stays in view beside the controls", async (page) => {
  const place = (selector) => page.$eval(selector, (element) => element.getBoundingClientRect().toJSON());
  for (const [width, height] of SCREENS) {
    await page.setViewportSize({ width, height });
    for (const panel of ["#controls", "#ask"]) {
      await page.click(`${panel} summary`);
      const [rows, beside] = [await place("#rows-of-class"), await place("#teacher")];
      assert(rows.bottom <= height, `${panel}: the picture ends at ${rows.bottom} of ${height} pixels`);
      assert(rows.right <= beside.left, `${panel}: ${rows.right} is behind ${beside.left}`);
      const room = await page.$eval(".row canvas", (canvas) => canvas.clientWidth);
      assert(room > 150, `${panel}: ${room} pixels for the lanes at ${width} pixels`);
      const [content, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert(content <= inner, `${panel}: ${content} of ${inner} pixels`);
      await page.click(`${panel} summary`);
    }
  }
});

seen("the picture is saved as SVG that stands alone, and as PNG", async (page) => {
  const save = async (kind) => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(`#save-${kind}`)]);
    assert.equal(download.suggestedFilename(), `experiment-1.${kind}`);
    return readFileSync(await download.path());
  };
  const [svg, png] = [(await save("svg")).toString(), await save("png")];
  assert.deepEqual([...png.subarray(1, 4)].map((byte) => String.fromCharCode(byte)).join(""), "PNG");
  assert.equal(png.readUInt32BE(16), 3200);
  const change = await page.textContent("#changes li");
  const [time, other] = await page.$$eval(".row strong", (all) => all.map((element) => element.textContent));
  const drawn = await page.evaluate((text) => {
    const { documentElement: root } = new DOMParser().parseFromString(text, "image/svg+xml");
    const all = [...root.querySelectorAll("*")];
    return {
      title: root.querySelector("title").textContent,
      texts: all.filter((element) => element.tagName === "text").map((element) => element.textContent),
      fills: [...new Set(all.map((element) => element.getAttribute("fill")))],
      others: all.filter((element) => element.hasAttribute("href") || element.hasAttribute("class")).length,
    };
  }, svg);
  assert.equal(drawn.title, `Experiment 1: 02-threads ${time}, 03-processes ${other}`);
  for (const text of ["02-threads", time, "1 run, peak 5", "latency 21 ms · link unlimited", "in flight", "MB/s", "up to 7", change]) assert(drawn.texts.includes(text), text);
  // The colours of a light page: waiting, receiving, ink, both rows in the strip.
  for (const fill of ["#4f93bf", "#005a91", "#1a1a1a", "#0b6e4f", "#e3a6c6"]) assert(drawn.fills.includes(fill), `${fill} in ${drawn.fills}`);
  assert(!drawn.fills.includes("#17936b"), "a colour of a dark page");
  assert.equal(drawn.others, 0, "it refers to nothing");
}, { colorScheme: "dark" });

/** Whether a canvas has pixels of this colour. */
const has = (page, canvas, colour) => page.$eval(canvas, (canvas, colour) => {
  const wanted = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < data.length; at += 4) if (wanted.every((part, index) => data[at + index] === part)) return true;
  return false;
}, colour);

seen("it is read on paper, and in forced colours", async (page) => {
  const [light, dark] = ["#4f93bf", "#4b7a98"];
  await page.emulateMedia({ colorScheme: "dark" });
  await page.locator(".run canvas").first().scrollIntoViewIfNeeded();
  await until("the dark chart", () => has(page, ".run canvas", dark));
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  for (const canvas of [".row canvas", ".run canvas"]) assert(await has(page, canvas, light), `${canvas} is printed on white`);
  assert(await has(page, "#strip-in-flight", "#0b6e4f"), "the strip, too");
  await page.emulateMedia({ media: "print" });
  for (const hidden of ["#teacher", "#grouping", "#save-svg"]) assert(await page.isHidden(hidden), `${hidden} isn't printed`);
  await page.emulateMedia({ media: "screen" });
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await until("the dark chart again", () => has(page, ".run canvas", dark));

  await page.emulateMedia({ forcedColors: "active" });
  // As it is on the screen: a style sheet doesn't know which of its colours are replaced.
  const fill = async (element) => {
    const picture = (await page.locator(element).first().screenshot()).toString("base64");
    return page.evaluate(async (picture) => {
      const image = new Image();
      image.src = `data:image/png;base64,${picture}`;
      await image.decode();
      const context = document.createElement("canvas").getContext("2d");
      context.drawImage(image, 0, 0);
      return context.getImageData(6, Math.floor(image.height / 2), 1, 1).data.join();
    }, picture);
  };
  assert.notEqual(await fill("#live"), await fill("#pause"), "which button is pressed");
  const [waiting, receiving, paper] = [await fill(".legend .waiting"), await fill(".legend .receiving"), await fill("h1")];
  assert.equal(new Set([waiting, receiving, paper]).size, 3, `the legend: ${waiting}, ${receiving} on ${paper}`);

  // Paper is narrower than the screen, and nothing is drawn while it is printed.
  await page.evaluate(() => new Promise((done) => {
    const frame = window.requestAnimationFrame;
    window.requestAnimationFrame = () => {};
    frame(() => frame(done));
  }));
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: 794, height: 1123 });
  const shapes = await page.$$eval(".row canvas, .over-time canvas, .run canvas", (all) =>
    all.map((canvas) => canvas.clientHeight / canvas.clientWidth / (canvas.height / canvas.width)));
  for (const shape of shapes) assert(Math.abs(shape - 1) < 0.05, `letters keep their shape: ${shape}`);
});
