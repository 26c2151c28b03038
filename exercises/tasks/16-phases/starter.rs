//! Task 16, phases: workers that do not wait for each other between two rounds.

use exercises::Error;
use exercises::rounds::{self, fetch, token};
use exercises::sync::{Mutex, thread};

pub fn main() -> Result<(), Error> {
    rounds::run(download_all)
}

/// Downloads the images of all rounds with so many workers: one for each image of a round.
fn download_all(rounds: &[Vec<String>], workers: usize) -> Result<(), Error> {
    let next_token = Mutex::new(0);

    thread::scope(|scope| {
        let start = |index| {
            let next_token = &next_token;
            scope.spawn(move || work(index, rounds, next_token))
        };
        let pool: Vec<_> = (0..workers).map(start).collect();
        pool.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))
    })
}

fn work(index: usize, rounds: &[Vec<String>], next_token: &Mutex<usize>) -> Result<(), Error> {
    for round in rounds {
        let current = *next_token.lock().expect("no panic while locked");
        fetch(&round[index], current)?;
        // TODO: when all four have their image, one of them asks for the token, and all use it.
        *next_token.lock().expect("no panic while locked") = token(round)?;
    }
    Ok(())
}
