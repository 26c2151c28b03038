//! Begins with two workers, and goes on with one after the first crash.
//! The check says: "without being replaced"

use exercises::{blocking, frail, save};
use std::env;
use std::error::Error;
use std::io::{self, BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::slice::Iter;
use std::sync::Mutex;
use std::thread;

const WORKERS: usize = 2;

static ALONE: Mutex<()> = Mutex::new(());

pub fn main() -> Result<(), Box<dyn Error>> {
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

fn supervise(queue: &Mutex<Iter<String>>) -> io::Result<()> {
    let mut worker = Worker::start()?;
    loop {
        let next = queue.lock().expect("no panic while locked").next();
        let Some(link) = next else { return Ok(()) };
        if worker.download(link).is_err() {
            drop(worker);
            let _guard = ALONE.lock().expect("no panic while locked");
            worker = Worker::start()?;
            while worker.download(link).is_err() {
                worker = Worker::start()?;
            }
            loop {
                let next = queue.lock().expect("no panic while locked").next();
                let Some(link) = next else { return Ok(()) };
                while worker.download(link).is_err() {
                    worker = Worker::start()?;
                }
            }
        }
    }
}

fn work() -> Result<(), Box<dyn Error>> {
    for link in io::stdin().lines() {
        let link = link?;
        let image = frail::download(&link)?;
        save(&link, &image)?;
        println!("saved");
    }
    Ok(())
}

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
            None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
