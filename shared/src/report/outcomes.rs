//! The outcome of each image, counted in one place and printed as soon as it is known.

use super::bars::{Bar, Bars};
use crate::error::{Error, ErrorKind};
use crate::imgur::{Album, Image};
use crate::options::Options;
use crate::progress::Saved;
use crate::text::{self, bytes};
use crate::timeline::Download;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Display;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

pub(super) struct Outcomes {
    pub options: Options,
    started: OnceLock<Instant>,
    counts: Mutex<Counts>,
    /// `None` unless a terminal shows the downloads in progress.
    bars: Option<Bars>,
}

#[derive(Default)]
pub(super) struct Counts {
    /// Number of images to download, and of the list's elements that are not images.
    pub images: usize,
    /// The images to download.
    expected: Vec<Image>,
    /// The indexes of the images whose outcome is known.
    done: HashSet<usize>,
    pub saved: usize,
    /// Total size of the saved images, in bytes.
    pub bytes: u64,
    /// Link and error of each failed image, by the image's index in the album.
    pub failed: BTreeMap<usize, (String, String)>,
    in_flight: usize,
    pub peak_in_flight: usize,
    /// Lanes that were freed and not taken again. If there are none, lane `in_flight` is the lowest
    /// free one.
    free_lanes: BTreeSet<usize>,
    /// When the album's list arrived, counted from the start of the run.
    pub listed: Option<Duration>,
    /// The downloads that have ended, recorded only for `--timeline`.
    pub downloads: Vec<Download>,
}

impl Outcomes {
    pub fn new(options: &Options) -> Self {
        Self {
            options: options.clone(),
            started: OnceLock::new(),
            counts: Mutex::default(),
            bars: options.shows_bars().then(Bars::new),
        }
    }

    pub fn counts(&self) -> MutexGuard<'_, Counts> {
        // A poisoned lock is harmless: no panic leaves the counts half updated.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the run's clock.
    pub fn start_clock(&self) {
        let _started = self.started.get_or_init(Instant::now);
    }

    /// The time since the clock was started; zero before.
    pub fn elapsed(&self) -> Duration {
        self.started.get().map_or(Duration::ZERO, Instant::elapsed)
    }

    /// Expects an outcome for each image, and returns the images. Elements of the list that are not
    /// images count as failed.
    pub fn expect(&self, album: Album) -> Vec<Image> {
        let mut counts = self.counts();
        counts.images = album.images.len() + album.rejected.len();
        counts.expected.clone_from(&album.images);
        counts.listed = Some(self.elapsed());
        drop(counts);
        for rejected in album.rejected {
            self.failed(rejected.index, rejected.name, &rejected.error);
        }
        album.images
    }

    /// Takes the lowest free lane. Also returns its bar, if a terminal shows one.
    pub fn take_lane(&self, image: &Image) -> (usize, Option<Bar<'_>>) {
        let mut counts = self.counts();
        let first_unused = counts.in_flight;
        let lane = counts.free_lanes.pop_first().unwrap_or(first_unused);
        counts.in_flight += 1;
        counts.peak_in_flight = counts.peak_in_flight.max(counts.in_flight);
        drop(counts);
        let bar = self.bars.as_ref().map(|bars| bars.begin(lane, &image.name, image.size));
        self.show_total();
        (lane, bar)
    }

    /// Frees a lane for the next download.
    pub fn free_lane(&self, lane: usize) {
        let mut counts = self.counts();
        counts.in_flight -= 1;
        let was_taken = counts.free_lanes.insert(lane);
        debug_assert!(was_taken, "a lane is freed once");
        drop(counts);
        self.show_total();
    }

    /// Counts a download that has ended, and prints its outcome.
    pub fn ended(&self, image: &Image, result: Result<Saved, Error>, download: Option<Download>) {
        let mut counts = self.counts();
        let is_first = counts.done.insert(image.index);
        debug_assert!(is_first, "each image is downloaded once");
        counts.downloads.extend(download);
        drop(counts);
        match result {
            Ok(saved) => self.saved(image, &saved),
            Err(error) => self.failed(image.index, image.link.clone(), &error),
        }
    }

    fn saved(&self, image: &Image, saved: &Saved) {
        let mut counts = self.counts();
        counts.saved += 1;
        counts.bytes += saved.bytes;
        drop(counts);
        let options = &self.options;
        let path = options.out.join(&image.name);
        if !options.quiet && !options.json {
            let line = format_args!("saved {} ({})", path.display(), bytes(saved.bytes));
            match &self.bars {
                Some(bars) => bars.print(|| text::print(line)),
                None => text::print(line),
            }
        }
        if let Some(reason) = &saved.no_thumbnail {
            self.print_error(format_args!("no thumbnail of {}: {reason}", path.display()));
        }
    }

    fn failed(&self, index: usize, link: String, error: &Error) {
        self.print_error(format_args!("failed: {}: {error}", text::excerpt(&link)));
        self.counts().failed.insert(index, (link, error.to_string()));
    }

    /// Counts the album itself as failed.
    pub fn album_failed(&self, address: &str, error: &Error) {
        self.counts().failed.insert(0, (address.to_owned(), error.to_string()));
    }

    /// Counts images without an outcome as failed, with the error in `result` if there is one. An
    /// error before any image was expected is that of the album.
    pub fn settle(&self, result: Result<(), Error>, address: &str) {
        let expected = std::mem::take(&mut self.counts().expected);
        match result {
            Err(error) if expected.is_empty() => {
                text::print_error(format_args!(
                    "cannot download the album {} from {address}: {error}",
                    self.options.album
                ));
                self.album_failed(address, &error);
            }
            result => {
                let no_result =
                    || Error::new(ErrorKind::Worker, "its worker ended without a result");
                let error = result.err().unwrap_or_else(no_result);
                for image in expected {
                    if !self.counts().done.contains(&image.index) {
                        self.failed(image.index, image.link, &error);
                    }
                }
            }
        }
    }

    fn print_error(&self, line: impl Display) {
        match &self.bars {
            Some(bars) => bars.print_error(|| text::print_error(line)),
            None => text::print_error(line),
        }
    }

    fn show_total(&self) {
        if let Some(bars) = &self.bars {
            let Counts { done, images, bytes, .. } = &*self.counts();
            bars.count(done.len(), *images, *bytes);
        }
    }

    /// Removes the downloads in progress from the terminal.
    pub fn clear_bars(&self) {
        if let Some(bars) = &self.bars {
            bars.clear();
        }
    }
}
