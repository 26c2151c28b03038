//! Expects every worker to live.
//! The check says: "bug in your pool"

use exercises::{blocking, frail, save};
use std::env;
use std::error::Error;
use std::io::{self, BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::slice::Iter;
use std::sync::Mutex;
use std::thread;

pub fn main() -> Result<(), Box<dyn Error>> {
    if env::args().nth(1).as_deref() == Some("worker") {
        return work();
    }
    let links = blocking::album()?;
    let queue = Mutex::new(links.iter());
    thread::scope(|scope| {
        let pool: Vec<_> = (0..2).map(|_| scope.spawn(|| supervise(&queue))).collect();
        pool.into_iter().try_for_each(|it| it.join().unwrap())
    })?;
    Ok(())
}

fn supervise(queue: &Mutex<Iter<String>>) -> io::Result<()> {
    let mut worker = Worker::start()?;
    loop {
        let next = queue.lock().unwrap().next();
        let Some(link) = next else { return Ok(()) };
        worker.download(link).unwrap();
    }
}

fn work() -> Result<(), Box<dyn Error>> {
    for link in io::stdin().lines() {
        let link = link?;
        save(&link, &frail::download(&link)?)?;
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
        let mut command = Command::new(env::current_exe()?);
        command.arg("worker").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn()?;
        let links = process.stdin.take().unwrap();
        let results = BufReader::new(process.stdout.take().unwrap()).lines();
        Ok(Self { process, links, results })
    }

    fn download(&mut self, link: &str) -> io::Result<()> {
        writeln!(self.links, "{link}")?;
        self.results.next().ok_or(io::ErrorKind::UnexpectedEof)?.map(drop)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
