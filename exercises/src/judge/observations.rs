//! What a server's observations say about a submission.

use practice::{LoggedRequest, Observed};
use std::collections::HashSet;

/// The requests for images, in the order in which they came.
pub fn images(observed: &Observed) -> impl DoubleEndedIterator<Item = &LoggedRequest> {
    observed.log.iter().filter(|seen| seen.attempt > 0)
}

/// How many different images were requested.
pub fn different(observed: &Observed) -> usize {
    images(observed).map(|seen| &seen.target).collect::<HashSet<_>>().len()
}

/// What a server observed, without the look-ups, whose method is HEAD.
pub fn only_downloads(observed: &Observed) -> Observed {
    let log = observed.log.iter().filter(|seen| !seen.is_head).cloned().collect();
    Observed { log, ..observed.clone() }
}

/// For each image request, in the order in which they came: how many others were in flight when it
/// arrived.
pub fn others_in_flight(observed: &Observed) -> Vec<usize> {
    let log: Vec<_> = images(observed).collect();
    let others = |(index, seen): (usize, &&LoggedRequest)| {
        let earlier = log[..index].iter();
        earlier.filter(|other| other.finished.is_none_or(|done| done > seen.arrived)).count()
    };
    log.iter().enumerate().map(others).collect()
}
