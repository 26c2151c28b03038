//! Says on stdout what it is about to do. Somebody listens there already.
//! The check says: "no bug of your pool"

use exercises::{blocking, frail, save};
use std::env;
use std::error::Error;
use std::io::{self, BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::slice::Iter;
use std::sync::Mutex;
use std::thread;

/// How many processes download.
const WORKERS: usize = 2;

pub fn main() -> Result<(), Box<dyn Error>> {
    // A worker is this program itself, with an argument.
    if env::args().nth(1).as_deref() == Some("worker") {
        return work();
    }
    let links = blocking::album()?;

    let queue = Mutex::new(links.iter());
    thread::scope(|scope| {
        let pool: Vec<_> = (0..WORKERS).map(|_| scope.spawn(|| employ(&queue))).collect();
        pool.into_iter().try_for_each(|it| it.join().expect("no thread panics"))
    })?;
    Ok(())
}

/// Serves one worker, and its successors. Reading from a pipe blocks, so each needs a thread.
fn employ(queue: &Mutex<Iter<String>>) -> io::Result<()> {
    let mut worker = Worker::start()?;
    loop {
        let next = queue.lock().expect("nobody panics with it").next();
        let Some(link) = next else { return Ok(()) };
        while worker.download(link).is_err() {
            worker = Worker::start()?;
        }
    }
}

/// The life of a worker: each line on stdin is a link. For each it saves the image, and then says
/// so on stdout: one line, no other. It ends when its stdin does. (Its bug is to stay.)
fn work() -> Result<(), Box<dyn Error>> {
    for link in io::stdin().lines() {
        let link = link?;
        println!("downloading {link}");
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
    answers: Lines<BufReader<ChildStdout>>,
}

impl Worker {
    fn start() -> io::Result<Self> {
        let mut process = Command::new(env::current_exe()?)
            .arg("worker")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let links = process.stdin.take().expect("it is piped");
        let answers = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        Ok(Self { process, links, answers })
    }

    /// Has one image downloaded and saved, and waits for that. An error: the worker is dead.
    fn download(&mut self, link: &str) -> io::Result<()> {
        writeln!(self.links, "{link}")?;
        match self.answers.next() {
            Some(answer) => {
                assert!(answer? == "saved", "a worker printed something else than `saved` on stdout");
                Ok(())
            }
            // The pipe has ended: nobody is left who could write into it.
            None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

impl Drop for Worker {
    /// Ends the process, if it has not ended yet.
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
