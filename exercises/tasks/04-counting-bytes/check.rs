//! Task 4: all images and all bytes are counted, by five threads at once.
//!
//! The gate lets five answers go at the same moment, and the counters are slow (`slow_motion`), so
//! an update that can be lost is lost, on any machine. What was counted, and how, `slow_motion::print`
//! writes into a file, too: that a line is printed proves nothing.

use crate::judge::{Submission, Verdict, images, run_gated, settings};
use crate::slow_motion;

const WORKERS: usize = 5;
const IMAGES: usize = 40;
const FILE: &str = "counted";

pub fn check(submission: &Submission) -> Verdict {
    let variables = [(slow_motion::VARIABLE, FILE)];
    let gathered = run_gated(submission, &variables, &settings(IMAGES), WORKERS)?;
    gathered.run.succeeded()?;
    let server = &gathered.server;
    let observed = server.observed();
    let sizes = server.names().into_iter().filter_map(|name| server.file(&name));
    let all: usize = sizes.map(|file| file.len()).sum();

    let numbers = gathered.run.files.get(FILE).and_then(|it| numbers(it));
    let Some([counted, bytes, stores, additions, locked]) = numbers else {
        return Err("Your program ended without `slow_motion::print`. It is to print the two \
                    counters when all threads have ended."
            .into());
    };
    if images(&observed).count() != IMAGES {
        return Err(format!(
            "The server was asked {} times for an image; the album has {IMAGES}, each once.",
            images(&observed).count()
        ));
    }
    if observed.peak_in_flight == 1 {
        return Err(
            "There was never more than one request in flight: nobody disturbs the counting \
                    when only one thread works. But five should. Either there is only one thread, \
                    or a lock is held during the download, as in task 3."
                .into(),
        );
    }
    if gathered.at_the_gate < WORKERS || observed.peak_in_flight > WORKERS {
        return Err(format!(
            "{} requests were in flight at once. The starter's five threads are to stay.",
            observed.peak_in_flight
        ));
    }
    if counted == 0 {
        return Err(format!(
            "All {IMAGES} images were downloaded, but 0 are counted. The numbers were printed before \
             the threads had ended; or each thread counted in a copy of its own."
        ));
    }
    let mut wrong = Vec::new();
    if bytes != all {
        wrong.push(format!(
            "{bytes} bytes were counted, the server sent {all}. Between the `load` and the `store` of \
             one thread another one stored, and what it had added is overwritten: a lost update. \
             Each of the two is atomic, the two together are not. No `Ordering` changes that, nor \
             does a `compare_exchange` that is not repeated when it fails."
        ));
    }
    if counted != IMAGES {
        wrong.push(format!(
            "{counted} images were counted, the server sent {IMAGES}. The mutex was locked twice: once \
             to read, once to write. In between it was open, and another thread read the same \
             number. Reading and writing need one guard."
        ));
    }
    if !wrong.is_empty() {
        return Err(wrong.join("\n\n"));
    }
    if stores + additions < WORKERS || locked < WORKERS {
        return Err(format!(
            "The numbers are right. But the atomic was changed {} times and the mutex locked {locked} \
             times, by {WORKERS} threads: the images were counted by something else, and put into these \
             two at the end. They are to do the counting. (Std's own would count right nearly always, \
             also where it is wrong. A sum for each thread is a good way, and needs neither of them.)",
            stores + additions
        ));
    }
    if stores >= IMAGES {
        return Err(format!(
            "All is counted, but {stores} times with `store`: somebody keeps the others away between \
             `load` and `store`, and that can only be a lock. Then the number need not be atomic. An \
             atomic has a method that reads, adds and writes in one step, without any lock."
        ));
    }
    Ok(format!("Five requests in flight, and all {IMAGES} images and {all} bytes were counted."))
}

/// The images, the bytes, how often these were stored and added to, and how often was locked.
fn numbers(file: &[u8]) -> Option<[usize; 5]> {
    let numbers = str::from_utf8(file).ok()?.split(' ').map(|number| number.parse().ok());
    numbers.collect::<Option<Vec<_>>>()?.try_into().ok()
}
