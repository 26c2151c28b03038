// The students' page: the question, and a client in the browser.

import { download } from "./browser.js";
import { copyText } from "./copy.js";
import { byId, setText } from "./dom.js";
import { followVote } from "./answer.js";

const browser = byId("browser");
let isRunning = false;

byId("name").value = localStorage.getItem("name") ?? "";
byId("copy-command").addEventListener("click", () => copyText(byId("command"), byId("copied")));
browser.addEventListener("submit", (event) => {
  event.preventDefault();
  run(Number(event.submitter.value));
});

async function run(workers) {
  const name = byId("name").value.trim();
  localStorage.setItem("name", name);
  setRunning(true);
  setText(byId("browser-result"), "Downloading …");
  try {
    const result = await download(workers, name, showProgress);
    setText(byId("browser-result"), `${inWords(result)} in ${result.seconds.toFixed(2)} s.`);
  } catch (error) {
    setText(byId("browser-result"), error instanceof TypeError ? "The server cannot be reached." : error.message);
  } finally {
    setRunning(false);
  }
}

function setRunning(is) {
  isRunning = is;
  for (const button of browser.querySelectorAll("button")) button.disabled = is;
}

/** Shows the count in the progress bar only: a screen reader would read each text. */
function showProgress({ images, saved, errors }) {
  byId("progress").max = images;
  byId("progress").value = saved + errors.length;
}

/** What came of a run, in words. */
function inWords({ images, saved, bytes, errors }) {
  const megabytes = `${(bytes / 1e6).toFixed(1)} MB`;
  if (errors.length === 0) return `${images} images, ${megabytes},`;
  return `${saved} of ${images} images, ${megabytes} (${errors.length} failed: ${[...new Set(errors)].join(", ")})`;
}

// A question that is asked during a run would take one of its six connections.
followVote(() => isRunning);
