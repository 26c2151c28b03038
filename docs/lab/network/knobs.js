// The knobs, and for each program a card: its lanes, and figures beside them.

lab.knobs = (() => {
  const { create } = lab.dom;
  const { MODELS, usual, run, figures, workers, seconds } = lab.models;

  const counts = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 40, 60, 100];
  const none = (value) => (value === 0 || value === Infinity ? "none" : `${value}`);
  /** The positions of each knob, and how one is written. */
  const GROUPS = {
    "Workers": {
      threads: { label: "threads", values: counts },
      processes: { label: "processes", values: counts },
      tasks: { label: "tasks", values: counts },
    },
    "Network": {
      latency: { label: "latency", values: [5, 10, 20, 40, 83, 150, 300, 500, 1000], text: (value) => `${value} ms` },
      rate: { label: "link", values: [1, 2, 4, 8, 16, 32, 64, 100], text: (value) => `${value} MB/s` },
      images: { label: "images", values: [1, 3, 5, 10, 20, 40, 80, 200, 400] },
      handshake: { label: "handshake", values: [0, 1, 2, 3, 4], text: (value) => `${value} round trips` },
      slowStart: { label: "slow start of new connections" },
    },
    "Failures, limit, another client": {
      failureRate: { label: "injected failures", values: [0, 5, 10, 20, 30, 50, 100], text: (value) => `${value} %` },
      retries: { label: "retries", values: [0, 1, 2, 3, 5, 8], text: (value) => `at most ${value}` },
      limit: { label: "limit in flight", values: [1, 2, 5, 10, 20, 40, Infinity], text: none },
      other: { label: "another client’s workers", values: [0, 1, 2, 5, 10, 20, 40], text: none },
      sharing: { label: "share the link per request", values: ["client", "request"] },
    },
  };

  const knobs = { ...usual };
  /** The programs whose runs aren't shown yet. */
  let hidden = [];
  const parts = { inputs: {}, outputs: {}, groups: [], cards: {}, news: create("p", "times"), signs: create("span") };
  let isPlanned = false;

  // ---- layout

  function slider(name, { label, values, text = String }) {
    const input = Object.assign(create("input"), { type: "range", min: 0, max: values.length - 1, step: 1 });
    const output = create("strong");
    input.addEventListener("input", () => turn({ [name]: values[input.value] }));
    parts.inputs[name] = () => {
      const value = text(knobs[name]);
      input.value = values.indexOf(knobs[name]);
      input.setAttribute("aria-valuetext", value);
      output.textContent = value;
    };
    return create("label", "knob", create("span", "", label, " ", output), input);
  }

  /** Between two values: `false` and `true`, if there are no others. */
  function box(name, { label, values = [false, true] }) {
    const input = Object.assign(create("input"), { type: "checkbox" });
    input.addEventListener("change", () => turn({ [name]: values[Number(input.checked)] }));
    parts.inputs[name] = () => (input.checked = knobs[name] === values[1]);
    return create("label", "knob check", input, create("span", "", label));
  }

  function group([title, all]) {
    const controls = Object.entries(all).map(([name, knob]) => (knob.values?.length > 2 ? slider : box)(name, knob));
    const details = create("details", "group", create("summary", "", title), create("div", "knobs", ...controls));
    parts.groups.push({ details, names: Object.keys(all) });
    return details;
  }

  function card(model) {
    const canvas = create("canvas", "lanes");
    canvas.setAttribute("role", "img");
    const workers = create("span"), time = create("strong"), figures = create("div", "figures");
    const veil = create("p", "veil", "Predict first.");
    parts.cards[model.id] = { canvas, workers, time, figures, veil };
    return create("section", "card", create("h4", "", create("span", "", model.name, " ", workers), time), veil, canvas, figures);
  }

  function legend() {
    const sign = (name, text) => create("span", "", create("i", name), ` ${text}`);
    const drawn = (shape, text) => {
      const sign = create("span", "", "", ` ${text}`);
      sign.insertAdjacentHTML("afterbegin", `<svg viewBox="0 0 16 16" aria-hidden="true"><path class="${shape}" d="${shape === "cross" ? "M2 2L14 14M2 14L14 2" : "M1 15H15L8 1Z"}"/></svg>`);
      return sign;
    };
    parts.signs.append(sign("idle", "waits before a retry"), drawn("triangle", "failed attempt"), drawn("cross", "given up"));
    return create("p", "legend", sign("waiting", "waiting for the response"), sign("receiving", "receiving"), sign("listed", "the list has arrived"), parts.signs);
  }

  function layout() {
    parts.news.setAttribute("role", "status");
    addEventListener("resize", plan);
    // After a change of the theme.
    new MutationObserver(plan).observe(document.documentElement, { attributeFilter: ["class"] });
    const groups = Object.entries(GROUPS).map(group);
    const [first, second] = parts.groups;
    first.details.open = true;
    // A phone shows only a few knobs together with the charts.
    second.details.open = innerWidth > 600;
    return [...groups, legend(), create("div", "charts", ...MODELS.map(card)), parts.news];
  }

  // ---- drawing

  function turn(change) {
    Object.assign(knobs, change);
    hidden = [];
    plan();
  }

  /** Shows a run with these settings, but not yet that of the programs in `unseen`. */
  function show(settings, unseen = []) {
    Object.assign(knobs, settings);
    hidden = unseen;
    for (const { details, names } of parts.groups) details.open ||= names.some((name) => knobs[name] !== usual[name]);
    plan();
  }

  /** Draws once in the next frame, however many changes come before it. */
  function plan() {
    if (isPlanned) return;
    isPlanned = true;
    requestAnimationFrame(() => {
      isPlanned = false;
      draw();
    });
  }

  function draw() {
    for (const update of Object.values(parts.inputs)) update();
    const shown = MODELS.filter(({ id }) => !hidden.includes(id)).map((model) => ({ model, run: run(model, knobs) }));
    const span = Math.max(...shown.map(({ run }) => run.time)) * 1.02;
    for (const model of MODELS) drawCard(model, shown.find((one) => one.model === model)?.run, span);
    parts.signs.hidden = shown.every(({ run }) => run.requests === run.bars.length);
    parts.news.replaceChildren(...shown.flatMap(({ model, run }) => [create("span", "", `${model.name}: ${seconds(run.time)}`), " "]));
  }

  function drawCard(model, run, span) {
    const { canvas, workers: count, time, figures: beside, veil } = parts.cards[model.id];
    count.textContent = workers(model, knobs);
    veil.hidden = Boolean(run);
    canvas.hidden = beside.hidden = !run;
    time.textContent = run ? seconds(run.time) : "";
    if (!run) return;
    chart.draw(canvas, { ...run, numbered: true }, Infinity, span);
    canvas.setAttribute("aria-label", `${run.bars.length} images in ${run.lanes} lanes, done after ${seconds(run.time)}`);
    beside.replaceChildren(...lines(model, run));
  }

  function lines(model, run) {
    const { perSecond, mean, product, floor } = figures(model, run, knobs);
    const all = [
      `at least ${seconds(floor)}, peak in flight ${run.peak}`,
      `${perSecond.toFixed(1)} images/s × ${(mean / 1000).toFixed(3)} s = ${product.toFixed(1)} in progress`,
    ];
    if (run.requests > run.bars.length || run.saved < run.bars.length) all.push(`${run.saved} of ${run.bars.length} saved, with ${run.requests} requests`);
    return all.map((text) => create("p", "", text));
  }

  return { layout, show };
})();
