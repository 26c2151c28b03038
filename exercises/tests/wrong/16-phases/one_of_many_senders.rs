//! Takes the end of one sender for the end of the channel.
//! The check says: "is missing at the next meeting"

use exercises::Error;
use exercises::rounds::{self, fetch, token};
use exercises::sync::mpsc::{Receiver, Sender, channel};
use exercises::sync::thread;

pub fn main() -> Result<(), Error> {
    rounds::run(download_all)
}

/// Downloads the images of all rounds with so many workers: one for each image of a round.
fn download_all(rounds: &[Vec<String>], workers: usize) -> Result<(), Error> {
    thread::scope(|scope| {
        let (arrived, arrivals) = channel();
        let mut tokens = Vec::new();
        let mut pool = Vec::new();
        for index in 1..workers {
            let (sender, receiver) = channel();
            tokens.push(sender);
            let arrived = arrived.clone();
            pool.push(scope.spawn(move || follow(index, rounds, arrived, receiver)));
        }
        // Only the workers have senders, so that the leader notices when they end.
        drop(arrived);
        pool.push(scope.spawn(move || lead(rounds, arrivals, tokens)));

        let mut result = Ok(());
        for worker in pool {
            result = result.and(worker.join().expect("no worker panics"));
        }
        result
    })
}

/// Worker 0 waits until the others have their image, requests the token, and sends it to them.
#[expect(clippy::needless_pass_by_value, reason = "a worker drops its ends when it ends")]
fn lead(
    rounds: &[Vec<String>],
    arrivals: Receiver<()>,
    tokens: Vec<Sender<usize>>,
) -> Result<(), Error> {
    let mut current = 0;
    for (number, round) in rounds.iter().enumerate() {
        fetch(&round[0], current)?;
        if number + 1 == rounds.len() {
            break;
        }
        for _ in &tokens {
            if arrivals.recv().is_err() {
                // A worker has failed, and returns its error.
                return Ok(());
            }
        }
        current = token(round)?;
        for worker in &tokens {
            // If it has failed, it returns its error.
            let _ = worker.send(current);
        }
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "a worker drops its ends when it ends")]
fn follow(
    index: usize,
    rounds: &[Vec<String>],
    arrived: Sender<()>,
    tokens: Receiver<usize>,
) -> Result<(), Error> {
    let mut current = 0;
    for (number, round) in rounds.iter().enumerate() {
        fetch(&round[index], current)?;
        if number + 1 == rounds.len() || arrived.send(()).is_err() {
            break;
        }
        match tokens.recv() {
            Ok(next) => current = next,
            // The leader has failed, and returns its error.
            Err(_) => break,
        }
    }
    Ok(())
}
