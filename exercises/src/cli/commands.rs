//! The student's commands: the list, a task and its verdict, hints, a solution.

use super::memory::Memory;
use super::report::Class;
use super::submission::SubmissionFile;
use super::terminal::{COMMAND, coloured, excerpt, fit, say};
use exercises::judge::Printed;
use exercises::task::{TASKS, Task, groups};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::thread;
use std::time::{Duration, Instant};

/// How a submission was judged.
pub struct Judged {
    /// `passed`, `not yet` or `does not compile`.
    pub state: &'static str,
    /// What the check observed, why it refuses the submission, or the compiler's first error.
    pub message: String,
    /// See [`Task::check_for_points`].
    pub points: usize,
    pub seed: u64,
    pub seconds: f64,
    printed: Vec<Printed>,
}

impl Judged {
    /// As a JSON object.
    pub fn to_json(&self, task: &Task) -> Value {
        json!({
            "task": task.number,
            "state": self.state,
            "points": self.points,
            "of": task.points(),
            "message": self.message,
            "seed": self.seed,
            "seconds": (self.seconds * 10.0).round() / 10.0,
        })
    }
}

/// Builds and checks a submission, and remembers the verdict. The compiler's messages go to stderr
/// if `verbose`.
pub fn judge_file(
    task: &Task,
    file: &SubmissionFile,
    seed: u64,
    verbose: bool,
) -> io::Result<Judged> {
    let started = Instant::now();
    let judged = |state, message, points, printed| Judged {
        state,
        message,
        points,
        seed,
        seconds: started.elapsed().as_secs_f64(),
        printed,
    };
    let submission = match file.build(verbose, seed)? {
        Ok(submission) => submission,
        Err(error) => {
            Memory::read(file).remember(file, "does not compile");
            return Ok(judged("does not compile", error, 0, Vec::new()));
        }
    };
    if verbose {
        let _ = writeln!(io::stderr(), "Checking task {} …", number(task));
    }
    let (verdict, points) = task.check_for_points(&submission);
    let (state, message) = match verdict {
        Ok(observed) => ("passed", observed),
        Err(message) => ("not yet", message.trim_end().to_owned()),
    };
    Memory::read(file).remember(file, state);
    Ok(judged(state, message, points, submission.printed()))
}

/// Lists the tasks in their groups, and how the submissions were judged last. Returns whether all have
/// passed.
pub fn list() -> bool {
    let mut passed = BTreeSet::new();
    for (group, tasks) in groups() {
        say(&format!("{group}\n"));
        for task in tasks {
            let state = state(task);
            say(&format!("  {:>2}  {:<26}{}\n", number(task), task.title(), coloured(&state)));
            if state == "passed" {
                passed.insert(task.number);
            }
        }
        say("\n");
    }
    let open = TASKS.iter().find(|task| !passed.contains(task.number)).map(number);
    say(&format!("{} of {} passed. ", passed.len(), TASKS.len()));
    say(&match open {
        Some(task) => {
            format!("This shows task {task} and checks your submission:\n`{COMMAND} {task}`\n")
        }
        None => "What to read next: docs/reading.md\n".into(),
    });
    open.is_none()
}

/// How the submission to a task was judged last.
fn state(task: &Task) -> String {
    let file = SubmissionFile::of(task);
    if !file.exists() {
        return "not begun".into();
    }
    Memory::read(&file).state(&file).unwrap_or("not checked").to_owned()
}

/// Shows a task and checks its submission. Returns whether it passes. What the check draws at random
/// comes from `seed`. The verdict is reported to the class, if there is one.
pub fn show(
    task: &Task,
    seed: Option<u64>,
    as_json: bool,
    class: Option<&Class>,
) -> io::Result<bool> {
    let (file, seed) = (SubmissionFile::of(task), seed.unwrap_or_else(draw));
    if as_json {
        file.begin()?;
        let judged = judge_file(task, &file, seed, true)?;
        say(&format!("{}\n", judged.to_json(task)));
        report(class, task, &judged);
        return Ok(judged.state == "passed");
    }
    // The text is shown until there is a submission; `text` shows it again.
    if !file.exists() {
        text(task);
    }
    judge(task, &file, seed, class)
}

fn report(class: Option<&Class>, task: &Task, judged: &Judged) {
    if let Some(class) = class {
        class.report(task, judged);
    }
}

/// Shows the text of a task. Always returns true.
pub fn text(task: &Task) -> bool {
    say(&format!("{}\n\n", fit(task.text())));
    true
}

/// A seed: short enough to be typed.
pub fn draw() -> u64 {
    fastrand::u64(1..1_000_000)
}

/// Builds and checks a submission, prints the verdict and reports it. Returns whether it passes.
fn judge(task: &Task, file: &SubmissionFile, seed: u64, class: Option<&Class>) -> io::Result<bool> {
    if file.begin()? {
        say(&format!("{} is ready for you to edit. Here it is checked as it is:\n\n", file.path()));
    }
    let judged = judge_file(task, file, seed, true)?;
    print(&judged.printed);
    let number = number(task);
    let (message, path) = (&judged.message, file.path());
    match judged.state {
        "passed" => {
            say(&format!("{} {}\n\n", coloured("Passed."), fit(message)));
            say(&format!("To think about, or to discuss:\n\n{}\n\n", fit(task.afterwards())));
            say(&format!("A solution to compare with:\n`{COMMAND} solution {number}`\n"));
            if let Some(next) = TASKS.iter().skip_while(|it| it.number != task.number).nth(1) {
                say(&format!("The next task:\n`{COMMAND} {}`\n", self::number(next)));
            }
        }
        "not yet" => {
            say(&format!("{} {}\n\n", coloured("Not yet."), fit(message)));
            say(&format!("Your submission is {path}. A hint:\n`{COMMAND} hint {number}`\n"));
            say(&format!("The same draw again:\n`{COMMAND} {number} --seed {seed}`\n"));
        }
        _ => say(&format!("\n{} {path} does not compile.\n", coloured("Not yet."))),
    }
    report(class, task, &judged);
    Ok(judged.state == "passed")
}

/// Prints the end of what each run of a submission has printed.
fn print(runs: &[Printed]) {
    for (number, run) in (1..).zip(runs) {
        let which = match &run.album {
            _ if runs.len() == 1 => String::new(),
            None => format!(" in run {number}"),
            Some(album) => format!(" in run {number}, on the album {album}"),
        };
        say(&excerpt(&format!("Your program printed{which}:"), &run.stdout));
        say(&excerpt(&format!("On stderr{which}:"), &run.stderr));
    }
}

/// Shows hint `which`, counted from 1. Always returns true.
pub fn hint(task: &Task, which: u8) -> bool {
    let hints = task.hints();
    say(&format!("{}\n\n", fit(hints[usize::from(which) - 1])));
    let number = number(task);
    if usize::from(which) < hints.len() {
        say(&format!("The next hint: `{COMMAND} hint {number} {}`\n", which + 1));
    } else {
        say(&format!(
            "That was the last hint. A solution: `{COMMAND} solution {number} --anyway`\n"
        ));
    }
    true
}

/// Checks a submission each time it is saved, until it passes.
pub fn watch(task: &Task) -> io::Result<bool> {
    let file = SubmissionFile::of(task);
    text(task);
    loop {
        let checked = file.text();
        if judge(task, &file, draw(), None)? {
            return Ok(true);
        }
        say("\nIt is checked again when you save it. Ctrl-C ends this.\n");
        // Before the first check there may have been no file.
        let checked = if checked.is_empty() { file.text() } else { checked };
        while file.text() == checked || !file.exists() {
            thread::sleep(Duration::from_millis(200));
        }
        say("\n---\n\n");
    }
}

/// Replaces a submission by the starter, and keeps it under another name. Returns whether there was
/// one.
pub fn reset(task: &Task) -> io::Result<bool> {
    let file = SubmissionFile::of(task);
    let Some(kept) = file.set_aside()? else {
        say(&format!("{} does not exist: nothing to reset.\n", file.path()));
        return Ok(false);
    };
    let _ = file.begin()?;
    say(&format!("{} is the starter again. Your submission is now {kept}.\n", file.path()));
    Ok(true)
}

/// Shows a solution if the submission passes, or if `anyway` is set. Returns whether it was shown.
pub fn solution(task: &Task, anyway: bool) -> io::Result<bool> {
    let file = SubmissionFile::of(task);
    let passed =
        anyway || (file.exists() && judge_file(task, &file, draw(), true)?.state == "passed");
    if passed {
        say(&task.solution());
    } else {
        say(&format!(
            "Your submission does not pass yet. To see a solution anyway:\n\
             `{COMMAND} solution {} --anyway`\n",
            number(task)
        ));
    }
    Ok(passed)
}

fn number(task: &Task) -> &str {
    task.number.trim_start_matches('0')
}
