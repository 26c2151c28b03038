//! Task 5: two threads move images in opposite directions at the same time, and end.
//!
//! The gate releases the first images of both threads at the same moment. The first thread to hold
//! one lock and want another waits for the other thread (`two_albums`), so a deadlock that can
//! happen always does, on any machine.

use crate::judge::{
    Expectation, Run, Submission, Verdict, at_most, expect_all, images, run_gated, saved_all,
    settings,
};
use std::collections::BTreeSet;

const THREADS: usize = 2;
const IMAGES: usize = 12;

pub fn check(submission: &Submission) -> Verdict {
    let gathered = run_gated(submission, &[], &settings(IMAGES), THREADS)?;
    let (run, observed) = (&gathered.run, &gathered.observed);
    let is_stuck = run.was_stopped() && observed.in_flight == 0;
    let albums = Albums::printed_by(run);
    expect_all([
        at_least(gathered.at_the_gate),
        no_deadlock(is_stuck, images(observed).count()),
        at_most(observed, THREADS),
    ])?;
    run.succeeded()?;
    expect_all([
        albums.are_exchanged(&gathered.server.names()),
        albums.are_consistent(),
        saved_all(run, &gathered.server),
    ])?;
    Ok(format!(
        "Two requests in flight, {IMAGES} images in their new albums, and no deadlock. At every \
         moment each image was in one album."
    ))
}

fn at_least(at_the_gate: usize) -> Expectation {
    let message = "Your program never had more than one request in flight: the two threads don't \
                   work at the same time. Is one of them joined before the other one is started, \
                   or is an album locked during a download?";
    (at_the_gate >= THREADS, message.into())
}

fn no_deadlock(is_stuck: bool, requests: usize) -> Expectation {
    let message = format!(
        "Your program was stopped because it made no progress. Its two threads had requested \
         {requests} of {IMAGES} images and received them; then nothing more came. This is a \
         deadlock: each thread holds the album that the other one waits for. In which order does \
         each of them lock the two albums?"
    );
    (!is_stuck, message)
}

/// What `two_albums::print` printed: the images in both albums, and how often a thread unlocked its
/// last album while an image that it moved was in none, or in two.
struct Albums<'a> {
    left: BTreeSet<&'a str>,
    right: BTreeSet<&'a str>,
    in_none: usize,
    in_two: usize,
}

impl<'a> Albums<'a> {
    fn printed_by(run: &'a Run) -> Self {
        let value =
            |key| run.stdout.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
        let album = |key| value(key).split_whitespace().collect();
        let times = |key| value(key).split_whitespace().next().and_then(|it| it.parse().ok());
        Self {
            left: album("left:"),
            right: album("right:"),
            in_none: times("an image in no album:").unwrap_or_default(),
            in_two: times("an image in two albums:").unwrap_or_default(),
        }
    }

    fn are_exchanged(&self, names: &[String]) -> Expectation {
        let (first, second) = names.split_at(names.len() / 2);
        let holds = |album: &BTreeSet<&str>, names: &[String]| {
            album.iter().copied().eq(names.iter().map(String::as_str).collect::<BTreeSet<_>>())
        };
        let message = format!(
            "There is no deadlock, but the images aren't where they should be. Each album held {} \
             and should now hold those of the other one; `two_albums::print` shows {} in `left` \
             and {} in `right`. Once the albums are sorted, which of the two guards is the source, \
             and which the target?",
            first.len(),
            self.left.len(),
            self.right.len(),
        );
        (holds(&self.left, second) && holds(&self.right, first), message)
    }

    fn are_consistent(&self) -> Expectation {
        let message = format!(
            "There is no deadlock, and in the end each image is in its new album. But when a \
             thread had released its locks, the image that it moved was {} times in no album and \
             {} times in both: another thread would have counted wrong. Hold both locks while you \
             take an image out and put it in.",
            self.in_none, self.in_two
        );
        (self.in_none + self.in_two == 0, message)
    }
}
