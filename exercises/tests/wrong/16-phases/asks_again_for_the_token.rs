//! Requests a token again if the server says when to come back.
//! The check says: "exit code 0 although the token was refused"

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
            current = next_token(round)?;
        }
    }
    Ok(())
}

fn next_token(round: &[String]) -> Result<usize, Error> {
    match token(round) {
        Err(Error::Refused { status: 429, retry_after: Some(pause) }) => {
            thread::sleep(pause);
            token(round)
        }
        token => token,
    }
}
