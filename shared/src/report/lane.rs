//! A lane: a slot among the downloads in progress.

use super::bars::Bar;
use super::outcomes::Outcomes;
use crate::error::Error;
use crate::imgur::Image;
use crate::progress::{Event, Progress, Saved};
use crate::timeline::Download;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The lane of one download: the lowest one that was free when the download began. Dropping it
/// frees the lane.
///
/// A download whose lane is dropped without [`end`](Lane::end) counts as failed.
#[must_use]
pub struct Lane<'a> {
    outcomes: &'a Outcomes,
    image: &'a Image,
    /// Counted from 0.
    index: usize,
    begin: Duration,
    bar: Option<Bar<'a>>,
    /// The events and when they happened, recorded only for `--timeline`.
    events: Option<Mutex<Vec<(Duration, Event)>>>,
}

impl<'a> Lane<'a> {
    pub(super) fn new(outcomes: &'a Outcomes, image: &'a Image) -> Self {
        let (index, bar) = outcomes.take_lane(image);
        let events = outcomes.options.timeline.is_some().then(Mutex::default);
        Self { outcomes, image, index, begin: outcomes.elapsed(), bar, events }
    }

    /// Ends the download: counts and prints its outcome, and frees the lane.
    pub fn end(mut self, result: Result<Saved, Error>) {
        // Removes the line from the terminal before the outcome is printed.
        drop(self.bar.take());
        let download = self.events.take().map(|events| Download {
            lane: self.index,
            number: self.image.index + 1,
            name: self.image.name.clone(),
            begin: self.begin,
            events: events.into_inner().unwrap_or_else(PoisonError::into_inner),
            end: self.outcomes.elapsed(),
            result: result.as_ref().map(|saved| saved.bytes).map_err(ToString::to_string),
        });
        self.outcomes.ended(self.image, result, download);
    }
}

impl Drop for Lane<'_> {
    fn drop(&mut self) {
        self.outcomes.free_lane(self.index);
    }
}

impl Progress for Lane<'_> {
    fn report(&self, event: Event) {
        if let Some(bar) = &self.bar {
            bar.show(&event);
        }
        if let Some(events) = &self.events
            && !matches!(event, Event::Received(_))
        {
            let now = self.outcomes.elapsed();
            events.lock().unwrap_or_else(PoisonError::into_inner).push((now, event));
        }
    }
}
