// The server's events, and whether there is a connection.

import { byId, setText } from "./dom.js";

/** Longest silence, in milliseconds: the server sends an event at least every two seconds. */
const MAX_SILENCE = 7000;

let source = null;
let lastEvent = 0;

/** Calls `onSnapshot` and `onFrame` with the data of each event; reconnects for ever. */
export function follow(onSnapshot, onFrame) {
  connect();
  setInterval(() => {
    // A browser stops trying after some errors, and does not notice that a network is gone.
    if (source.readyState === EventSource.CLOSED || performance.now() - lastEvent > MAX_SILENCE) {
      showConnection(false);
      connect();
    }
  }, 2000);

  function connect() {
    source?.close();
    source = new EventSource("/live/events");
    lastEvent = performance.now();
    source.addEventListener("snapshot", (event) => receive(event, onSnapshot));
    source.addEventListener("frame", (event) => receive(event, onFrame));
    source.addEventListener("error", () => showConnection(false));
  }
}

function receive(event, handle) {
  lastEvent = performance.now();
  handle(JSON.parse(event.data));
  showConnection(true);
}

function showConnection(isLive) {
  const status = byId("connection");
  status.className = isLive ? "" : "lost";
  setText(status, isLive ? "● live" : "○ The server cannot be reached. Reconnecting …");
}
