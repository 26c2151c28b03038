// The page: links to the presets, a guided part, the knobs. The words for a preset stand in the chapter.

{
  const { create, button } = lab.dom;
  const { MODELS, run, seconds } = lab.models;
  const PREDICTIONS = "predictions";
  const root = document.getElementById("knobs");
  const texts = Object.fromEntries([...root.querySelectorAll("li")].map((item) => {
    const link = item.querySelector("a");
    const [, dot, ...words] = item.childNodes;
    return [link.hash.slice(1), { title: link.textContent, words: create("p", "", dot.data.replace(/^\.\s/, ""), ...words) }];
  }));
  const guide = create("div", "guide");
  const links = [[PREDICTIONS, "Predictions"], ...Object.entries(texts).map(([id, { title }]) => [id, title])]
    .map(([id, title]) => Object.assign(create("a", "", title), { href: `#${id}` }));

  function build() {
    const nav = create("nav", "presets", ...links);
    nav.setAttribute("aria-label", "Settings to try");
    root.classList.add("lab");
    root.replaceChildren(nav, guide, ...lab.knobs.layout());
    addEventListener("hashchange", open);
    open();
    if (chosen() !== PREDICTIONS) root.scrollIntoView();
  }

  const chosen = () => (texts[location.hash.slice(1)] ? location.hash.slice(1) : PREDICTIONS);

  function open() {
    const id = chosen();
    for (const link of links) link.ariaCurrent = `${link.hash === `#${id}`}`;
    if (id === PREDICTIONS) return ask(0);
    guide.replaceChildren(create("h3", "", texts[id].title), texts[id].words);
    lab.knobs.show(lab.presets[id]);
  }

  function ask(index) {
    const question = lab.questions[index];
    lab.knobs.show(question.from, question.hidden);
    const title = create("h3", "", `Predict ${index + 1} of ${lab.questions.length}: ${question.ask}`);
    title.tabIndex = -1;
    const result = create("div", "result");
    result.setAttribute("role", "status");
    const options = question.options.map((text, guess) => button(text, () => reveal(question, guess, result, index)));
    guide.replaceChildren(title, create("div", "controls", ...options), result);
    return title;
  }

  function reveal(question, guess, result, index) {
    const { program, from, to, right, why } = question;
    lab.knobs.show(to);
    const model = MODELS.find(({ id }) => id === program);
    const [before, now] = [from, to].map((knobs) => seconds(run(model, knobs).time));
    const isRight = guess === right;
    const times = from === to ? `${model.name} needs ${now}.` : `${model.name} before: ${before}. Now: ${now}.`;
    result.className = `result ${isRight ? "good" : "fail"}`;
    result.replaceChildren(
      create("p", "", create("strong", "", isRight ? "Your prediction is right. " : "Your prediction is wrong. "), times),
      create("p", "", why),
      create("div", "controls", index + 1 < lab.questions.length
        ? button("Next prediction", () => ask(index + 1).focus(), "main")
        : button("Begin again", () => ask(0).focus())),
    );
  }

  build();
}
