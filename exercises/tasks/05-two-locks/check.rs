//! Task 5: two threads move images in opposite directions, at the same time, and come to an end.
//!
//! The gate lets both have their first image at the same moment, and the first thread between two
//! locks waits for the other one (`two_albums`): who can get into a deadlock does, on any machine.

use crate::attempt::{Attempt, Run};
use crate::seen::{Verdict, gated, gather, images, saved_all, serve, settings};
use std::collections::BTreeSet;
use std::time::Duration;

const THREADS: usize = 2;
const IMAGES: usize = 12;

/// How long it may take from the gate on. It takes half a second.
const PATIENCE: Duration = Duration::from_secs(5);

pub fn check(attempt: &Attempt) -> Verdict {
    let server = serve(&gated(&settings(IMAGES), THREADS + 1))?;
    let mut running = attempt.start(&server)?;
    let at_the_gate = gather(&mut running, &server, THREADS);
    let run = running.wait_for(PATIENCE)?;
    let observed = server.observed();
    let asked = images(&observed).count();
    if run.was_stopped() && at_the_gate == THREADS && observed.in_flight == 0 {
        return Err(format!(
            "Your program stood still, and was stopped. The two threads asked for {asked} of {IMAGES} \
             images, were answered, and then the server heard no more of them. This is a deadlock: each \
             thread holds the album that the other one waits for. In which order does each of them \
             lock the two? (That it would happen rarely is no comfort.)"
        ));
    }
    run.ended()?;
    if asked == 0 {
        run.succeeded()?;
        return Err("Your program ended without having asked for a single image.".into());
    }
    if at_the_gate < THREADS {
        return Err(
            "Your program never had more than one request in flight: the two threads do not \
                    work at the same time. Like that nobody is in anybody's way, and nothing is \
                    gained by having two. Is one of them joined before the other one is started, or \
                    is an album locked during a download?"
                .into(),
        );
    }
    if observed.peak_in_flight > THREADS {
        return Err(format!(
            "{} requests were in flight at once. The starter's two threads are to stay.",
            observed.peak_in_flight
        ));
    }
    run.succeeded()?;
    exchanged(&run, &server.names())?;
    crate::seen::expect_all([saved_all(&run, &server)])?;
    Ok(format!(
        "Two requests in flight, {IMAGES} images in their new albums, and no deadlock. At every moment \
         each image was in one album."
    ))
}

/// An error, unless each album holds in the end what the other one held in the beginning, and no
/// image was ever lost or doubled on its way.
fn exchanged(run: &Run, names: &[String]) -> Result<(), String> {
    let value = |key: &str| run.stdout.lines().find_map(|line| line.strip_prefix(key));
    let album = |key| value(key).map(|it| it.split_whitespace().collect::<BTreeSet<_>>());
    let times = |key| value(key).and_then(|it| it.strip_suffix(" times")?.trim().parse().ok());
    let (Some(left), Some(right), Some(in_none), Some(in_two)) = (
        album("left:"),
        album("right:"),
        times("an image in no album:"),
        times("an image in two albums:"),
    ) else {
        return Err("Your program did not print what is in the albums. `two_albums::print` does \
                    that, when both threads have ended."
            .into());
    };
    let (first, second) = names.split_at(names.len() / 2);
    let is = |album: &BTreeSet<&str>, names: &[String]| {
        album.len() == names.len() && names.iter().all(|name| album.contains(name.as_str()))
    };
    if !is(&left, second) || !is(&right, first) {
        return Err(format!(
            "There is no deadlock, but the images are not where they should be. Each album held {} \
             and should hold those of the other one now; `left` holds {}, `right` {}. Once the \
             albums are sorted, which of the two guards is the source, and which the target?",
            names.len() / 2,
            left.len(),
            right.len(),
        ));
    }
    let moments: [(usize, &str); 2] = [(in_none, "no album"), (in_two, "two albums")];
    match moments.into_iter().find(|(times, _)| *times > 0) {
        Some((times, albums)) => Err(format!(
            "There is no deadlock, and in the end all is well. But {times} times, when a thread had let \
             go of its locks, the image that it moved was in {albums}. Whoever counted then counted \
             wrong. Taking out and putting in belong together: for that both locks are to be held."
        )),
        None => Ok(()),
    }
}
