// The students' page: the question, and a client in the browser.

import { download } from "./browser.js";
import { copyText } from "./copy.js";
import { byId, setText } from "./dom.js";
import { followVote } from "./answer.js";

const browser = byId("browser");
/** Whether images are being downloaded. */
let isBusy = false;

byId("name").value = localStorage.getItem("name") ?? "";
byId("copy-command").addEventListener("click", () => copyText(byId("command"), byId("copied")));
browser.addEventListener("submit", (event) => {
  event.preventDefault();
  run(Number(event.submitter.value));
});

async function run(workers) {
  const name = byId("name").value.trim();
  localStorage.setItem("name", name);
  offerRuns(false);
  setText(byId("browser-result"), "Waiting for the list of images …");
  try {
    const result = await download(workers, name, showProgress);
    setText(byId("browser-result"), `${inWords(result)} in ${result.seconds.toFixed(2)} s.`);
  } catch (error) {
    setText(byId("browser-result"), error instanceof TypeError ? "The server cannot be reached." : error.message);
  } finally {
    isBusy = false;
    offerRuns(true);
  }
}

function offerRuns(are) {
  for (const button of browser.querySelectorAll("button")) button.disabled = !are;
}

/** Shows the count in the progress bar only: a screen reader would read each text. */
function showProgress({ images, saved, errors }) {
  isBusy = true;
  setText(byId("browser-result"), "Downloading …");
  byId("progress").max = images;
  byId("progress").value = saved + errors.length;
}

/** What came of a run, in words. */
function inWords({ images, saved, bytes, errors }) {
  const megabytes = `${(bytes / 1e6).toFixed(1)} MB`;
  if (errors.length === 0) return `${images} images, ${megabytes},`;
  return `${saved} of ${images} images, ${megabytes} (${errors.length} failed: ${[...new Set(errors)].join(", ")})`;
}

// Looking for a question would take one of the six connections. While the list is held until the
// teacher starts all runs, there is time for a question.
followVote(() => isBusy);
