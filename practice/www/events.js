// The server's events, and whether there is a connection.

import { byId, request, setText } from "./dom.js";

/** Reconnects after this many milliseconds without an event; the server sends one every 100 ms. */
const EVENT_TIMEOUT = 7000;

let source = null;
let lastEvent = 0;

/** Calls `onSnapshot` and `onFrame` with the data of each event while the page is visible; reconnects
    forever. A hidden page has no connection, because browsers open at most six to a server, for all
    its pages together. */
export function follow(onSnapshot, onFrame) {
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) source?.close();
    else connect();
  });
  if (!document.hidden) connect();
  setInterval(() => {
    // After some errors, a browser stops reconnecting. It also doesn't notice a lost network.
    const isLost = source?.readyState === EventSource.CLOSED || performance.now() - lastEvent > EVENT_TIMEOUT;
    if (!document.hidden && isLost) {
      explain();
      connect();
    }
  }, 2000);

  function connect() {
    source?.close();
    source = new EventSource("/live/events");
    lastEvent = performance.now();
    source.addEventListener("snapshot", (event) => receive(event, onSnapshot));
    source.addEventListener("frame", (event) => receive(event, onFrame));
    source.addEventListener("error", () => showLost("The server cannot be reached."));
  }
}

function receive(event, handle) {
  lastEvent = performance.now();
  handle(JSON.parse(event.data));
  const status = byId("connection");
  status.className = "";
  setText(status, "● live");
}

/** Shows why there are no events. It sends a request to find out, because an `EventSource` doesn't
    report the reason. */
async function explain() {
  try {
    const response = await request("/live/events");
    if (response.ok) response.body.cancel();
    else showLost(await response.text());
  } catch (error) {
    showLost(error.message);
  }
}

function showLost(reason) {
  const status = byId("connection");
  status.className = "lost";
  setText(status, `○ ${reason} Reconnecting …`);
}
