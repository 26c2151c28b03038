//! Task 2: exactly five requests in flight, and no image waits while a worker is free.
//!
//! Whether a worker is free is seen in the log: with a queue, each further request comes while the
//! other four workers are busy. The link is slow enough, and the images differ enough in size, that
//! whoever shares them out otherwise leaves three workers without work.

use crate::judge::{
    Submission, Verdict, down, each_once, images, others_in_flight, run_gated, saved_all, serve,
    settings,
};
use practice::Settings;

const WORKERS: usize = 5;
/// With so many of the album's images, batches and fixed shares are worst.
const IMAGES: usize = 16;

pub fn check(submission: &Submission) -> Verdict {
    let settings = Settings { link_rate: Some(2_000_000), ..settings(IMAGES) };
    let gathered = run_gated(submission, &[], &settings, WORKERS)?;
    let observed = gathered.server.observed();
    let asked = images(&observed).count();
    let peak = observed.peak_in_flight;
    if gathered.at_the_gate == 1 && peak == 1 {
        return Err(
            "Your program never had more than one request in flight: one image comes after \
                    the other. If you did start five threads, something makes them wait for each \
                    other. Is each of them joined before the next one is started (an iterator is \
                    lazy!), or does a thread hold a lock while it downloads?"
                .into(),
        );
    }
    if peak == IMAGES {
        return Err(format!(
            "{peak} requests were in flight at once. That is concurrent, but there is no limit: an \
             album of 5,000 images would be 5,000 threads and connections. Start five threads, no \
             more, and let them share the work."
        ));
    }
    if peak > WORKERS {
        return Err(format!("{peak} requests were in flight at once. It should be five."));
    }
    if gathered.at_the_gate < WORKERS {
        return Err(format!(
            "{} requests were in flight, and no more came, although {} images were still to be \
             asked for. How many threads have you started, and has each of them something to do?",
            gathered.at_the_gate,
            IMAGES - gathered.at_the_gate,
        ));
    }
    if asked == WORKERS {
        return Err(format!(
            "Five requests came at once, as they should, and then no more: {} images were never asked \
             for. Each worker took one image and went home. What makes it come back to the queue?",
            IMAGES - WORKERS
        ));
    }
    let others = others_in_flight(&observed);
    if others.iter().step_by(WORKERS).skip(1).all(|others| *others == 0) {
        return Err(
            "Five requests at a time, but in batches: the sixth came only after all of the \
                    first five were answered, and so on. While the largest image of a batch is on \
                    its way, four threads have nothing to do. An idle worker should take the next \
                    image at once, whatever the others do."
                .into(),
        );
    }
    if let Some(image) = others.iter().skip(WORKERS).position(|others| *others <= 1) {
        return Err(format!(
            "When image {} was asked for, {} other requests were in flight: {} workers had nothing left \
             to do, while this image waited for its own worker. It looks as if the \
             images were shared out beforehand. Nobody knows beforehand which are large. Let all \
             workers take from one queue.",
            WORKERS + image + 1,
            others[WORKERS + image],
            WORKERS - 1 - others[WORKERS + image],
        ));
    }
    each_once(&observed)?;
    gathered.run.succeeded()?;
    saved_all(&gathered.run, &gathered.server)?;
    returns_its_error(submission)?;
    Ok(format!(
        "Exactly five requests in flight, until the last of {IMAGES} images was asked for: whoever \
         was free took the next one. When every download failed, the exit code said so."
    ))
}

/// An error, unless the submission fails, and in good order, when no image can be had.
fn returns_its_error(submission: &Submission) -> Result<(), String> {
    let run = submission.run(&serve(&down(&settings(IMAGES)))?)?;
    match run.code() {
        Some(0) => Err("All images are saved as they should be. Then your program ran once more, at a \
                        server that refuses every image, and ended with exit code 0: somebody drops \
                        the errors of the workers. What does `join` return, and who looks at it?"
            .into()),
        Some(101) => Err("All images are saved as they should be. Then your program ran once more, at a \
                          server that refuses every image, and panicked. A download that fails is \
                          nobody's bug: the `Error` is to come back through `join`, and out of `main`. \
                          Where are the `unwrap`s?"
            .into()),
        _ => run.ended(),
    }
}
