//! Task 16, phases: four workers that do not wait for each other between two rounds.

use exercises::Error;
use exercises::rounds::{self, fetch, token};
use std::sync::Mutex;
use std::thread;

pub fn main() -> Result<(), Error> {
    let rounds = rounds::rounds()?;
    let next_token = Mutex::new(0);

    thread::scope(|scope| {
        let start = |index| {
            let (rounds, next_token) = (&rounds, &next_token);
            scope.spawn(move || work(index, rounds, next_token))
        };
        let workers: Vec<_> = (0..rounds::IMAGES).map(start).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))
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
