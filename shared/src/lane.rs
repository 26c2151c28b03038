//! A download in progress, as the report sees it.

use crate::album::Image;
use crate::fault::Fault;
use crate::live::Bar;
use crate::progress::{Event, Progress, Saved};
use crate::report::Report;
use crate::timeline::Download;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A place among the downloads in progress, held by one of them: the lowest that was free.
#[must_use]
pub struct Lane<'a> {
    report: &'a Report,
    image: &'a Image,
    number: usize,
    begin: Duration,
    bar: Option<Bar<'a>>,
    /// What happened and when, if a timeline is to be drawn.
    events: Option<Mutex<Vec<(Duration, Event)>>>,
}

impl<'a> Lane<'a> {
    pub(crate) fn new(
        report: &'a Report,
        image: &'a Image,
        number: usize,
        bar: Option<Bar<'a>>,
        recorded: bool,
    ) -> Self {
        let events = recorded.then(Mutex::default);
        Self { report, image, number, begin: report.elapsed(), bar, events }
    }

    /// The download has ended, well or not.
    pub fn end(self, result: Result<Saved, Fault>) {
        let Self { report, image, number, begin, bar, events } = self;
        drop(bar);
        let download = events.map(|events| Download {
            lane: number,
            place: image.place + 1,
            name: image.name.clone(),
            begin,
            events: events.into_inner().unwrap_or_else(PoisonError::into_inner),
            end: report.elapsed(),
            result: result.as_ref().map(|saved| saved.bytes).map_err(ToString::to_string),
        });
        report.ended(image, number, download, result);
    }
}

impl Progress for Lane<'_> {
    fn tell(&self, event: Event) {
        if let Some(bar) = &self.bar {
            bar.show(&event);
        }
        if let Some(events) = &self.events
            && !matches!(event, Event::Received(_))
        {
            let now = self.report.elapsed();
            events.lock().unwrap_or_else(PoisonError::into_inner).push((now, event));
        }
    }
}
