//! Goes on with the next round after an error.
//! The check says: "No further round may begin"

use exercises::Error;
use exercises::rounds::{self, fetch, token};
use exercises::sync::{Barrier, Mutex, thread};

pub fn main() -> Result<(), Error> {
    rounds::run(download_all)
}

fn download_all(rounds: &[Vec<String>], workers: usize) -> Result<(), Error> {
    let shared = Shared {
        failed: Mutex::new(None),
        next: Mutex::new(Ok(0)),
        meeting: Barrier::new(workers),
    };

    thread::scope(|scope| {
        for index in 0..workers {
            let shared = &shared;
            scope.spawn(move || work(index, rounds, shared));
        }
    });
    shared.next.into_inner().expect("no panic while locked").map(drop)
}

struct Shared {
    failed: Mutex<Option<Error>>,
    next: Mutex<Result<usize, Error>>,
    meeting: Barrier,
}

fn work(index: usize, rounds: &[Vec<String>], shared: &Shared) {
    for round in rounds {
        let Ok(token_now) = *shared.next.lock().expect("no panic while locked") else { return };
        if let Err(error) = fetch(&round[index], token_now) {
            *shared.failed.lock().expect("no panic while locked") = Some(error);
        }

        if shared.meeting.wait().is_leader() {
            let failed = shared.failed.lock().expect("no panic while locked").take();
            drop(failed);
            let next = token(round);
            *shared.next.lock().expect("no panic while locked") = next;
        }
        shared.meeting.wait();
    }
}
