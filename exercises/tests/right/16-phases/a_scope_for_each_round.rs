//! Threads that are started and joined in each round.

use exercises::Error;
use exercises::rounds::{self, fetch, token};
use exercises::sync::thread;

pub fn main() -> Result<(), Error> {
    rounds::run(download_all)
}

fn download_all(rounds: &[Vec<String>], _: usize) -> Result<(), Error> {
    let mut current = 0;
    for (index, round) in rounds.iter().enumerate() {
        thread::scope(|scope| {
            let start = |link| scope.spawn(move || fetch(link, current));
            let pool: Vec<_> = round.iter().map(String::as_str).map(start).collect();
            pool.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))
        })?;
        if index + 1 < rounds.len() {
            current = token(round)?;
        }
    }
    Ok(())
}
