//! What a student can ask for: the list, a task and its verdict, hints, a solution.

use super::COMMAND;
use super::submission::SubmissionFile;
use super::terminal::{excerpt, fit, say};
use exercises::task::{TASKS, Task};
use std::io;
use std::thread;
use std::time::Duration;

/// Lists the tasks and checks the submissions that exist.
pub fn list() -> io::Result<bool> {
    let mut open = None;
    for task in TASKS {
        say(&format!("{:>3}  {:<26}", number(task), task.title()));
        let submission = SubmissionFile::of(task);
        let state = if !submission.is_begun() {
            "not begun"
        } else if let Some(attempt) = submission.build(false)? {
            if task.check(&attempt).is_ok() { "passed" } else { "not yet" }
        } else {
            "does not compile"
        };
        say(&format!("{state}\n"));
        if state != "passed" {
            let _first = open.get_or_insert(number(task));
        }
    }
    say(&match open {
        Some(task) => {
            format!("\n`{COMMAND} {task}` shows task {task}, and checks your submission.\n")
        }
        None => "\nAll of them are passed.\n".into(),
    });
    Ok(true)
}

/// Shows a task and checks its submission; whether it passes.
pub fn show(task: &Task) -> io::Result<bool> {
    say(&format!("{}\n\n", fit(task.text())));
    judge(task, &SubmissionFile::of(task))
}

/// Builds and checks a submission and prints the verdict; whether it passes.
fn judge(task: &Task, submission: &SubmissionFile) -> io::Result<bool> {
    if submission.begin()? {
        say(&format!("{} is there for you. It is checked as it stands:\n\n", submission.path()));
    }
    let Some(attempt) = submission.build(true)? else {
        say(&format!("\nNot yet. {} does not compile.\n", submission.path()));
        return Ok(false);
    };
    let verdict = task.check(&attempt);
    let printed = attempt.printed();
    for (number, run) in (1..).zip(&printed) {
        let which = match &run.album {
            _ if printed.len() == 1 => String::new(),
            None => format!(" in run {number}"),
            Some(album) => format!(" in run {number}, on the album {album}"),
        };
        say(&excerpt(&format!("Your program printed{which}:"), &run.stdout));
        say(&excerpt(&format!("On stderr{which}:"), &run.stderr));
    }
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
            say(&format!(
                "Your submission is {}. A hint: `{COMMAND} hint {number}`\n",
                submission.path()
            ));
        }
    }
    Ok(verdict.is_ok())
}

/// Shows a hint.
pub fn hint(task: &Task, which: u8) -> bool {
    let hints = task.hints();
    say(&format!("{}\n\n", fit(hints[usize::from(which) - 1])));
    let number = number(task);
    if usize::from(which) < hints.len() {
        say(&format!("The next hint: `{COMMAND} hint {number} {}`\n", which + 1));
    } else {
        say(&format!(
            "That was the last one. A solution: `{COMMAND} solution {number} --anyway`\n"
        ));
    }
    true
}

/// Checks a submission each time it is saved, until it passes.
pub fn watch(task: &Task) -> io::Result<bool> {
    let submission = SubmissionFile::of(task);
    say(&format!("{}\n\n", fit(task.text())));
    loop {
        let checked = submission.saved_at();
        if judge(task, &submission)? {
            return Ok(true);
        }
        say("\nWaiting until you save it. Ctrl-C ends this.\n");
        // The first time the file was not there yet.
        let checked = checked.or_else(|| submission.saved_at());
        while submission.saved_at() == checked || submission.saved_at().is_none() {
            thread::sleep(Duration::from_millis(200));
        }
        say("\n---\n\n");
    }
}

/// Shows a solution, if the submission passes or `anyway`; whether it was shown.
pub fn solution(task: &Task, anyway: bool) -> io::Result<bool> {
    let submission = SubmissionFile::of(task);
    let passed = anyway
        || (submission.is_begun()
            && submission.build(true)?.is_some_and(|attempt| task.check(&attempt).is_ok()));
    if passed {
        say(&task.solution());
    } else {
        say(&format!(
            "Your submission does not pass yet.\nTo see a solution nevertheless: \
             `{COMMAND} solution {} --anyway`\n",
            number(task)
        ));
    }
    Ok(passed)
}

fn number(task: &Task) -> &str {
    task.number.trim_start_matches('0')
}
