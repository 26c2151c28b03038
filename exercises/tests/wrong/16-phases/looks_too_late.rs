//! Looks after the second meeting whether anything has failed: another worker may have failed in the next
//! round by then.
//! The check says: "must not let others wait"

use exercises::Error;
use exercises::rounds::{self, fetch, token};
use exercises::sync::thread;
use exercises::sync::{Barrier, Mutex};

struct Shared {
    barrier: Barrier,
    /// The token of the current round.
    token: Mutex<usize>,
    /// Why no further round begins.
    failure: Mutex<Option<Error>>,
}

pub fn main() -> Result<(), Error> {
    rounds::run(download_all)
}

fn download_all(rounds: &[Vec<String>], workers: usize) -> Result<(), Error> {
    let shared =
        Shared { barrier: Barrier::new(workers), token: Mutex::new(0), failure: Mutex::new(None) };

    thread::scope(|scope| {
        for index in 0..workers {
            let shared = &shared;
            scope.spawn(move || work(index, rounds, shared));
        }
    });
    shared.failure.into_inner().expect("no panic while locked").map_or(Ok(()), Err)
}

fn work(index: usize, rounds: &[Vec<String>], shared: &Shared) {
    for round in rounds {
        let current = *shared.token.lock().expect("no panic while locked");
        if let Err(error) = fetch(&round[index], current) {
            *shared.failure.lock().expect("no panic while locked") = Some(error);
        }
        if shared.barrier.wait().is_leader() {
            next(round, shared);
        }
        shared.barrier.wait();
        if shared.failure.lock().expect("no panic while locked").is_some() {
            return;
        }
    }
}

/// Asks for the next token, unless there is no further round.
fn next(round: &[String], shared: &Shared) {
    let mut failure = shared.failure.lock().expect("no panic while locked");
    if failure.is_none() {
        match token(round) {
            Ok(token) => *shared.token.lock().expect("no panic while locked") = token,
            Err(error) => *failure = Some(error),
        }
    }
}
