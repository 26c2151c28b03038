//! The worker's side: it downloads the images that its stdin names.

use serde::{Deserialize, Serialize};
use serde_json::{from_str, to_string};
use shared::{Client, Error, Event, Folder, Image, Options, Progress, Saved};
use std::env::var_os;
use std::io::{self, Write};
use std::process::{self, ExitCode};
use std::sync::mpsc;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Set in the environment of a worker. An option could be typed by mistake.
pub const ROLE: &str = "WORKER_OF_03_PROCESSES";

/// The shortest time between two messages that bytes have been received.
const RECEIVED_INTERVAL: Duration = Duration::from_millis(100);

/// What the parent writes to a worker's stdin after the options, each on a line of its own.
#[derive(Serialize, Deserialize)]
pub enum Job {
    /// Download this image.
    Download(Image),
    /// Say that you are there. A worker does so even while it waits for a server.
    Ping,
}

/// What a worker writes to its stdout, each message on a line of its own.
#[derive(Serialize, Deserialize)]
pub enum Message {
    /// The reply to a ping.
    Pong,
    /// A step of the image's download.
    Event(Event),
    /// The end of it. Now the worker waits for the next image.
    Result(Result<Saved, Error>),
}

impl Message {
    fn send(&self) -> io::Result<()> {
        writeln!(io::stdout(), "{}", to_string(self)?)
    }
}

/// Whether this process was started as a worker.
pub fn is_worker() -> bool {
    var_os(ROLE).is_some()
}

/// A worker's `main`: downloads one image after another, as `01-sync` does, until stdin ends.
pub fn work() -> ExitCode {
    let mut first_line = String::new();
    let _ = io::stdin().read_line(&mut first_line);
    let Ok(options) = from_str::<Options>(&first_line) else { return ExitCode::FAILURE };
    let Ok(client) = Client::new(&options) else { return ExitCode::FAILURE };

    // While this thread waits for a server it does not see what comes from stdin, so another one reads
    // it. That one passes the images on through a channel, replies to pings at once, and ends the
    // process when the parent is gone.
    let (sender, images) = mpsc::channel();
    let reader = thread::Builder::new().spawn(move || {
        for line in io::stdin().lines().map_while(Result::ok) {
            // Sending fails only if the process is about to end.
            let _ = match from_str(&line) {
                Ok(Job::Download(image)) => sender.send(image).is_ok(),
                Ok(Job::Ping) => Message::Pong.send().is_ok(),
                Err(_) => break,
            };
        }
        // Held until the end: no file may appear after the temporary ones are removed.
        let _closed = Folder::at(&options.out).close();
        process::exit(0);
    });
    if reader.is_err() {
        return ExitCode::FAILURE;
    }
    for image in images {
        let result = client.download(&image, &Parent::default());
        if Message::Result(result).send().is_err() {
            break;
        }
    }
    ExitCode::SUCCESS
}

/// Sends the events of a download to the parent.
#[derive(Default)]
struct Parent {
    received: Mutex<Received>,
}

/// The bytes that the parent does not know of yet.
#[derive(Default)]
struct Received {
    bytes: u64,
    sent_at: Option<Instant>,
}

impl Progress for Parent {
    fn report(&self, event: Event) {
        let event = match event {
            // A message for every 64 KB would cost more time than it is worth.
            Event::Received(bytes) => {
                let mut received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
                received.bytes += bytes;
                if received.sent_at.is_some_and(|at| at.elapsed() < RECEIVED_INTERVAL) {
                    return;
                }
                received.sent_at = Some(Instant::now());
                Event::Received(std::mem::take(&mut received.bytes))
            }
            event => event,
        };
        // If the parent is gone, the thread that reads stdin notices.
        let _ = Message::Event(event).send();
    }
}
