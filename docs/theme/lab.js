// Loads the lab's pages into the chapters that have a place for them. Not into the page for printing,
// which shows what they show without JavaScript.

{
  const SCRIPTS = {
    lab: [
      "dom.js",
      ...["lines", "levels/values", "levels/orders", "levels/locks", "levels/condvars", "levels/channels",
        "levels/tasks", "machine", "picture", "page"].map((name) => `scheduler/${name}.js`),
    ],
    knobs: ["dom.js", ...["chart", "network", "models", "questions", "knobs", "guide"].map((name) => `network/${name}.js`)],
  };

  for (const [id, scripts] of Object.entries(SCRIPTS)) {
    if (!document.getElementById(id) || location.pathname.endsWith("print.html")) continue;
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = "lab/lab.css";
    document.head.append(style);
    for (const name of scripts) {
      const script = document.createElement("script");
      script.src = `lab/${name}`;
      // One after another, in this order.
      script.async = false;
      document.body.append(script);
    }
  }
}
