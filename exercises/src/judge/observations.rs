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
