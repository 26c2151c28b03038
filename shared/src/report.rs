//! What became of each image: counted in one place, and told at the end.

use crate::album::{Album, Image};
use crate::fault::Fault;
use crate::files::Folder;
use crate::options::Options;
use crate::setup::Setup;
use crate::stop;
use crate::text::{bytes, complain, printable, say};
use practice::Server;
use serde_json::json;
use std::collections::{BTreeMap, HashSet};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Counts the outcomes of one run. Cheap to clone; all clones count together.
#[derive(Clone)]
pub struct Report(Arc<Run>);

struct Run {
    options: Options,
    /// Where the album is listed.
    address: String,
    practice: Option<Arc<Server>>,
    started: Instant,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    images: usize,
    /// The images that somebody has to download.
    expected: Vec<Image>,
    /// The places of those of which the outcome is known.
    done: HashSet<usize>,
    saved: usize,
    bytes: u64,
    /// Links and reasons, by the image's place in the album.
    failed: BTreeMap<usize, (String, String)>,
    in_flight: usize,
    peak_in_flight: usize,
}

impl Report {
    /// Starts the clock, and from now on ends the program properly when a signal comes.
    pub fn new(setup: &Setup) -> Self {
        let address = Album::url(&setup.source, &setup.options.album).to_string();
        let report = Self::of(&setup.options, address, setup.source.practice.clone());
        let stopped = report.clone();
        stop::before_stop(move || stopped.interrupted());
        stop::watch();
        report
    }

    pub(crate) fn of(options: &Options, address: String, practice: Option<Arc<Server>>) -> Self {
        Self(Arc::new(Run {
            options: options.clone(),
            address,
            practice,
            started: Instant::now(),
            counts: Mutex::default(),
        }))
    }

    /// The album is known. Returns its images, each of which has to be accounted for from now on.
    pub fn track(&self, album: Album) -> Vec<Image> {
        let mut counts = self.counts();
        counts.images = album.images.len() + album.rejected.len();
        counts.expected.clone_from(&album.images);
        drop(counts);
        for (place, link, fault) in album.rejected {
            self.failed(place, link, &fault);
        }
        album.images
    }

    /// Somebody begins to download an image.
    pub fn begin<'a>(&'a self, image: &'a Image) -> Lane<'a> {
        let mut counts = self.counts();
        counts.in_flight += 1;
        counts.peak_in_flight = counts.peak_in_flight.max(counts.in_flight);
        Lane { report: self, image }
    }

    /// Tells what has become of the album, and with which code the program ends.
    pub fn finish(&self, result: Result<(), Fault>) -> ExitCode {
        let Run { options, practice, .. } = &*self.0;
        let seconds = self.0.started.elapsed().as_secs_f64();
        self.settle(result);
        // What a worker that was killed had begun.
        Folder::at(&options.out).clean();

        let counts = self.counts();
        let Counts { images, saved, peak_in_flight, .. } = *counts;
        if options.json {
            let failed = counts.failed.values();
            say(json!({
                "model": options.model,
                "album": options.album.to_string(),
                "workers": options.workers,
                "images": images,
                "saved": saved,
                "failed": failed.map(|(link, error)| json!({"link": link, "error": error})).collect::<Vec<_>>(),
                "bytes": counts.bytes,
                "seconds": seconds,
                "peak_in_flight": peak_in_flight,
            }));
        } else if !options.quiet && counts.failed.is_empty() && images == 0 {
            let why =
                if options.limit == Some(0) { "the limit is 0" } else { "the album is empty" };
            say(format_args!("nothing to download: {why}"));
        } else if !options.quiet && images > 0 {
            say(format_args!(
                "{saved} of {images} images saved in {}: {} in {seconds:.2} s, downloads at once: {peak_in_flight}",
                options.out.display(),
                bytes(counts.bytes),
            ));
            if let Some(seen) = practice.as_ref().map(|server| server.observed()) {
                say(format_args!(
                    "seen by the practice server: requests {}, connections {}, in flight at once {}",
                    seen.requests, seen.connections, seen.peak_in_flight,
                ));
            }
        }
        if counts.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// Accounts for what nobody has reported on.
    fn settle(&self, result: Result<(), Fault>) {
        let expected = std::mem::take(&mut self.counts().expected);
        match &result {
            Err(fault) if expected.is_empty() => {
                let Run { options, address, .. } = &*self.0;
                complain(format_args!(
                    "cannot download the album {} from {address}: {fault}",
                    options.album
                ));
                let failure = (address.clone(), fault.to_string());
                drop(self.counts().failed.insert(0, failure));
            }
            _ => {
                let lost =
                    result.err().unwrap_or_else(|| Fault::lasting("no worker has reported on it"));
                for image in expected {
                    if !self.counts().done.contains(&image.place) {
                        self.failed(image.place, image.link, &lost);
                    }
                }
            }
        }
    }

    fn saved(&self, image: &Image, size: u64) {
        let mut counts = self.counts();
        counts.saved += 1;
        counts.bytes += size;
        drop(counts);
        let options = &self.0.options;
        if !options.quiet && !options.json {
            let path = options.out.join(&image.name);
            say(format_args!("saved {} ({})", path.display(), bytes(size)));
        }
    }

    fn failed(&self, place: usize, link: String, fault: &Fault) {
        complain(format_args!("failed: {}: {fault}", printable(&link)));
        let failure = (link, fault.to_string());
        drop(self.counts().failed.insert(place, failure));
    }

    fn interrupted(&self) {
        let options = &self.0.options;
        Folder::at(&options.out).close();
        let counts = self.counts();
        complain(format_args!(
            "stopped: {} of {} images saved in {}",
            counts.saved,
            counts.images,
            options.out.display(),
        ));
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        // A thread that panicked has left nothing half counted behind.
        self.0.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A download in progress.
#[must_use]
pub struct Lane<'a> {
    report: &'a Report,
    image: &'a Image,
}

impl Lane<'_> {
    /// The download has ended, with so many bytes or with a fault.
    pub fn end(self, result: Result<u64, Fault>) {
        let mut counts = self.report.counts();
        counts.in_flight -= 1;
        let new = counts.done.insert(self.image.place);
        drop(counts);
        debug_assert!(new, "each image is downloaded once");
        match result {
            Ok(bytes) => self.report.saved(self.image, bytes),
            Err(fault) => {
                let Image { place, link, .. } = self.image;
                self.report.failed(*place, link.clone(), &fault);
            }
        }
    }
}
