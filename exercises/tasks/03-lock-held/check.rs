//! Task 3: five requests in flight, and each image asked for exactly once.

use crate::judge::{Submission, Verdict, different, images, run_gated, saved_all, settings};

const WORKERS: usize = 5;
const IMAGES: usize = 15;

pub fn check(submission: &Submission) -> Verdict {
    let gathered = run_gated(submission, &[], &settings(IMAGES), WORKERS)?;
    let observed = gathered.server.observed();
    let peak = observed.peak_in_flight;
    if peak == 1 {
        return Err(
            "Your five threads never had more than one request in flight: something makes \
                    them wait for each other. All of them want the lock of the queue. Whoever has \
                    it keeps it as long as the guard lives that `lock()` returns. Where is the \
                    guard dropped: before the download, or after it? (Or did one thread take all \
                    links at once, so that the others found none?)"
                .into(),
        );
    }
    let (asked, different) = (images(&observed).count(), different(&observed));
    if asked == WORKERS * IMAGES && different == IMAGES {
        return Err(format!(
            "The {different} images were asked for {asked} times: every worker downloaded all of them. \
             It looks as if each had a copy of its own of the queue. A `clone` of what a `Mutex` \
             guards is not guarded by it, and not shared."
        ));
    }
    if asked > different {
        return Err(format!(
            "{asked} requests for {IMAGES} images: some were asked for more than once. The lock was let \
             go between looking at the next link and taking it away, so others saw the same link. \
             Looking and taking must be one step, under one lock."
        ));
    }
    if peak > WORKERS {
        return Err(format!("{peak} requests were in flight at once. The pool has five workers."));
    }
    if gathered.at_the_gate < WORKERS {
        return Err(format!(
            "{} requests were in flight, and no more came: fewer than five workers were at work. \
             What do the others wait for?",
            gathered.at_the_gate
        ));
    }
    gathered.run.succeeded()?;
    saved_all(&gathered.run, &gathered.server)?;
    Ok(format!("Five requests in flight, and each of the {IMAGES} images was asked for once."))
}
