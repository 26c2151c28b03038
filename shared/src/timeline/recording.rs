//! The recording of a run.

use super::element::Element;
use crate::progress::Event;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// One run. All times count from its start, before the album is requested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// The program's name.
    pub(crate) model: String,
    /// Number of images to download, and of the list's elements that are not images.
    pub(crate) images: usize,
    pub(crate) saved: usize,
    pub(crate) peak_in_flight: usize,
    /// When the list of the album's images arrived, if it did.
    pub(crate) listed: Option<Duration>,
    /// How long the run took.
    pub(crate) total: Duration,
    pub(crate) downloads: Vec<Download>,
}

/// One image's download, with all its attempts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Download {
    /// Index of the lane that the download took.
    pub lane: usize,
    /// The image's number in the album, counted from 1.
    pub number: usize,
    /// Name of the image's file.
    pub name: String,
    pub begin: Duration,
    /// Each event with the time when it happened.
    pub events: Vec<(Duration, Event)>,
    pub end: Duration,
    /// The image's size in bytes, or the error.
    pub result: Result<u64, String>,
}

impl Download {
    /// The phases with their begin and end, without gaps between them.
    pub fn phases(&self) -> Vec<(Element, Duration, Duration)> {
        // The first event is the first request, which is sent as soon as the lane is taken.
        let mut phases = vec![(Element::Waiting, self.begin, self.end)];
        for (at, event) in self.events.iter().skip(1) {
            let phase = match event {
                Event::Requested => Element::Waiting,
                Event::Responded(_) | Event::Received(_) => Element::Receiving,
                Event::Computing => Element::Thumbnail,
                Event::Failed(_) | Event::Saved => Element::Idle,
            };
            if let Some((_, _, end)) = phases.last_mut() {
                *end = *at;
            }
            phases.push((phase, *at, self.end));
        }
        phases.retain(|(_, from, to)| from < to);
        phases
    }

    /// The failed attempts: whether a retry followed, when the attempt failed, and the error.
    pub fn failures(&self) -> impl Iterator<Item = (Element, Duration, &str)> {
        let retried = self.events.iter().filter_map(|(at, event)| match event {
            Event::Failed(reason) => Some((Element::FailedAttempt, *at, reason.as_str())),
            _ => None,
        });
        let last = self.result.as_ref().err();
        retried.chain(last.map(|reason| (Element::GivenUp, self.end, reason.as_str())))
    }
}

impl Timeline {
    /// Number of lanes.
    pub(super) fn lanes(&self) -> usize {
        self.downloads.iter().map(|download| download.lane + 1).max().unwrap_or(0)
    }

    /// The summary of the run, in one line.
    pub(super) fn title(&self) -> String {
        let Self { model, images, saved, peak_in_flight, total, .. } = self;
        format!(
            "{model}: {saved} of {images} images in {:.2} s, peak in flight: {peak_in_flight}",
            total.as_secs_f64()
        )
    }

    /// Whether the element occurs, so that it needs an entry in the legend.
    pub(super) fn shows(&self, element: Element) -> bool {
        element == Element::Listed && self.listed.is_some()
            || self.downloads.iter().any(|download| {
                download.phases().iter().any(|(it, ..)| *it == element)
                    || download.failures().any(|(it, ..)| it == element)
            })
    }
}
