//! `cargo run -p exercises`: lists the tasks, shows them, and judges answers.

mod answer;
mod terminal;

use answer::Answer;
use clap::{Parser, Subcommand};
use exercises::attempt;
use exercises::task::{TASKS, Task};
use std::io::{self, Write};
use std::process::{self, ExitCode};
use std::thread;
use std::time::Duration;
use terminal::{excerpt, fit, say};

const COMMAND: &str = "cargo run -p exercises --";

/// Exercises in concurrency, judged by what the practice server sees.
///
/// Without anything it lists the tasks and what is done. Your answers are the files task-….rs in
/// exercises/src/bin.
#[derive(Parser)]
#[command(bin_name = COMMAND, args_conflicts_with_subcommands = true)]
struct Options {
    /// Shows this task, and checks your answer
    #[arg(value_parser = task, value_name = "TASK")]
    task: Option<&'static Task>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Gives a hint: the first one, or the one asked for
    Hint {
        #[arg(value_parser = task)]
        task: &'static Task,
        #[arg(default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=3))]
        number: u8,
    },
    /// Checks your answer each time you save it, until it passes
    Watch {
        #[arg(value_parser = task)]
        task: &'static Task,
    },
    /// Shows a solution, once your answer passes
    Solution {
        #[arg(value_parser = task)]
        task: &'static Task,
        /// Even if it does not
        #[arg(long)]
        anyway: bool,
    },
}

fn task(number: &str) -> Result<&'static Task, String> {
    let found = number.parse().ok().and_then(Task::find);
    found.ok_or_else(|| format!("there are the tasks 1 to {}", TASKS.len()))
}

fn main() -> ExitCode {
    let options = Options::parse();
    drop(thread::spawn(end_on_ctrl_c));
    let done = match options.command {
        Some(Command::Hint { task, number }) => Ok(hint(task, number)),
        Some(Command::Watch { task }) => watch(task),
        Some(Command::Solution { task, anyway }) => solution(task, anyway),
        None => match options.task {
            Some(task) => show(task),
            None => list(),
        },
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

/// An attempt runs in a group of its own, which the terminal does not end.
fn end_on_ctrl_c() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
    if let Ok(Ok(())) = runtime.map(|runtime| runtime.block_on(tokio::signal::ctrl_c())) {
        attempt::end_all();
        process::exit(130);
    }
}

fn list() -> io::Result<bool> {
    let mut open = None;
    for task in TASKS {
        say(&format!("{:>3}  {:<26}", number(task), task.title()));
        let answer = Answer::to(task);
        let state = if !answer.is_begun() {
            "not begun"
        } else if let Some(attempt) = answer.build(false)? {
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
            format!("\n`{COMMAND} {task}` shows task {task}, and checks your answer to it.\n")
        }
        None => "\nAll of them are passed.\n".into(),
    });
    Ok(true)
}

fn show(task: &Task) -> io::Result<bool> {
    say(&format!("{}\n\n", fit(task.text())));
    judge(task, &Answer::to(task))
}

/// Builds and checks an answer and says what is to be said of it.
fn judge(task: &Task, answer: &Answer) -> io::Result<bool> {
    if answer.begin()? {
        say(&format!("{} is there for you. It is checked as it stands:\n\n", answer.path()));
    }
    let Some(attempt) = answer.build(true)? else {
        say(&format!("\nNot yet. {} does not compile.\n", answer.path()));
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
            say(&format!("Your answer is {}. A hint: `{COMMAND} hint {number}`\n", answer.path()));
        }
    }
    Ok(verdict.is_ok())
}

fn hint(task: &Task, which: u8) -> bool {
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

fn watch(task: &Task) -> io::Result<bool> {
    let answer = Answer::to(task);
    say(&format!("{}\n\n", fit(task.text())));
    loop {
        let checked = answer.saved_at();
        if judge(task, &answer)? {
            return Ok(true);
        }
        say("\nWaiting until you save it. Ctrl-C ends this.\n");
        // The first time the file was not there yet.
        let checked = checked.or_else(|| answer.saved_at());
        while answer.saved_at() == checked || answer.saved_at().is_none() {
            thread::sleep(Duration::from_millis(200));
        }
        say("\n---\n\n");
    }
}

fn solution(task: &Task, anyway: bool) -> io::Result<bool> {
    let answer = Answer::to(task);
    let passed = anyway
        || (answer.is_begun()
            && answer.build(true)?.is_some_and(|attempt| task.check(&attempt).is_ok()));
    if passed {
        say(&task.solution());
    } else {
        say(&format!(
            "Your answer does not pass yet.\nTo see a solution nevertheless: \
             `{COMMAND} solution {} --anyway`\n",
            number(task)
        ));
    }
    Ok(passed)
}

fn number(task: &Task) -> &str {
    task.number.trim_start_matches('0')
}
