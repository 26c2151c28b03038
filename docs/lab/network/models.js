// The four programs on the modelled network.

lab.models = (() => {
  /** The programs. `workers` names the knob; the processes get their images from another process, whose
      connection they can't use. */
  const MODELS = [
    { id: "sync", name: "01-sync", one: "worker" },
    { id: "threads", name: "02-threads", one: "thread", many: "threads" },
    { id: "processes", name: "03-processes", one: "process", many: "processes", reuses: false },
    { id: "tasks", name: "04-async", one: "task", many: "tasks" },
  ];

  /** What the knobs say at first: the usual network, and as many tasks as there are images. */
  const usual = {
    threads: 5, processes: 2, tasks: 40, latency: 83, rate: 8, images: 40, handshake: 0, slowStart: false,
    failureRate: 0, retries: 2, limit: Infinity, other: 0, sharing: "client",
  };

  const settingsOf = ({ id, reuses = true }, knobs) => ({ ...knobs, workers: knobs[id] ?? 1, reuses, rate: knobs.rate * 1e6 });
  const run = (model, knobs) => network.simulate(settingsOf(model, knobs));
  const figures = (model, run, knobs) => network.figures(run, settingsOf(model, knobs));
  const workers = ({ id, one, many }, knobs) => ((knobs[id] ?? 1) === 1 ? `1 ${one}` : `${knobs[id]} ${many}`);
  const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`;

  return { MODELS, usual, run, figures, workers, seconds };
})();
