//! Requests an image again if the server says when to come back.
//! The check says: "requested an image again"

use exercises::Error;
use exercises::rounds::{self, fetch, token};
use exercises::sync::{Barrier, Mutex, thread};

/// What the workers of a round tell each other.
#[derive(Default)]
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
    let phase = Mutex::new(Phase::default());
    let barrier = Barrier::new(workers);

    thread::scope(|scope| {
        let start = |index| {
            let (phase, barrier) = (&phase, &barrier);
            scope.spawn(move || work(index, rounds, phase, barrier))
        };
        let pool: Vec<_> = (0..workers).map(start).collect();
        pool.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))
    })
}

fn work(
    index: usize,
    rounds: &[Vec<String>],
    phase: &Mutex<Phase>,
    barrier: &Barrier,
) -> Result<(), Error> {
    let mut current = 0;
    for (number, round) in rounds.iter().enumerate() {
        let mut result = fetch_politely(&round[index], current);
        if number + 1 == rounds.len() {
            return result;
        }
        if result.is_err() {
            phase.lock().expect("no panic while locked").has_failed = true;
        }
        if barrier.wait().is_leader() {
            let has_failed = phase.lock().expect("no panic while locked").has_failed;
            let next = if has_failed {
                None
            } else {
                token(round).map_err(|error| result = Err(error)).ok()
            };
            phase.lock().expect("no panic while locked").next = next;
        }
        barrier.wait();
        match phase.lock().expect("no panic while locked").next {
            Some(token) => current = token,
            None => return result,
        }
    }
    Ok(())
}

/// The server may be busy, and says when to come back.
fn fetch_politely(link: &str, token: usize) -> Result<(), Error> {
    match fetch(link, token) {
        Err(Error::Refused { status: 429, retry_after: Some(pause) }) => {
            thread::sleep(pause);
            fetch(link, token)
        }
        result => result,
    }
}
