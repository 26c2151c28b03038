//! The command line: the commands for students and for authors of tasks.

mod commands;
mod grade;
mod memory;
mod new;
mod report;
mod submission;
mod terminal;

use clap::builder::UnknownArgumentValueParser;
use clap::{Parser, Subcommand};
use exercises::judge;
use exercises::task::Task;
use grade::Format;
use report::Class;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use terminal::COMMAND;
use url::Url;

/// The text of `--help` below the options.
const AFTER_HELP: &str = "\
Examples:
  cargo run -p exercises -- 3
      shows task 3 and checks your submission
  cargo run -p exercises -- watch 3
      checks it each time you save it
  cargo run -p exercises -- grade class --csv
      judges the files of a class

Environment:
  EXERCISES_TASKS     a folder with more tasks: its absolute path
  IMGUR_API_URL       the class's practice server, with CLIENT_ID; or in .env
  NO_COLOR, CLICOLOR, CLICOLOR_FORCE: as usual

Exit codes:
  0                   passed; for the list and for grade: all passed
  1                   not passed, or something failed; the reason is printed
  2                   wrong usage
  129, 130, 143       ended by SIGHUP, SIGINT (Ctrl-C), SIGTERM";

/// Exercises in concurrency, judged by what the practice server sees.
///
/// Without arguments it lists the tasks and which of them you have passed. Your submissions are the
/// files task-….rs in exercises/src/bin.
#[derive(Parser)]
#[command(bin_name = COMMAND, args_conflicts_with_subcommands = true, after_help = AFTER_HELP)]
struct Options {
    /// Shows this task and checks your submission
    #[arg(value_parser = task, value_name = "TASK")]
    task: Option<&'static Task>,
    /// Repeats the draw of a run that was refused: it prints this number
    #[arg(long, requires = "task", value_name = "N")]
    seed: Option<u64>,
    /// Prints the verdict as one JSON object
    #[arg(long, requires = "task")]
    json: bool,
    /// Reports the verdict to a class's practice server, under this name: the task, whether it passed,
    /// and the first line of the message
    #[arg(long, requires = "task", value_name = "NAME", value_parser = shared::parse_name)]
    name: Option<String>,
    /// The address of the class's practice server; by default the one that .env names
    #[arg(long, requires = "name", value_name = "URL", value_parser = shared::parse_server)]
    server: Option<Url>,
    /// Not an option, but people look for it, because other programs take a folder this way. The tasks are
    /// compiled into this program: the folder is in a variable, which `build.rs` can read
    #[arg(long, value_name = "DIR", hide = true, value_parser = no_tasks())]
    #[arg(num_args = 0..=1, default_missing_value = "")]
    tasks: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Refuses `--tasks`, with a tip.
fn no_tasks() -> UnknownArgumentValueParser {
    UnknownArgumentValueParser::suggest(
        "tasks of your own are compiled into this program: set the environment variable \
         'EXERCISES_TASKS' to the absolute path of their folder",
    )
}

#[derive(Subcommand)]
enum Command {
    /// Lists the tasks, and which of them you have passed
    List,
    /// Shows the text of a task
    Text {
        #[arg(value_parser = task)]
        task: &'static Task,
    },
    /// Shows a hint, the first one by default
    Hint {
        #[arg(value_parser = task)]
        task: &'static Task,
        #[arg(default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=3))]
        number: u8,
    },
    /// Checks your submission each time you save it, until it passes
    Watch {
        #[arg(value_parser = task)]
        task: &'static Task,
    },
    /// Starts a task again, and keeps your submission beside the new file
    Reset {
        #[arg(value_parser = task)]
        task: &'static Task,
    },
    /// Shows a solution, once your submission passes
    Solution {
        #[arg(value_parser = task)]
        task: &'static Task,
        /// Even if it does not pass
        #[arg(long)]
        anyway: bool,
    },
    /// Judges collected files, such as anna/task-03.rs, in a copy of the workspace
    Grade {
        folder: PathBuf,
        /// Prints an array of JSON objects
        #[arg(long, conflicts_with = "csv")]
        json: bool,
        /// Prints comma-separated values
        #[arg(long)]
        csv: bool,
    },
    /// Creates the folder of a new task, for its author
    New {
        /// Two digits and a name, such as 12-my-task
        #[arg(value_name = "NN-NAME")]
        folder: String,
    },
}

fn task(number: &str) -> Result<&'static Task, String> {
    let found = number.parse().ok().and_then(Task::find);
    found.ok_or_else(|| "there is no such task: without arguments, all are listed".to_owned())
}

/// Runs the command in the arguments. The exit code is 1 if it fails or a submission doesn't pass.
pub fn run() -> ExitCode {
    let options = Options::parse();
    // Ctrl-C ends the running submissions, too.
    shared::stop::on_signal(|| {
        let ended = judge::end_all();
        grade::remove_copy();
        ended
    });
    let done = match options.command {
        Some(Command::List) => Ok(commands::list()),
        Some(Command::Hint { task, number }) => Ok(commands::hint(task, number)),
        Some(Command::Watch { task }) => commands::watch(task),
        Some(Command::Solution { task, anyway }) => commands::solution(task, anyway),
        Some(Command::Reset { task }) => commands::reset(task),
        Some(Command::Text { task }) => Ok(commands::text(task)),
        Some(Command::Grade { folder, json, csv }) => {
            let format = match (json, csv) {
                (true, _) => Format::Json,
                (_, true) => Format::Csv,
                _ => Format::Table,
            };
            grade::grade(&folder, format)
        }
        Some(Command::New { folder }) => new::make(&folder).map(|()| true),
        None => match options.task {
            Some(task) => {
                let class = options.name.map(|name| Class { name, server: options.server });
                commands::show(task, options.seed, options.json, class.as_ref())
            }
            None => Ok(commands::list()),
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
