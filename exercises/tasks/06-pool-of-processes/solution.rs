//! Task 6, a pool of processes: a dead worker is replaced, and its image retried.

use exercises::{blocking, frail, save};
use std::env;
use std::error::Error;
use std::io::{self, BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::slice::Iter;
use std::sync::Mutex;
use std::thread;

/// Number of processes that download.
const WORKERS: usize = 2;

pub fn main() -> Result<(), Box<dyn Error>> {
    // A worker is this program itself, started with an argument.
    if env::args().nth(1).as_deref() == Some("worker") {
        return work();
    }
    let links = blocking::album()?;

    let queue = Mutex::new(links.iter());
    thread::scope(|scope| {
        let pool: Vec<_> = (0..WORKERS).map(|_| scope.spawn(|| supervise(&queue))).collect();
        pool.into_iter().try_for_each(|it| it.join().expect("no thread panics"))
    })?;
    Ok(())
}

/// Hands links to one worker, and to the workers that replace it.
///
/// Each worker needs a thread here, because reading from a pipe blocks. With one thread for both,
/// one worker would wait for the other's result.
fn supervise(queue: &Mutex<Iter<String>>) -> io::Result<()> {
    let mut worker = Worker::start()?;
    loop {
        let next = queue.lock().expect("no panic while locked").next();
        let Some(link) = next else { return Ok(()) };
        // Only this thread knows which image a dead worker held. `while`, not `if`: the new worker
        // gets the same link, and may crash, too.
        while worker.download(link).is_err() {
            // The assignment drops the dead worker.
            worker = Worker::start()?;
        }
    }
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
