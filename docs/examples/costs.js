// What one more costs in JavaScript: the fastest of several attempts. See `docs/costs.md`.

const { Worker } = require("node:worker_threads");
const { once } = require("node:events");

async function report(what, attempts, work, times = 1) {
  let fastest = Infinity;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const start = performance.now();
    await work();
    fastest = Math.min(fastest, performance.now() - start);
  }
  console.log(`${what}: ${((fastest / times) * 1000).toFixed(2)} µs`);
}

async function promises() {
  for (let i = 0; i < 1000; i++) await (async () => {})();
}

async function main() {
  await report("a promise", 50, promises, 1000);
  await report("a worker", 5, () => once(new Worker("", { eval: true }), "exit"));
  const before = process.memoryUsage().rss;
  const code = "setInterval(() => {}, 1000)";
  const workers = [...Array(10)].map(() => new Worker(code, { eval: true }));
  await Promise.all(workers.map((worker) => once(worker, "online")));
  console.log(`memory of 10 workers: ${Math.round((process.memoryUsage().rss - before) / 1e6)} MB`);
  process.exit();
}

main();
