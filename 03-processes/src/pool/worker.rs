//! The other role of this program: a worker, which downloads what its stdin says.

use serde::{Deserialize, Serialize};
use serde_json::{from_str, to_string};
use shared::{Client, Event, Folder, Image, Options, Progress, Saved};
use std::env::{args_os, var_os};
use std::io::{self, Write};
use std::process::{self, ExitCode};
use std::sync::mpsc;
use std::thread;

/// Set in the environment of a worker, so that nobody becomes one by a slip on the command line.
pub const ROLE: &str = "WORKER_OF_03_PROCESSES";

/// What a worker says, each time on a line of its own.
#[derive(Serialize, Deserialize)]
pub enum Line {
    /// This has happened to the image that it was given.
    Event(Event),
    /// And this has become of it. Now it waits for the next one.
    Result(Result<Saved, String>),
}

impl Line {
    fn say(&self) -> io::Result<()> {
        writeln!(io::stdout(), "{}", to_string(self)?)
    }
}

/// Whether this process was started as a worker.
pub fn is_worker() -> bool {
    var_os(ROLE).is_some()
}

/// The program that started this worker.
struct Parent {
    listens: bool,
}

impl Progress for Parent {
    fn tell(&self, event: Event) {
        if self.listens {
            // If it is gone, the result will not reach it either.
            let _ = Line::Event(event).say();
        }
    }
}

/// The life of a worker: it downloads one image after another, as `01-sync` does.
pub fn work() -> ExitCode {
    let options = Options::read(env!("CARGO_BIN_NAME"), Some(1), args_os().skip(1));
    let Ok(client) = Client::new(&options) else {
        return ExitCode::FAILURE;
    };
    let parent = Parent { listens: options.timeline.is_some() };
    let (sender, jobs) = mpsc::channel();
    // Whoever waits for a server does not see that its stdin has ended, so another thread does.
    let reader = thread::Builder::new().spawn(move || {
        let _gone = lines().try_for_each(|line| sender.send(line));
        Folder::at(&options.out).close();
        process::exit(0);
    });
    let jobs: Box<dyn Iterator<Item = String>> = match reader {
        Ok(_) => Box::new(jobs.into_iter()),
        // Where no more threads are to be had, the end is seen a little later.
        Err(_) => Box::new(lines()),
    };
    for job in jobs {
        let Ok(image) = from_str::<Image>(&job) else {
            return ExitCode::FAILURE;
        };
        let result = client.download(&image, &parent).map_err(|fault| fault.to_string());
        if Line::Result(result).say().is_err() {
            break;
        }
    }
    ExitCode::SUCCESS
}

fn lines() -> impl Iterator<Item = String> {
    io::stdin().lines().map_while(Result::ok)
}
