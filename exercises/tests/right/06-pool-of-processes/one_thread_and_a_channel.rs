//! The workers' results go through a channel, with the link of a dead worker.

use exercises::{blocking, frail, save};
use std::error::Error;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::{env, thread};

const WORKERS: usize = 2;

pub fn main() -> Result<(), Box<dyn Error>> {
    if env::args().nth(1).as_deref() == Some("worker") {
        return work();
    }
    let mut links = blocking::album()?;
    let mut left = links.len();
    let (sender, results) = mpsc::channel();
    let mut workers = Vec::new();
    for index in 0..WORKERS {
        workers.push(start(index, &sender)?);
        let link = links.pop().ok_or("too few links")?;
        workers[index].send(link)?;
    }
    while left > 0 {
        let (index, lost) = results.recv()?;
        if let Some(link) = lost {
            workers[index] = start(index, &sender)?;
            workers[index].send(link)?;
            continue;
        }
        left -= 1;
        if let Some(link) = links.pop() {
            workers[index].send(link)?;
        }
    }
    Ok(())
}

type Outcome = (usize, Option<String>);

/// Starts a worker and a thread that talks to it. The outcome is its link if it dies.
fn start(index: usize, results: &mpsc::Sender<Outcome>) -> io::Result<mpsc::Sender<String>> {
    let mut child = Command::new(env::current_exe()?)
        .arg("worker")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut stdin = child.stdin.take().expect("it is piped");
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let (sender, links) = mpsc::channel::<String>();
    let results = results.clone();
    thread::spawn(move || {
        for link in links {
            let is_saved = writeln!(stdin, "{link}").is_ok() && matches!(lines.next(), Some(Ok(_)));
            let lost = (!is_saved).then_some(link);
            let died = lost.is_some();
            if results.send((index, lost)).is_err() || died {
                break;
            }
        }
        drop(stdin);
        child.wait()
    });
    Ok(sender)
}

fn work() -> Result<(), Box<dyn Error>> {
    for link in io::stdin().lines() {
        let link = link?;
        save(&link, &frail::download(&link)?)?;
        println!("saved");
    }
    Ok(())
}
