//! The worker's side: it downloads the images that arrive on its stdin.

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

/// The environment variable that makes this program a worker. It is not an option, because that
/// could be typed by mistake.
pub const ROLE: &str = "WORKER_OF_03_PROCESSES";

/// Minimum time between two messages about received bytes.
const RECEIVED_INTERVAL: Duration = Duration::from_millis(100);

/// What the parent writes to a worker's stdin after the options, one job per line.
#[derive(Serialize, Deserialize)]
pub enum Job {
    /// Download this image. Events are sent only if something shows them: each is a line through the
    /// pipe.
    Download { image: Image, with_events: bool },
    /// Send a pong, even while waiting for a server.
    Ping,
}

/// What a worker writes to its stdout, one message per line.
#[derive(Serialize, Deserialize)]
pub enum Message {
    /// Sent for each ping.
    Pong,
    /// A step of the image's download.
    Event(Event),
    /// The result. The worker then waits for the next image.
    Result(Result<Saved, Error>),
}

impl Message {
    /// Writes the message as a line, which reaches the pipe as a whole: `writeln!` holds the lock
    /// of stdout, and stdout is flushed at each line break.
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
    // The parent has created a client with the same options, and reports the error if it cannot.
    let Ok(client) = Client::new(&options) else { return ExitCode::FAILURE };

    // Another thread reads stdin, because this one cannot while it waits for a server. The reader
    // sends the images through a channel, sends a pong for each ping, and ends the process when the
    // parent is gone.
    let (sender, images) = mpsc::channel();
    let reader = thread::Builder::new().spawn(move || {
        for line in io::stdin().lines().map_while(Result::ok) {
            // On any failure, this loop and then the process ends: the main thread is done, the
            // parent is gone, or the line is not a job.
            let sent = match from_str(&line) {
                Ok(Job::Download { image, with_events }) => {
                    sender.send((image, with_events)).is_ok()
                }
                Ok(Job::Ping) => Message::Pong.send().is_ok(),
                Err(_) => false,
            };
            if !sent {
                break;
            }
        }
        // Held until the process ends: no new file may appear after the temporary ones are removed.
        let _closed = Folder::at(&options.out).close();
        process::exit(0);
    });
    if reader.is_err() {
        return ExitCode::FAILURE;
    }
    for (image, with_events) in images {
        let result = if with_events {
            client.download(&image, &ToParent::default())
        } else {
            client.download(&image, &())
        };
        if Message::Result(result).send().is_err() {
            break;
        }
    }
    ExitCode::SUCCESS
}

/// Sends the events of a download to the parent.
#[derive(Default)]
struct ToParent {
    received: Mutex<Received>,
}

/// Received bytes that have not been reported to the parent yet.
#[derive(Default)]
struct Received {
    bytes: u64,
    sent_at: Option<Instant>,
}

impl Progress for ToParent {
    fn report(&self, event: Event) {
        let mut received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        let event = match event {
            // Not every chunk gets a message: that would cost more time than it is worth.
            Event::Received(bytes) => {
                received.bytes += bytes;
                if received.sent_at.is_some_and(|at| at.elapsed() < RECEIVED_INTERVAL) {
                    return;
                }
                received.sent_at = Some(Instant::now());
                Event::Received(std::mem::take(&mut received.bytes))
            }
            event => {
                // Bytes of an attempt that failed do not count for the next one.
                received.bytes = 0;
                event
            }
        };
        // If the parent is gone, the thread that reads stdin notices.
        let _ = Message::Event(event).send();
    }
}
