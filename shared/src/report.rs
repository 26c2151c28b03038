//! What became of each image: counted in one place, told as it happens and, in `summary`, at the end.

mod summary;

use crate::album::{Album, Image};
use crate::fault::Fault;
use crate::files::Folder;
use crate::lane::Lane;
use crate::live::{self, Live};
use crate::options::Options;
use crate::progress::Saved;
use crate::setup::Setup;
use crate::stop;
use crate::text::{bytes, complain, printable, say};
use crate::timeline::Download;
use practice::Server;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Display;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

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
    live: Option<Live>,
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
    /// The lanes that were held and are free again.
    free: BTreeSet<usize>,
    /// When the list of images was there.
    listed: Option<Duration>,
    /// For the timeline, if there is to be one.
    downloads: Vec<Download>,
}

impl Report {
    /// Starts the clock, and from now on ends the program properly when a signal comes.
    pub fn new(setup: &Setup) -> Self {
        let address = Album::url(&setup.source, &setup.options.album).to_string();
        let report = Self::of(&setup.options, address, setup.source.practice.clone());
        // A step that nobody takes keeps nothing alive, not even the practice server.
        let stopped = Arc::downgrade(&report.0);
        stop::before_stop(move || {
            if let Some(run) = stopped.upgrade() {
                Self(run).interrupted();
            }
        });
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
            live: live::is_wanted(options).then(Live::new),
        }))
    }

    /// The album is known. Returns its images, each of which has to be accounted for from now on.
    pub fn track(&self, album: Album) -> Vec<Image> {
        let mut counts = self.counts();
        counts.images = album.images.len() + album.rejected.len();
        counts.expected.clone_from(&album.images);
        counts.listed = Some(self.elapsed());
        drop(counts);
        for (place, link, fault) in album.rejected {
            self.failed(place, link, &fault);
        }
        album.images
    }

    /// Somebody begins to download an image, and takes the lowest free lane.
    pub fn begin<'a>(&'a self, image: &'a Image) -> Lane<'a> {
        let mut counts = self.counts();
        let first_unused = counts.in_flight;
        let lane = counts.free.pop_first().unwrap_or(first_unused);
        counts.in_flight += 1;
        counts.peak_in_flight = counts.peak_in_flight.max(counts.in_flight);
        drop(counts);
        let live = self.0.live.as_ref();
        let bar = live.map(|live| live.begin(lane, &image.name, image.size));
        self.show_total();
        Lane::new(self, image, lane, bar, self.0.options.timeline.is_some())
    }

    /// A download has ended, and gives its lane back.
    pub(crate) fn ended(
        &self,
        image: &Image,
        lane: usize,
        download: Option<Download>,
        result: Result<Saved, Fault>,
    ) {
        let mut counts = self.counts();
        counts.in_flight -= 1;
        let free = counts.free.insert(lane);
        let new = counts.done.insert(image.place);
        debug_assert!(free && new, "each image is downloaded once");
        counts.downloads.extend(download);
        drop(counts);
        match result {
            Ok(saved) => self.saved(image, &saved),
            Err(fault) => self.failed(image.place, image.link.clone(), &fault),
        }
        self.show_total();
    }

    /// The time since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        self.0.started.elapsed()
    }

    /// Tells what has become of the album, and with which code the program ends.
    pub fn finish(&self, result: Result<(), Fault>) -> ExitCode {
        let options = &self.0.options;
        let total = self.elapsed();
        if let Some(live) = &self.0.live {
            live.clear();
        }
        self.settle(result);
        // What a worker that was killed had begun.
        Folder::at(&options.out).clean();
        if options.json {
            self.print_json(total);
        } else if !options.quiet {
            self.print_lines(total);
        }
        let drawn = self.draw(total);
        if let Err(fault) = &drawn {
            complain(fault);
        }
        let complete = self.counts().failed.is_empty();
        if complete && drawn.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// Tells why nothing could begin.
    pub(crate) fn refuse(&self, fault: &Fault) -> ExitCode {
        complain(fault);
        self.nothing_came(fault);
        self.finish(Ok(()))
    }

    /// Counts the album itself as what failed.
    fn nothing_came(&self, fault: &Fault) {
        let failure = (self.0.address.clone(), fault.to_string());
        drop(self.counts().failed.insert(0, failure));
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
                self.nothing_came(fault);
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

    fn saved(&self, image: &Image, saved: &Saved) {
        let mut counts = self.counts();
        counts.saved += 1;
        counts.bytes += saved.bytes;
        drop(counts);
        let options = &self.0.options;
        let path = options.out.join(&image.name);
        if !options.quiet && !options.json {
            self.say(format_args!("saved {} ({})", path.display(), bytes(saved.bytes)));
        }
        if let Some(why) = &saved.no_thumbnail {
            self.complain(format_args!("no thumbnail of {}: {why}", path.display()));
        }
    }

    fn failed(&self, place: usize, link: String, fault: &Fault) {
        self.complain(format_args!("failed: {}: {fault}", printable(&link)));
        let failure = (link, fault.to_string());
        drop(self.counts().failed.insert(place, failure));
    }

    fn say(&self, words: impl Display) {
        match &self.0.live {
            Some(live) => live.say(|| say(words)),
            None => say(words),
        }
    }

    fn complain(&self, words: impl Display) {
        match &self.0.live {
            Some(live) => live.complain(|| complain(words)),
            None => complain(words),
        }
    }

    fn show_total(&self) {
        if let Some(live) = &self.0.live {
            let Counts { done, images, bytes, .. } = &*self.counts();
            live.count(done.len(), *images, *bytes);
        }
    }

    fn interrupted(&self) {
        let options = &self.0.options;
        Folder::at(&options.out).close();
        if let Some(live) = &self.0.live {
            live.clear();
        }
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
