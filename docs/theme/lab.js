// Loads the page "Be the scheduler" where a chapter has a place for it. Not in the page for printing,
// which shows the levels as text.

{
  const SCRIPTS = [
    "lines.js", "levels/values.js", "levels/orders.js", "levels/locks.js", "levels/condvars.js",
    "levels/channels.js", "levels/tasks.js", "machine.js", "dom.js", "picture.js", "page.js",
  ];

  if (document.getElementById("lab") && !location.pathname.endsWith("print.html")) {
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = "lab/scheduler/page.css";
    document.head.append(style);
    for (const name of SCRIPTS) {
      const script = document.createElement("script");
      script.src = `lab/scheduler/${name}`;
      // One after another, in this order.
      script.async = false;
      document.body.append(script);
    }
  }
}
