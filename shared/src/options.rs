//! The command line: the same for all four programs, but for the number of workers.

use crate::album::AlbumId;
use crate::live;
use crate::text::printable;
use crate::timeline::Target;
use clap::{Arg, Args, Command, FromArgMatches, value_parser};
use percent_encoding::NON_ALPHANUMERIC;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// What a program was asked to do.
#[derive(Args, Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch on the command line")]
pub struct Options {
    /// The program's name, which it also tells the servers.
    #[arg(skip)]
    pub model: &'static str,

    /// How many downloads may be in progress at once.
    #[arg(skip)]
    pub workers: usize,

    /// The album's id, or its address
    #[arg(value_name = "ALBUM", default_value = practice::ALBUM)]
    pub album: AlbumId,

    /// Where the images go; made if missing
    #[arg(short, long, value_name = "DIR", default_value = "downloads")]
    pub out: PathBuf,

    /// Only the album's first N images
    #[arg(short, long, value_name = "N")]
    pub limit: Option<usize>,

    /// Give up on a server that is silent for this long
    #[arg(long = "timeout", value_name = "SECS", default_value = "30", value_parser = duration)]
    pub timeout: Duration,

    /// Further tries after the first, for faults that may pass
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub retries: usize,

    /// The built-in practice album, even where credentials are set
    #[arg(long)]
    pub practice: bool,

    /// Print one JSON object instead of lines
    #[arg(long)]
    pub json: bool,

    /// Print nothing on stdout
    #[arg(short, long)]
    pub quiet: bool,

    /// Draw which lane held which image when (a lane is a place among the downloads in progress):
    /// in the terminal, as a picture (FILE.svg), or as trace events for Perfetto (FILE.json)
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = Target::TERMINAL, value_parser = Target::parse)]
    pub timeline: Option<Target>,

    /// Also make a small copy of each image, in DIR/thumbnails
    #[arg(long)]
    pub thumbnails: bool,

    /// Your name, as others see it on the live view of a class's practice server
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub name: Option<String>,
}

impl Options {
    /// What servers are told: the program and its version, how many workers it has, and the name
    /// of its user if there is one, encoded as in an address since a header has room for ASCII only.
    pub fn user_agent(&self) -> String {
        let Self { model, workers, .. } = self;
        let name = self.name.as_deref().map(|name| {
            format!("; name={}", percent_encoding::utf8_percent_encode(name, NON_ALPHANUMERIC))
        });
        let name = name.unwrap_or_default();
        format!("{model}/{} (workers={workers}{name})", env!("CARGO_PKG_VERSION"))
    }

    /// Whether anybody wants to know how the downloads go, while they go.
    fn watched(&self) -> bool {
        self.timeline.is_some() || live::is_wanted(self)
    }

    /// The command line of a worker process that does a part of the same job. To servers it is the
    /// same program.
    pub fn for_worker(&self) -> Vec<OsString> {
        let mut out = OsString::from("--out=");
        out.push(&self.out);
        let timeout = format!("--timeout={}", self.timeout.as_secs_f64());
        let workers = format!("--workers={}", self.workers);
        let retries = format!("--retries={}", self.retries);
        let mut arguments = vec![out, timeout.into(), retries.into(), workers.into()];
        arguments.extend(self.name.as_ref().map(|name| format!("--name={name}").into()));
        // To a worker it means that its parent wants to know what happens.
        arguments.extend(self.watched().then(|| "--timeline".into()));
        arguments.extend(self.thumbnails.then(|| "--thumbnails".into()));
        arguments
    }

    /// Reads a command line without the program's own name. Wrong usage ends the program with
    /// code 2.
    ///
    /// `workers` is the default for `--workers`; without it the program has no such option.
    pub fn read(
        model: &'static str,
        workers: Option<usize>,
        arguments: impl Iterator<Item = OsString>,
    ) -> Self {
        let mut command = Self::augment_args(Command::new(model))
            .no_binary_name(true)
            .version(env!("CARGO_PKG_VERSION"))
            .about("Downloads the images of an Imgur album. Without credentials it is a practice album from a server inside the program.");
        if let Some(workers) = workers {
            command = command.arg(
                Arg::new("workers")
                    .short('w')
                    .long("workers")
                    .value_name("N")
                    .help("How many downloads may be in progress at once")
                    .value_parser(value_parser!(u16).range(1..))
                    .default_value(workers.to_string()),
            );
        }
        let matches = command.get_matches_from(arguments);
        let options = Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
        Self {
            model,
            workers: workers
                .map_or(1, |_| matches.get_one::<u16>("workers").map_or(1, |n| (*n).into())),
            ..options
        }
    }
}

/// A name that fits into a line.
fn name(text: &str) -> Result<String, String> {
    const LONGEST: usize = 40;
    let name = text.trim();
    // Persian names have the first of these, families of emoji the second.
    let letters = name.replace(['\u{200c}', '\u{200d}'], "");
    if letters.is_empty() || name.chars().count() > LONGEST || letters != printable(&letters) {
        return Err(format!("1 to {LONGEST} characters that can be seen"));
    }
    Ok(name.to_owned())
}

/// A positive number of seconds, fractions allowed. A billion is 31 years: enough, and no more
/// than any clock can count.
fn duration(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(seconds) if seconds > 0.0 && seconds <= 1e9 => Duration::try_from_secs_f64(seconds).ok(),
        _ => None,
    }
    .filter(|duration| !duration.is_zero())
    .ok_or_else(|| "not a positive number of seconds".into())
}
