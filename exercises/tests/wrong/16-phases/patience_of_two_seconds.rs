//! A worker that has waited for two seconds gives up on the others.
//! The check says: "A timeout only tells you that time has passed"

use exercises::Error;
use exercises::rounds::{self, fetch, token};
use exercises::sync::{Condvar, Mutex, thread};
use std::time::Duration;

/// No worker may wait for ever.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Default)]
struct Phase {
    number: usize,
    arrived: usize,
    token: usize,
    has_failed: bool,
}

#[derive(Default)]
struct Meeting {
    phase: Mutex<Phase>,
    changed: Condvar,
}

pub fn main() -> Result<(), Error> {
    rounds::run(download_all)
}

/// Downloads the images of all rounds with so many workers: one for each image of a round.
fn download_all(rounds: &[Vec<String>], workers: usize) -> Result<(), Error> {
    let meeting = Meeting::default();

    thread::scope(|scope| {
        let start = |index| {
            let meeting = &meeting;
            scope.spawn(move || {
                let result = work(index, rounds, workers, meeting);
                if result.is_err() {
                    meeting.phase.lock().expect("no panic while locked").has_failed = true;
                    meeting.changed.notify_all();
                }
                result
            })
        };
        let pool: Vec<_> = (0..workers).map(start).collect();
        pool.into_iter().try_for_each(|worker| worker.join().expect("no worker panics"))
    })
}

fn work(
    index: usize,
    rounds: &[Vec<String>],
    workers: usize,
    meeting: &Meeting,
) -> Result<(), Error> {
    let mut current = 0;
    for (number, round) in rounds.iter().enumerate() {
        fetch(&round[index], current)?;
        if number + 1 == rounds.len() {
            break;
        }
        match next_token(round, workers, meeting)? {
            Some(token) => current = token,
            // Another worker returns the error.
            None => break,
        }
    }
    Ok(())
}

/// Waits for the other workers. The last one requests the token.
fn next_token(round: &[String], workers: usize, meeting: &Meeting) -> Result<Option<usize>, Error> {
    let mut phase = meeting.phase.lock().expect("no panic while locked");
    let number = phase.number;
    phase.arrived += 1;
    if phase.arrived == workers {
        drop(phase);
        let token = token(round)?;
        let mut phase = meeting.phase.lock().expect("no panic while locked");
        // A worker that has lost its patience is gone.
        if phase.has_failed {
            return Ok(None);
        }
        phase.arrived = 0;
        phase.number += 1;
        phase.token = token;
        meeting.changed.notify_all();
        return Ok(Some(token));
    }
    while phase.number == number && !phase.has_failed {
        let (guard, waited) =
            meeting.changed.wait_timeout(phase, PATIENCE).expect("no panic while locked");
        phase = guard;
        if waited.timed_out() && phase.number == number && !phase.has_failed {
            return Err(Error::Broken("another worker doesn't come".into()));
        }
    }
    Ok((phase.number != number).then_some(phase.token))
}
