//! A link whose worker has died goes to the end of the list, and a worker is started when it is needed.

use exercises::{blocking, frail, save};
use std::env;
use std::error::Error;
use std::io::{self, BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::thread;

/// Number of processes that download.
const WORKERS: usize = 2;

pub fn main() -> Result<(), Box<dyn Error>> {
    // A worker is this program itself, started with an argument.
    if env::args().nth(1).as_deref() == Some("worker") {
        return work();
    }
    let links = Mutex::new(blocking::album()?);

    // TODO: share the links among WORKERS workers, and lose no image when one of them dies.

    let links = std::sync::Arc::new(links);
    let slots: Vec<_> = (0..WORKERS)
        .map(|number| {
            let links = std::sync::Arc::clone(&links);
            thread::spawn(move || -> io::Result<()> {
                let mut worker = None;
                loop {
                    let next = links.lock().unwrap().pop();
                    let Some(link) = next else { return Ok(()) };
                    let current = match &mut worker {
                        Some(current) => current,
                        None => worker.insert(Worker::start()?),
                    };
                    if let Err(error) = current.download(&link) {
                        eprintln!("slot {number}: {link}: {error}");
                        worker = None;
                        links.lock().unwrap().insert(0, link);
                    }
                }
            })
        })
        .collect();
    for slot in slots {
        slot.join().unwrap()?;
    }
    Ok(())
}

/// What a worker does: it reads a link from each line of stdin, saves the image, and prints `saved`
/// on stdout, and nothing else. It ends when its stdin does. (Keep the bug in `frail::download`.)
fn work() -> Result<(), Box<dyn Error>> {
    for link in io::stdin().lines() {
        let link = link?;
        let image = frail::download(&link)?;
        save(&link, &image)?;
        println!("saved");
    }
    Ok(())
}

/// A worker process, seen from the program that started it.
struct Worker {
    process: Child,
    links: ChildStdin,
    results: Lines<BufReader<ChildStdout>>,
}

impl Worker {
    fn start() -> io::Result<Self> {
        let mut process = Command::new(env::current_exe()?)
            .arg("worker")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let links = process.stdin.take().expect("it is piped");
        let results = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        Ok(Self { process, links, results })
    }

    /// Has the worker download and save one image, and waits for its result. After an error the
    /// worker is dead.
    fn download(&mut self, link: &str) -> io::Result<()> {
        writeln!(self.links, "{link}")?;
        match self.results.next() {
            Some(result) => {
                assert!(
                    result? == "saved",
                    "a worker printed something other than `saved` on stdout"
                );
                Ok(())
            }
            // End of file: the process that held the other end of the pipe is gone.
            None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

impl Drop for Worker {
    /// Ends the process if it is still running, and waits for it, so that no zombie is left.
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
