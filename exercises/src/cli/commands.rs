//! The student's commands: the list, a task and its verdict, hints, a solution.

use super::submission::SubmissionFile;
use super::terminal::{COMMAND, excerpt, fit, say};
use exercises::judge::Printed;
use exercises::task::{TASKS, Task};
use std::io;
use std::thread;
use std::time::Duration;

/// Lists the tasks and checks the submissions that exist.
pub fn list() -> io::Result<bool> {
    let mut open = None;
    for task in TASKS {
        say(&format!("{:>3}  {:<26}", number(task), task.title()));
        let file = SubmissionFile::of(task);
        let state = if !file.exists() {
            "not begun"
        } else if let Some(submission) = file.build(false, draw())? {
            if task.check(&submission).is_ok() { "passed" } else { "not yet" }
        } else {
            "does not compile"
        };
        say(&format!("{state}\n"));
        if state != "passed" {
            open = open.or(Some(number(task)));
        }
    }
    say(&match open {
        Some(task) => {
            format!("\n`{COMMAND} {task}` shows task {task} and checks your submission.\n")
        }
        None => "\nYou have passed all of them.\n".into(),
    });
    Ok(open.is_none())
}

/// Shows a task and checks its submission. Returns whether it passes. What the check draws at random
/// comes from `seed`.
pub fn show(task: &Task, seed: Option<u64>) -> io::Result<bool> {
    say(&format!("{}\n\n", fit(task.text())));
    judge(task, &SubmissionFile::of(task), seed.unwrap_or_else(draw))
}

/// A seed: short enough to be typed.
fn draw() -> u64 {
    fastrand::u64(1..1_000_000)
}

/// Builds and checks a submission and prints the verdict. Returns whether it passes.
fn judge(task: &Task, file: &SubmissionFile, seed: u64) -> io::Result<bool> {
    if file.begin()? {
        say(&format!("{} is ready for you to edit. Here it is checked as it is:\n\n", file.path()));
    }
    let Some(submission) = file.build(true, seed)? else {
        say(&format!("\nNot yet. {} does not compile.\n", file.path()));
        return Ok(false);
    };
    say("Checking …\n\n");
    let verdict = task.check(&submission);
    print(&submission.printed());
    let number = number(task);
    match &verdict {
        Ok(observed) => {
            say(&format!("{}\n\n", fit(&format!("Passed. {observed}"))));
            say(&format!("To think about, or to discuss:\n\n{}\n\n", fit(task.afterwards())));
            say(&format!("A solution to compare with: `{COMMAND} solution {number}`\n"));
            if let Some(next) = TASKS.iter().skip_while(|it| it.number != task.number).nth(1) {
                say(&format!("The next task: `{COMMAND} {}`\n", self::number(next)));
            }
        }
        Err(message) => {
            say(&format!("{}\n\n", fit(&format!("Not yet. {message}"))));
            let path = file.path();
            say(&format!("Your submission is {path}. A hint:\n`{COMMAND} hint {number}`\n"));
            say(&format!("The same draw again:\n`{COMMAND} {number} --seed {seed}`\n"));
        }
    }
    Ok(verdict.is_ok())
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
    say(&format!("{}\n\n", fit(task.text())));
    loop {
        let checked = file.saved_at();
        if judge(task, &file, draw())? {
            return Ok(true);
        }
        say("\nIt is checked again when you save it. Ctrl-C ends this.\n");
        // Before the first check there may have been no file.
        let checked = checked.or_else(|| file.saved_at());
        while file.saved_at() == checked || !file.exists() {
            thread::sleep(Duration::from_millis(200));
        }
        say("\n---\n\n");
    }
}

/// Shows a solution if the submission passes, or if `anyway` is set. Returns whether it was shown.
pub fn solution(task: &Task, anyway: bool) -> io::Result<bool> {
    let file = SubmissionFile::of(task);
    let passes = |submission| task.check(&submission).is_ok();
    let passed = anyway || (file.exists() && file.build(true, draw())?.is_some_and(passes));
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
