//! Which lane held which image when: recorded once, for all models alike, and drawn in three ways.

mod picture;
mod text;
mod trace;

use crate::fault::Fault;
use crate::progress::Event;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A run, from the moment before the album was asked for. All times count from there.
pub(crate) struct Timeline {
    pub model: &'static str,
    pub images: usize,
    pub saved: usize,
    pub peak_in_flight: usize,
    /// When the list of the album's images was there, if it came.
    pub listed: Option<Duration>,
    pub total: Duration,
    pub downloads: Vec<Download>,
}

/// One image's download, with all its tries.
pub(crate) struct Download {
    /// The lane that it held, from 0.
    pub lane: usize,
    /// Where the image stands in the album, from 1.
    pub place: usize,
    /// The name of the image's file.
    pub name: String,
    pub begin: Duration,
    pub events: Vec<(Duration, Event)>,
    pub end: Duration,
    /// The image's size in bytes, or what went wrong.
    pub result: Result<u64, String>,
}

/// What a download is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The request is on its way, or the server is thinking.
    Waiting,
    /// The bytes of the answer are coming.
    Receiving,
    /// The thumbnail is being made.
    Computing,
    /// Nothing: it pauses before the next try, or waits for a core.
    Idle,
}

/// A try that failed.
pub(crate) struct Mark<'a> {
    pub at: Duration,
    pub reason: &'a str,
    /// Whether there was another try after it.
    pub again: bool,
}

impl Download {
    /// What it did from when to when, without gaps.
    pub fn phases(&self) -> impl Iterator<Item = (Phase, Duration, Duration)> {
        let begins = self.events.iter().map(|(at, event)| {
            let phase = match event {
                Event::Asked => Phase::Waiting,
                Event::Answered(_) | Event::Received(_) => Phase::Receiving,
                Event::Computing => Phase::Computing,
                Event::Failed(_) | Event::Saved => Phase::Idle,
            };
            (*at, phase)
        });
        let begins: Vec<_> = std::iter::once((self.begin, Phase::Idle)).chain(begins).collect();
        let mut ends = begins.iter().skip(1).map(|(at, _)| *at).collect::<Vec<_>>();
        ends.push(self.end);
        let phases = begins.into_iter().zip(ends);
        phases.filter(|((from, _), to)| to > from).map(|((from, phase), to)| (phase, from, to))
    }

    /// The tries that failed.
    pub fn marks(&self) -> impl Iterator<Item = Mark<'_>> {
        let again = self.events.iter().filter_map(|(at, event)| match event {
            Event::Failed(reason) => Some(Mark { at: *at, reason, again: true }),
            _ => None,
        });
        let last = self.result.as_ref().err();
        again.chain(last.map(|reason| Mark { at: self.end, reason, again: false }))
    }
}

impl Timeline {
    /// How many lanes there were.
    fn lanes(&self) -> usize {
        self.downloads.iter().map(|download| download.lane + 1).max().unwrap_or(0)
    }

    /// The run in one line.
    fn title(&self) -> String {
        let Self { model, images, saved, peak_in_flight, total, .. } = self;
        format!(
            "{model}: {saved} of {images} images in {:.2} s, downloads at once: {peak_in_flight}",
            total.as_secs_f64()
        )
    }

    /// The part of the run that had passed by then, from 0 to 1.
    fn share(&self, at: Duration) -> f64 {
        if self.total.is_zero() { 0.0 } else { at.as_secs_f64() / self.total.as_secs_f64() }
    }
}

/// Where a timeline goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Into the terminal, as text.
    Terminal,
    /// Into a file, as a picture.
    Svg(PathBuf),
    /// Into a file, as trace events.
    Json(PathBuf),
}

impl Target {
    /// What `--timeline` means without a file.
    pub const TERMINAL: &str = "-";

    /// Reads the value of `--timeline`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let path = PathBuf::from(text);
        let extension = path.extension().and_then(|it| it.to_str()).map(str::to_ascii_lowercase);
        match extension.as_deref() {
            _ if text == Self::TERMINAL => Ok(Self::Terminal),
            Some("svg") => Ok(Self::Svg(path)),
            Some("json") => Ok(Self::Json(path)),
            _ => Err("the file has to be a .svg or a .json".into()),
        }
    }

    /// Finds out whether the file can be written, before anything is downloaded.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        let (Self::Svg(path) | Self::Json(path)) = self else {
            return Ok(());
        };
        let writable = || {
            if path.exists() {
                return OpenOptions::new().write(true).open(path).map(drop);
            }
            let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
            let folder = folder.unwrap_or(Path::new("."));
            fs::create_dir_all(folder)?;
            tempfile::tempfile_in(folder).map(drop)
        };
        writable().map_err(|error| unwritable(path, &error))
    }

    /// Draws, into the file or by printing.
    pub(crate) fn draw(&self, timeline: &Timeline, print: fn(String)) -> Result<(), Fault> {
        let (path, drawing) = match self {
            Self::Terminal => {
                print(text::draw(timeline));
                return Ok(());
            }
            Self::Svg(path) => (path, picture::draw(timeline)),
            Self::Json(path) => (path, trace::draw(timeline)),
        };
        fs::write(path, drawing).map_err(|error| unwritable(path, &error))
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Fault {
    Fault::lasting(format!("cannot write the timeline {}: {error}", path.display()))
}
