//! Threads that are started and joined in each round.

use exercises::Error;
use exercises::rounds::{self, fetch, token};
use std::thread;

pub fn main() -> Result<(), Error> {
    let rounds = rounds::rounds()?;
    let mut current = 0;
    for (index, round) in rounds.iter().enumerate() {
        thread::scope(|scope| {
            let start = |link| scope.spawn(move || fetch(link, current));
            let workers: Vec<_> = round.iter().map(String::as_str).map(start).collect();
            workers.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))
        })?;
        if index + 1 < rounds.len() {
            current = token(round)?;
        }
    }
    Ok(())
}
