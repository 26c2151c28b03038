//! Questions about what a server has observed of a submission.

use super::run::Run;
use practice::{LoggedRequest, Observed, Server};
use std::collections::HashSet;

/// The requests for images, in the order in which they came.
pub fn images(observed: &Observed) -> impl Iterator<Item = &LoggedRequest> {
    observed.log.iter().filter(|seen| seen.attempt > 0)
}

/// How many different images were requested.
pub fn different(observed: &Observed) -> usize {
    images(observed).map(|seen| &seen.target).collect::<HashSet<_>>().len()
}

/// An error, unless each image was requested once.
pub fn each_once(observed: &Observed) -> Result<(), String> {
    let (asked, different) = (images(observed).count(), different(observed));
    if asked == different {
        return Ok(());
    }
    Err(format!(
        "The server was asked {asked} times for {different} images. A download takes its time and the \
         server's: each image is to be asked for once. Who asks again?"
    ))
}

/// For each request, in the order in which they came: how many others were in flight when it came.
pub fn others_in_flight(observed: &Observed) -> Vec<usize> {
    let log: Vec<_> = images(observed).collect();
    let others = |(index, seen): (usize, &&LoggedRequest)| {
        let earlier = log[..index].iter();
        earlier.filter(|other| other.finished.is_none_or(|done| done > seen.arrived)).count()
    };
    log.iter().enumerate().map(others).collect()
}

/// An error, unless every image is in `downloads`, byte for byte.
pub fn saved_all(run: &Run, server: &Server) -> Result<(), String> {
    let names = server.names();
    let saved = |name: &String| run.files.get(&format!("downloads/{name}"));
    let missing: Vec<_> = names.iter().filter(|name| saved(name).is_none()).collect();
    if let Some(first) = missing.first() {
        return Err(format!(
            "{} of {} images are missing in downloads, the first one is {first}.",
            missing.len(),
            names.len(),
        ));
    }
    match names.iter().find(|name| saved(name).map(Vec::as_slice) != server.file(name).as_deref()) {
        Some(wrong) => Err(format!("downloads/{wrong} is not what the server sent.")),
        None => Ok(()),
    }
}
