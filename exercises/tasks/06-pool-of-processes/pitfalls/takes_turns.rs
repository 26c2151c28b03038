//! Has two workers and one thread, which waits for one worker before it asks the other.
//! The check says: "how many such threads"

use exercises::{blocking, frail, save};
use std::env;
use std::error::Error;
use std::io::{self, BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

pub fn main() -> Result<(), Box<dyn Error>> {
    if env::args().nth(1).as_deref() == Some("worker") {
        return work();
    }
    let links = blocking::album()?;
    let mut workers = [Worker::start()?, Worker::start()?];
    for (index, link) in links.iter().enumerate() {
        let worker = &mut workers[index % 2];
        while worker.download(link).is_err() {
            *worker = Worker::start()?;
        }
    }
    Ok(())
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
