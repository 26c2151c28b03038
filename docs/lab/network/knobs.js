// The page: knobs, the lanes that follow from them, figures, and a guided part.

{
  const { create, button } = lab.dom;
  const { simulate, figures, floor } = network;

  /** The positions of each knob, and how one is written. */
  const KNOBS = {
    workers: { label: "workers", values: [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 40, 60, 100], text: (value) => `${value}` },
    latency: { label: "latency", values: [5, 10, 20, 40, 83, 150, 300, 600, 1000], text: (value) => `${value} ms` },
    rate: { label: "link", values: [1, 2, 4, 8, 16, 32, 64, 100], text: (value) => `${value} MB/s` },
    images: { label: "images", values: [1, 3, 5, 10, 20, 40, 80, 200, 400], text: (value) => `${value}` },
    handshake: { label: "handshake of a new connection", values: [0, 1, 2, 3, 4], text: (value) => `${value} round trips` },
  };
  const settings = { ...lab.questions[0].from };
  const root = document.getElementById("knobs");
  const parts = layout();

  const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`;
  const exact = (chosen) => ({ ...chosen, rate: chosen.rate * 1e6 });

  // ---- knobs

  function layout() {
    const inputs = Object.fromEntries(Object.entries(KNOBS).map(([name, { values }]) => {
      const input = Object.assign(create("input"), { type: "range", min: 0, max: values.length - 1, step: 1 });
      input.addEventListener("input", () => turn({ [name]: values[input.value] }));
      return [name, input];
    }));
    const outputs = Object.fromEntries(Object.keys(KNOBS).map((name) => [name, create("strong")]));
    const slow = Object.assign(create("input"), { type: "checkbox" });
    slow.addEventListener("change", () => turn({ slowStart: slow.checked }));
    const knobs = Object.entries(KNOBS).map(([name, { label }]) =>
      create("label", "knob", create("span", "", label, " ", outputs[name]), inputs[name]));
    knobs.push(create("label", "knob check", slow, create("span", "", "slow start of a new connection")));
    const all = {
      inputs, outputs, slow, canvas: create("canvas", "lanes"), caption: create("p", "about"),
      figures: create("dl", "state figures"), guide: create("div", "guide"), news: create("p", "unseen"),
    };
    all.canvas.setAttribute("role", "img");
    all.news.setAttribute("role", "status");
    root.classList.add("lab");
    root.replaceChildren(all.guide, create("div", "knobs", ...knobs), all.figures, legend(), all.canvas, all.caption, all.news);
    addEventListener("resize", () => draw());
    return all;
  }

  function legend() {
    const sign = (name, text) => create("span", "", create("i", name), ` ${text}`);
    return create("p", "legend", sign("waiting", "waiting for the response"), sign("receiving", "receiving"), sign("listed", "the list has arrived"));
  }

  function turn(change) {
    Object.assign(settings, change);
    draw();
    const run = simulate(exact(settings));
    parts.news.textContent = `${seconds(run.time)}, ${figures(run).inFlight.toFixed(1)} in flight.`;
  }

  // ---- drawing

  function draw() {
    for (const [name, { values, text }] of Object.entries(KNOBS)) {
      const value = text(settings[name]);
      parts.inputs[name].value = values.indexOf(settings[name]);
      parts.inputs[name].setAttribute("aria-valuetext", value);
      parts.outputs[name].textContent = value;
    }
    parts.slow.checked = settings.slowStart;
    const run = simulate(exact(settings));
    const alone = simulate(exact({ ...settings, workers: 1 }));
    drawFigures(run, alone);
    chart.draw(parts.canvas, { ...run, numbered: true }, Infinity, alone.time * 1.01);
    parts.canvas.setAttribute("aria-label", `${run.bars.length} images in ${run.lanes} lanes, done after ${seconds(run.time)}`);
    parts.caption.textContent = `The axis ends where one worker would be done: ${seconds(alone.time)}.`;
  }

  function drawFigures(run, alone) {
    const { perSecond, mean, inFlight } = figures(run);
    const all = [
      ["time", seconds(run.time)],
      ["one worker, compared", `${(alone.time / run.time).toFixed(1)} times as long`],
      ["at least, with any number", seconds(floor(exact(settings)))],
      ["images a second", perSecond.toFixed(1)],
      ["mean time of an image", seconds(mean)],
      ["their product: in flight", inFlight.toFixed(1)],
    ];
    parts.figures.replaceChildren(...all.map(([name, text]) => create("div", "", create("dt", "", name), create("dd", "", text))));
  }

  // ---- the guided part

  function ask(index) {
    const question = lab.questions[index];
    Object.assign(settings, question.from);
    draw();
    const title = create("h3", "", `Predict ${index + 1} of ${lab.questions.length}: ${question.ask}`);
    title.tabIndex = -1;
    const result = create("div", "result");
    result.setAttribute("role", "status");
    const options = question.options.map((text, guess) => button(text, () => reveal(question, guess, result, index)));
    parts.guide.replaceChildren(title, create("div", "controls", ...options), result);
    return title;
  }

  function reveal(question, guess, result, index) {
    Object.assign(settings, question.to);
    draw();
    const isRight = guess === question.right;
    const [before, after] = [question.from, question.to].map((chosen) => seconds(simulate(exact(chosen)).time));
    result.className = `result ${isRight ? "good" : "fail"}`;
    result.replaceChildren(
      create("p", "", create("strong", "", isRight ? "Your prediction is right. " : "Your prediction is wrong. "), `Before: ${before}. Now: ${after}.`),
      create("p", "", question.why),
      create("div", "controls", index + 1 < lab.questions.length
        ? button("Next prediction", () => ask(index + 1).focus(), "main")
        : button("Begin again", () => ask(0).focus())),
    );
  }

  ask(0);
}
