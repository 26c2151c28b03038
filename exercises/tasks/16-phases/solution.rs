//! Task 16, phases: workers that meet twice between two rounds.

use exercises::Error;
use exercises::rounds::{self, fetch, token};
use exercises::sync::{Barrier, Mutex, thread};

pub fn main() -> Result<(), Error> {
    rounds::run(download_all)
}

/// Downloads the images of all rounds with so many workers: one for each image of a round.
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
    /// Why a download of this round failed.
    failed: Mutex<Option<Error>>,
    /// The token of the next round, or why there is none. Only the leader of a round writes it.
    next: Mutex<Result<usize, Error>>,
    meeting: Barrier,
}

fn work(index: usize, rounds: &[Vec<String>], shared: &Shared) {
    for round in rounds {
        // Either all get the token here or all return: the next leader writes only after
        // the next meeting, for which each worker must have been here.
        let Ok(token_now) = *shared.next.lock().expect("no panic while locked") else { return };
        // With `?`, this worker alone would return, and the others would wait for it for ever.
        if let Err(error) = fetch(&round[index], token_now) {
            *shared.failed.lock().expect("no panic while locked") = Some(error);
        }

        // The first meeting: all have their image, or an error. One of them is the leader.
        if shared.meeting.wait().is_leader() {
            let failed = shared.failed.lock().expect("no panic while locked").take();
            let next = failed.map_or_else(|| token(round), Err);
            *shared.next.lock().expect("no panic while locked") = next;
        }
        // The second meeting: the token is there. Without it, the others would begin the next round
        // with the old token.
        shared.meeting.wait();
    }
}
