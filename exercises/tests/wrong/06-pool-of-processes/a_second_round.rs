//! Images whose worker died wait until all others are downloaded.
//! The check says: "a lost image shouldn't have to wait"

use exercises::{blocking, frail, save};
use std::env;
use std::error::Error;
use std::io::{self, BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::{mem, thread};

/// Number of processes that download.
const WORKERS: usize = 2;

pub fn main() -> Result<(), Box<dyn Error>> {
    // A worker is this program itself, started with an argument.
    if env::args().nth(1).as_deref() == Some("worker") {
        return work();
    }
    let mut links = blocking::album()?;
    let mut workers = Vec::new();
    for _ in 0..WORKERS {
        workers.push(Worker::start()?);
    }
    while !links.is_empty() {
        links = round(&mut workers, links)?;
    }
    Ok(())
}

/// Downloads the links, and returns those that weren't saved because a worker died.
fn round(workers: &mut [Worker], links: Vec<String>) -> io::Result<Vec<String>> {
    let queue = Mutex::new(links.into_iter());
    let lost = Mutex::new(Vec::new());
    thread::scope(|scope| {
        let threads: Vec<_> = workers
            .iter_mut()
            .map(|worker| {
                scope.spawn(|| -> io::Result<()> {
                    loop {
                        let next = queue.lock().expect("no panic while locked").next();
                        let Some(link) = next else { return Ok(()) };
                        if worker.download(&link).is_err() {
                            lost.lock().expect("no panic while locked").push(link);
                            drop(mem::replace(worker, Worker::start()?));
                        }
                    }
                })
            })
            .collect();
        threads.into_iter().try_for_each(|thread| thread.join().expect("no thread panics"))
    })?;
    Ok(lost.into_inner().expect("no panic while locked"))
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
