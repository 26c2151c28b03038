// A full class: 30 clients with 100 requests in flight each, 10 watchers, and 30 phones that answer a
// question and look for the next one, for a minute. The clients start a fifth of a second apart: a class
// does not press Enter in the same instant.
//
//     cargo build --release --bin practice-server
//     node load.mjs [streams|pages] [SECONDS] [OPTIONS OF practice-server ...]
//
// The watchers are event streams only, which is what they cost the server.
// With `pages`, they are pages in a browser, which take the server's processor time where they run on
// the same machine. In a class they do not.
//
// It says how many requests there were, what went wrong, and how long the server let them wait, by
// the clients' clocks and by its own. It fails if anything went wrong, or if the server's
// mean wait is more than 10 % above the latency. Run it where nothing else runs.

import http from "node:http";
import { browse, open, serve } from "./harness.mjs";

process.env.BINS ??= new URL("../../target/release", import.meta.url).pathname;

const CLIENTS = 30, WORKERS = 100, WATCHERS = 10, PHONES = 30;
const [kind = "streams", seconds = "60", ...options] = process.argv.slice(2);
const server = await serve("--listen", "127.0.0.1:0", ...options);

const errors = new Map();
const fail = (why) => errors.set(why, (errors.get(why) ?? 0) + 1);
const waits = [];
let bytes = 0, done = 0, answers = 0;

/** One request; resolves with the body. `take` sees the milliseconds until the response began. */
function get(agent, path, name) {
  return new Promise((resolve) => {
    const headers = { authorization: "Client-ID load", "user-agent": `04-async/0 (workers=${WORKERS}; name=${name})` };
    const request = http.get({ agent, path, headers, host: "127.0.0.1", port: server.port });
    let sentAt = 0;
    request.on("finish", () => (sentAt = performance.now()));
    request.on("response", (response) => {
      waits.push(performance.now() - sentAt);
      if (response.statusCode !== 200) fail(`status ${response.statusCode}`);
      const body = [];
      response.on("data", (data) => {
        bytes += data.length;
        if (path.includes("album")) body.push(data);
      });
      response.on("end", () => resolve(Buffer.concat(body).toString()));
      response.on("error", (error) => { fail(error.code); resolve(""); });
    });
    request.on("error", (error) => { fail(error.code); resolve(""); });
  });
}

async function client(number) {
  await new Promise((start) => setTimeout(start, number * 200));
  const agent = new http.Agent({ keepAlive: true, maxSockets: WORKERS });
  const name = `Student%20${number + 1}`;
  const album = JSON.parse(await get(agent, "/3/album/PdA9Amq/images", name));
  const paths = album.data.map((image) => new URL(image.link).pathname);
  let next = 0;
  const worker = async () => {
    while (Date.now() < until) {
      await get(agent, paths[next++ % paths.length], name);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  agent.destroy();
}

/** A phone, which looks for a question again and again, and changes its answer each time. */
async function phone(number) {
  while (Date.now() < until) {
    const vote = await (await fetch(`${server.url}/live/vote`)).json();
    const body = JSON.stringify({ id: vote.id, round: 1, voter: `${number}`.padStart(32, "0"), value: answers });
    const response = await fetch(`${server.url}/live/answer`, { method: "POST", body });
    if (!response.ok) fail(`answer: status ${response.status}`);
    answers += 1;
    await new Promise((done) => setTimeout(done, 1500));
  }
}

/** A watcher; the first one collects how long each request waited by the server's clock. */
const served = new Map();
let frames = 0, streamed = 0, peak = 0, latency = 0;
function watch(isFirst) {
  const request = http.get({ host: "127.0.0.1", port: server.port, path: "/live/events" });
  request.on("error", (error) => fail(`watcher: ${error.code}`));
  request.on("response", (stream) => {
    let rest = "";
    stream.setEncoding("utf8").on("data", (data) => {
      streamed += data.length;
      if (!isFirst) return;
      const events = (rest + data).split("\n\n");
      rest = events.pop();
      for (const event of events) {
        frames += 1;
        const { runs, rules, totals } = JSON.parse(event.match(/^data: (.*)$/m)[1]);
        peak = Math.max(peak, totals.peak);
        latency = rules.latency;
        for (const run of runs) {
          for (const [id, , arrived, responded] of run.bars) {
            if (responded !== null) served.set(id, responded - arrived);
          }
        }
      }
    });
    stream.on("end", () => fail("watcher: the stream ended"));
    stream.on("error", () => {});
  });
  return request;
}

const browser = kind === "pages" ? await browse() : null;
const pages = [];
while (browser && pages.length < WATCHERS) {
  pages.push(await open(browser, server, "/", { viewport: { width: 1400, height: 900 } }));
}
const streams = Array.from({ length: browser ? 1 : WATCHERS }, (_, number) => watch(number === 0));
const until = Date.now() + Number(seconds) * 1000;
const reach = (time) => new Promise((reached) => setTimeout(reached, time - Date.now()));
const question = { method: "POST", headers: { "x-practice-token": "" }, body: '{"ask": {"text": "How long?"}}' };
await fetch(`${server.url}/live/vote`, question);
const phones = Promise.all(Array.from({ length: PHONES }, (_, number) => phone(number)));
const running = Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
// The pages are read while all clients still send requests.
await reach(until - 5000);
await Promise.all(pages.map(async (page) => {
  const [connection, now] = await Promise.all(["#connection", "#in-flight"].map((id) => page.textContent(id)));
  if (connection !== "● live" || !(Number(now) > 0)) fail(`page: ${connection}, ${now} in flight`);
}));
// What is still on its way when the time is over may take long on a slow link.
await Promise.race([running, reach(until)]);
for (const page of pages) page.errors.forEach(fail);

const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
const figures = (name, list) => {
  list.sort((one, other) => one - other);
  const at = (share) => list[Math.min(list.length - 1, Math.floor(share * list.length))]?.toFixed(0);
  console.log(`${name}: ${list.length} requests, mean ${mean(list).toFixed(1)} ms, median ${at(0.5)}, 90 % below ${at(0.9)}, 99 % below ${at(0.99)}, max ${at(1)}`);
};
console.log(`${done} images, ${(bytes / 1e6).toFixed(0)} MB, peak in flight ${peak}; errors: ${errors.size ? JSON.stringify([...errors]) : "none"}`);
figures("until the response, by the clients", waits);
figures("until the response, by the server", [...served.values()]);
const more = mean([...served.values()]) / latency - 1;
console.log(`which is ${(more * 100).toFixed(1)} % more than the latency of ${latency} ms`);
console.log(`${PHONES} phones: ${answers} answers`);
console.log(`${WATCHERS} ${kind}: ${frames} frames each; ${streams.length} streams got ${(streamed / 1e6).toFixed(1)} MB in all`);
const failed = errors.size > 0 || !(more <= 0.1);
await Promise.all([phones, browser?.close()]);
for (const request of streams) request.destroy();
await server.end();
process.exit(failed ? 1 : 0);
