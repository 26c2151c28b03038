// Writes what follows from the levels: their programs in Rust, which a test of `docs` runs in all
// schedules; the outcomes that the page's explorer finds, with which that test compares; and the
// levels as text, for readers without JavaScript.
//
//     node docs/lab/scheduler/generate.mjs            writes the files
//     node docs/lab/scheduler/generate.mjs --check    fails if one of them is not up to date

import { readFileSync, writeFileSync } from "node:fs";
import { runInThisContext } from "node:vm";

const here = (name) => new URL(name, import.meta.url);
const scripts = ["lines.js", ...["values", "orders", "locks", "condvars", "channels", "tasks"].map((name) => `levels/${name}.js`), "machine.js"];
for (const script of scripts) runInThisContext(readFileSync(here(script), "utf8"), { filename: script });
const { levels, machine, names } = globalThis.lab;

/** All programs: the broken one of each level, and one for each repair. */
const programs = levels.flatMap((level) => [{ id: "broken" }, ...level.repairs].map((repair) => ({
  name: `${level.id}/${repair.id}`, level, repair, program: machine.program(level, repair),
})));

// ---- Rust

const indent = (lines, depth) => lines.flatMap((line) => line.split("\n")).map((line) => " ".repeat(4 * depth) + line);
const code = (thread) => thread.map((line) => line.code);

function spawn(program) {
  const open = program.moves ? "scope.spawn(move || {" : "scope.spawn(|| {";
  const threads = program.threads.flatMap((thread) => [open, ...indent(code(thread), 1), "});"]);
  return ["thread::scope(|scope| {", ...indent(threads, 1), "});"];
}

function spawnTasks(program) {
  const tasks = program.threads.flatMap((thread, index) => [
    `let task_${index} = spawn_local({`,
    ...program.shares.map((name) => `    let ${name} = ${name}.clone();`),
    ...(index > 0 && program.handle ? [`    let ${program.handle} = task_0.abort_handle();`] : []),
    "    async move {", ...indent(code(thread), 2), "    }", "});",
  ]);
  const ends = program.threads.map((_, index) => `let _ = task_${index}.await;`);
  return ["block_on(async {", ...indent([...tasks, ...ends], 1), "});"];
}

function rust({ name, program }) {
  const body = [...program.setup, ...(program.tasks ? spawnTasks(program) : spawn(program)), program.rust];
  return [`fn ${name.replace(/\W/g, "_")}() -> String {`, ...indent(body, 1), "}"].join("\n");
}

const table = programs.map(({ name }) => `    ("${name}", ${name.replace(/\W/g, "_")}),`);
const rustFile = `// The programs of the page "Be the scheduler", written by generate.mjs from levels/*.js.

${programs.map(rust).join("\n\n")}

pub const PROGRAMS: &[(&str, fn() -> String)] = &[
${table.join("\n")}
];
`;

// ---- outcomes

const found = programs.map((entry) => ({ ...entry, ...machine.explore(entry.program) }));
const outcomes = `{\n${found.map(({ name, schedules, fail, outcomes }) =>
  `  ${JSON.stringify(name)}: ${JSON.stringify({ schedules, fail, outcomes })}`).join(",\n")}\n}\n`;

// ---- text

const cell = (line) => `\`${line.code.trim().split("\n")[0].replaceAll("|", "\\|")}\``;

function picture(program, schedule) {
  const { steps } = machine.play(program, schedule);
  const kind = program.tasks ? "task" : "thread";
  const rows = steps.map(({ me, lines }, index) => {
    const cells = program.threads.map((thread, other) => (other === me ? lines.map((line) => cell(thread[line])).join(" ") : ""));
    return `| ${index + 1} | ${cells.join(" | ")} |`;
  });
  const head = program.threads.map((_, index) => `${kind} ${names[index]}`);
  return [`| step | ${head.join(" | ")} |`, `|---|${head.map(() => "---|").join("")}`, ...rows].join("\n");
}

const counted = ({ schedules, fail }) => {
  const all = schedules === 1 ? "the only schedule" : `${schedules} schedules`;
  return fail ? `**${fail} of ${all} fail${fail === 1 ? "s" : ""}.**` : `**Right in ${schedules === 1 ? all : `all ${all}`}.**`;
};

function text(level, index) {
  const [broken, ...repairs] = found.filter((entry) => entry.level === level);
  const { text: result } = machine.outcome(broken.program, machine.play(broken.program, broken.shortest).states.at(-1));
  return [
    `## ${index + 1}. ${level.title}`,
    level.goal,
    level.setup.length ? `Shared: ${level.setup.map((line) => `\`${line}\``).join(" ")}` : "",
    `A schedule that fails; in the end: ${result}.`,
    picture(broken.program, broken.shortest),
    level.won,
    `${counted(broken)} The repairs:`,
    repairs.map((entry) => `- *${entry.repair.label}.* ${counted(entry)} ${entry.repair.why}`).join("\n"),
  ].filter(Boolean).join("\n\n");
}

/** A chapter with new text between its two marks. */
function chapter(name, text) {
  const [begin, end] = ["<!-- begin: levels -->", "<!-- end: levels -->"];
  const [before, rest] = readFileSync(here(name), "utf8").split(begin);
  return `${before}${begin}\n\n${text}\n\n${end}${rest.split(end)[1]}`;
}

/** What the page shows where it can't be played. */
const lostUpdate = found.find(({ name }) => name === "lost-update/broken");
const PLAY = "../../scheduler.md";
const TEXT = "../../scheduler-levels.md";

// ---- files

const files = [
  ["programs.rs", rustFile],
  ["outcomes.json", outcomes],
  [PLAY, chapter(PLAY, picture(lostUpdate.program, lostUpdate.shortest))],
  [TEXT, chapter(TEXT, levels.map(text).join("\n\n"))],
];
for (const [name, content] of files) {
  if (process.argv[2] !== "--check") writeFileSync(here(name), content);
  else if (readFileSync(here(name), "utf8") !== content) {
    console.error(`${name} is not up to date: run \`node docs/lab/scheduler/generate.mjs\``);
    process.exitCode = 1;
  }
}
