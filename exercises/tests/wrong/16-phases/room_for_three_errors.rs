//! Sends errors into a channel with room for three, and a fourth worker waits in `send`.
//! The check says: "Is there room for all these errors"

use exercises::Error;
use exercises::rounds::{self, fetch, token};
use exercises::sync::mpsc::{SyncSender, sync_channel};
use exercises::sync::{Barrier, Mutex, thread};

/// What the workers of a round tell each other.
struct Phase {
    has_failed: bool,
    /// The leader's decision after each round: the next token, or none.
    next: Option<usize>,
}

pub fn main() -> Result<(), Error> {
    rounds::run(download_all)
}

/// Downloads the images of all rounds with so many workers: one for each image of a round.
fn download_all(rounds: &[Vec<String>], workers: usize) -> Result<(), Error> {
    let phase = Mutex::new(Phase { has_failed: false, next: Some(0) });
    let barrier = Barrier::new(workers);
    // The program needs only the first error.
    let (report, reported) = sync_channel(3);

    thread::scope(|scope| {
        for index in 0..workers {
            let (phase, barrier, report) = (&phase, &barrier, report.clone());
            scope.spawn(move || work(index, rounds, phase, barrier, &report));
        }
    });
    match reported.try_recv() {
        Ok(error) => Err(error),
        Err(_) => Ok(()),
    }
}

fn work(
    index: usize,
    rounds: &[Vec<String>],
    phase: &Mutex<Phase>,
    barrier: &Barrier,
    report: &SyncSender<Error>,
) {
    let mut current = 0;
    for (number, round) in rounds.iter().enumerate() {
        if let Err(error) = fetch(&round[index], current) {
            phase.lock().expect("no panic while locked").has_failed = true;
            report.send(error).expect("the receiver lives until the end");
        }
        if number + 1 == rounds.len() {
            return;
        }
        if barrier.wait().is_leader() {
            let has_failed = phase.lock().expect("no panic while locked").has_failed;
            let next = if has_failed { None } else { next_token(round, report) };
            phase.lock().expect("no panic while locked").next = next;
        }
        barrier.wait();
        match phase.lock().expect("no panic while locked").next {
            Some(token) => current = token,
            None => return,
        }
    }
}

fn next_token(round: &[String], report: &SyncSender<Error>) -> Option<usize> {
    match token(round) {
        Ok(token) => Some(token),
        Err(error) => {
            report.send(error).expect("the receiver lives until the end");
            None
        }
    }
}
