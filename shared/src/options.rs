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
use url::Url;

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

    /// Your name, as others see it on the live view of a class's practice server; Imgur never
    /// gets it
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub name: Option<String>,

    /// Tells this run from others on a practice server. The program sets it by itself, where the
    /// album does not come from Imgur; on the command line it is for its worker processes.
    #[arg(long, value_name = "ID", hide = true)]
    pub run: Option<u64>,
}

impl Options {
    /// What the server of an address is told: the program and its version.
    ///
    /// A practice server also gets what its live view shows: how many workers there are, the name
    /// of the user if there is one, encoded as in an address since a header has room for ASCII only,
    /// and the run. Nothing of that is for Imgur.
    pub fn user_agent(&self, url: &Url) -> String {
        let Self { model, workers, .. } = self;
        let program = format!("{model}/{}", env!("CARGO_PKG_VERSION"));
        let Some(run) = self.run.filter(|_| !is_imgur(url)) else { return program };
        let name = self.name.as_deref().map(|name| {
            format!("; name={}", percent_encoding::utf8_percent_encode(name, NON_ALPHANUMERIC))
        });
        let name = name.unwrap_or_default();
        format!("{program} (workers={workers}{name}; run={run})")
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
        arguments.extend(self.run.map(|run| format!("--run={run}").into()));
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

/// Whether an address is one of Imgur's own.
pub(crate) fn is_imgur(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    host == "imgur.com" || host.ends_with(".imgur.com")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imgur_is_told_the_program_alone() {
        let arguments = ["--name", "Zoë", "--workers=3", "--run=7"].map(OsString::from);
        let options = Options::read("02-threads", Some(5), arguments.into_iter());
        let told = |url: &str| options.user_agent(&Url::parse(url).unwrap());
        let program = format!("02-threads/{}", env!("CARGO_PKG_VERSION"));
        let all = format!("{program} (workers=3; name=Zo%C3%AB; run=7)");
        for (url, expected) in [
            ("http://192.168.1.20:8080/3/album/PdA9Amq/images", &all),
            ("http://imgur.com.example/x.png", &all),
            ("https://api.imgur.com/3/album/PdA9Amq/images", &program),
            ("https://I.IMGUR.COM./x.png", &program),
            ("https://imgur.com/x.png", &program),
        ] {
            assert_eq!(told(url), *expected, "{url}");
        }
        let album_of_imgur = Options { run: None, ..options.clone() };
        assert_eq!(album_of_imgur.user_agent(&Url::parse("http://elsewhere/").unwrap()), program);
    }
}
