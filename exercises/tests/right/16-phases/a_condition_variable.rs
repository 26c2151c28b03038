//! A meeting of its own: the last worker asks for the token, and the others wait for the next round.

use exercises::Error;
use exercises::rounds::{self, fetch, token};
use exercises::sync::{Condvar, Mutex, thread};

struct State {
    round: usize,
    arrived: usize,
    failed: Option<Error>,
    /// The last worker of a round writes it: nobody is between two rounds then.
    next: Result<usize, Error>,
}

pub fn main() -> Result<(), Error> {
    rounds::run(download_all)
}

fn download_all(rounds: &[Vec<String>], workers: usize) -> Result<(), Error> {
    let state = Mutex::new(State { round: 0, arrived: 0, failed: None, next: Ok(0) });
    let changed = Condvar::new();
    thread::scope(|scope| {
        for index in 0..workers {
            let (state, changed) = (&state, &changed);
            scope.spawn(move || work(index, rounds, state, changed));
        }
    });
    state.into_inner().unwrap().next.map(drop)
}

fn work(index: usize, rounds: &[Vec<String>], state: &Mutex<State>, changed: &Condvar) {
    let mut current = 0;
    for (number, round) in rounds.iter().enumerate() {
        let fetched = fetch(&round[index], current);
        let mut locked = state.lock().unwrap();
        locked.arrived += 1;
        if let Err(error) = fetched {
            locked.failed = Some(error);
        }
        if locked.arrived == round.len() {
            // The others sleep, so the lock may be held.
            locked.next = locked.failed.take().map_or_else(|| token(round), Err);
            locked.arrived = 0;
            locked.round += 1;
            changed.notify_all();
        } else {
            locked = changed.wait_while(locked, |state| state.round == number).unwrap();
        }
        let Ok(next) = locked.next else { return };
        current = next;
    }
}
