//! The command line. It is the same for all four programs, except for the number of workers.

use crate::imgur::AlbumId;
use crate::source;
use crate::text::printable;
use crate::timeline::Target;
use clap::builder::UnknownArgumentValueParser;
use clap::{Arg, ArgAction, Args, Command, FromArgMatches, value_parser};
use console::is_dumb;
use percent_encoding::NON_ALPHANUMERIC;
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::io::{IsTerminal, stderr};
use std::path::PathBuf;
use std::time::Duration;
use unicode_segmentation::UnicodeSegmentation;
use url::Url;

/// The text of `--help` below the options.
const AFTER_HELP: &str = "\
Examples:
  {program}
      the practice album, without an account
  {program} --limit 10 --timeline
      ten images, and a chart of the downloads
  {program} --server http://192.168.1.20:8080 --name Zoë
      a class's practice server
  {program} https://imgur.com/a/ID
      an album of Imgur; needs CLIENT_ID

Environment, or a file named .env (all from one of the two):
  CLIENT_ID        an Imgur client id; without it, you get the practice album
  CLIENT_SECRET    not needed to list an album: may be set, and is never sent
  IMGUR_API_URL    another server with Imgur's API: http://192.168.1.20:8080/3
  http_proxy, https_proxy, all_proxy, no_proxy, SSL_CERT_FILE: as usual
  NO_COLOR, CLICOLOR, CLICOLOR_FORCE: as usual, for the timeline's text

Exit codes:
  0                every image is saved
  1                something failed; the reasons are on stderr
  2                wrong usage
  129, 130, 143    ended by SIGHUP, SIGINT (Ctrl-C), SIGTERM";

/// The options of a program, from its command line. Worker processes receive them as JSON.
#[derive(Args, Debug, Clone, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch on the command line")]
pub struct Options {
    /// The program's name, such as `02-threads`.
    #[arg(skip)]
    pub model: String,

    /// How many downloads may be in progress at the same time.
    #[arg(skip)]
    pub workers: usize,

    /// The id of the run, for a practice server; `None` if Imgur lists the album.
    #[arg(skip)]
    pub run: Option<RunId>,

    /// The album's id, or its address
    #[arg(value_name = "ALBUM", default_value = practice::ALBUM)]
    pub album: AlbumId,

    /// Where the images go; created if missing
    #[arg(short, long, value_name = "DIR", default_value = "downloads")]
    #[serde(with = "os_string")]
    pub out: PathBuf,

    /// Only the album's first N images
    #[arg(short, long, value_name = "N")]
    pub limit: Option<usize>,

    /// Give up on a server that sends nothing for this long
    #[arg(long = "timeout", value_name = "SECS", default_value = "30", value_parser = duration)]
    pub timeout: Duration,

    /// Retries after the first attempt, for transient errors
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub retries: usize,

    /// The built-in practice album, even where credentials are set
    #[arg(long)]
    pub practice: bool,

    /// A class's practice server
    #[arg(long, value_name = "URL", help = "A class's practice server, such as http://192.168.1.20:8080", value_parser = server, conflicts_with = "practice")]
    #[serde(skip)]
    pub server: Option<Url>,

    /// Practice mode: begin when the page of the practice server is open, and keep it until Enter
    #[arg(long, conflicts_with = "server")]
    #[serde(skip)]
    pub watch: bool,

    /// Print one JSON object instead of lines
    #[arg(long)]
    pub json: bool,

    /// Print nothing on stdout
    #[arg(short, long)]
    pub quiet: bool,

    /// Draw a timeline of the lanes (a lane is a slot among the downloads in progress): in the
    /// terminal, as a picture (FILE.svg), as a page that replays the run (FILE.html), or as trace
    /// events for Perfetto (FILE.json)
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = Target::TERMINAL, value_parser = Target::parse)]
    #[serde(skip)]
    pub timeline: Option<Target>,

    /// Also make a small copy of each image, in DIR/thumbnails
    #[arg(long)]
    pub thumbnails: bool,

    /// Your name, as the live view of a class's practice server shows it; no other server gets it
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub name: Option<String>,
}

/// Identifies one run of a program among all that a practice server sees.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunId {
    /// The practice server's origin, such as `http://192.168.1.20:8080`.
    origin: String,
    /// A random number.
    number: u64,
}

impl RunId {
    /// A new id for a run on the server with this API; `None` if the server is Imgur.
    pub(crate) fn on(api_url: &Url) -> Option<Self> {
        let origin = api_url.origin().ascii_serialization();
        (!source::is_imgur(api_url)).then(|| Self { origin, number: fastrand::u64(..) })
    }
}

impl Options {
    /// Parses a command line without the program's own name. Wrong usage ends the program with exit
    /// code 2.
    ///
    /// `workers` is the default of `--workers`; with `None`, the program does not have this option
    /// and uses one worker.
    pub fn read(
        model: &str,
        workers: Option<usize>,
        arguments: impl Iterator<Item = OsString>,
    ) -> Self {
        let mut command = Self::augment_args(Command::new(model.to_owned()))
            .no_binary_name(true)
            .version(env!("CARGO_PKG_VERSION"))
            .about("Downloads the images of an Imgur album.\nWithout credentials, the album is a practice album from a server inside the program.")
            .after_help(AFTER_HELP.replace("{program}", model));
        if let Some(workers) = workers {
            command = command.arg(
                Arg::new("workers")
                    .short('w')
                    .long("workers")
                    .value_name("N")
                    .help("How many downloads may be in progress at the same time")
                    .value_parser(value_parser!(u16).range(1..))
                    .default_value(workers.to_string()),
            );
        } else {
            command = command.arg(unknown("workers").short('w').value_parser(
                UnknownArgumentValueParser::suggest(
                    "this program downloads one image at a time; '02-threads', '03-processes' and '04-async' have '--workers'",
                ),
            ));
        }
        command = command.arg(unknown("listen").value_parser(UnknownArgumentValueParser::suggest(
            "the program 'practice-server' has '--listen'; this one takes '--server http://ADDRESS:PORT'",
        )));
        let matches = command.get_matches_from(arguments);
        let options = Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
        let workers = workers.and_then(|_| matches.get_one::<u16>("workers"));
        Self { model: model.to_owned(), workers: workers.map_or(1, |n| (*n).into()), ..options }
    }

    /// The `User-Agent` of a request: the program and its version.
    ///
    /// For the practice server that lists the album, it also holds what the live view shows: the
    /// number of workers, the run, and the user's name. The name is percent-encoded, because a
    /// header holds only ASCII.
    pub fn user_agent(&self, url: &Url) -> String {
        let Self { model, workers, .. } = self;
        let program = format!("{model}/{}", env!("CARGO_PKG_VERSION"));
        let is_its_server = |run: &&RunId| run.origin == url.origin().ascii_serialization();
        let Some(RunId { number, .. }) = self.run.as_ref().filter(is_its_server) else {
            return program;
        };
        let name = self.name.as_deref().map(percent_encoded);
        let name = name.map(|name| format!("; name={name}")).unwrap_or_default();
        format!("{program} (workers={workers}{name}; run={number})")
    }

    /// Whether anything shows the events of a download: the terminal, or a timeline.
    pub fn shows_progress(&self) -> bool {
        self.timeline.is_some() || self.shows_bars()
    }

    /// Whether the terminal shows the downloads in progress, a line for each.
    pub(crate) fn shows_bars(&self) -> bool {
        stderr().is_terminal() && !is_dumb() && !self.quiet && !self.json
    }
}

/// An option that people look for here and that does not exist: the error has a tip.
fn unknown(name: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).hide(true)
}

/// A path as JSON, even if it is not valid Unicode.
mod os_string {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::ffi::OsString;
    use std::path::{Path, PathBuf};

    pub fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
        path.as_os_str().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
        OsString::deserialize(deserializer).map(PathBuf::from)
    }
}

/// Parses the address of a practice server: its root, without a user or password.
///
/// # Errors
/// If it is something else.
pub fn server(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.trim()).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.path() == "/"
            && url.query().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    });
    url.ok_or_else(|| "not an address such as http://192.168.1.20:8080".into())
}

/// Parses a name: 1 to 40 visible characters. One character can consist of thousands of combining
/// marks, so the bytes are limited, too.
///
/// # Errors
/// If it is shorter or longer.
pub fn name(text: &str) -> Result<String, String> {
    const MAX_CHARACTERS: usize = 40;
    // Forty of the longest emoji take 4,200 bytes. The practice server reads a user agent of 6,000.
    const MAX_BYTES: usize = 5_000;
    let name = text.trim();
    // Persian names contain U+200C, emoji families U+200D. Both are invisible.
    let letters = name.replace(['\u{200c}', '\u{200d}'], "");
    let characters = name.graphemes(true).count();
    if letters.is_empty() || characters > MAX_CHARACTERS || letters != printable(&letters) {
        return Err(format!("1 to {MAX_CHARACTERS} visible characters"));
    }
    let bytes = percent_encoded(name).len();
    if bytes > MAX_BYTES {
        return Err(format!(
            "too many combining marks: {bytes} bytes when percent-encoded, at most {MAX_BYTES}"
        ));
    }
    Ok(name.to_owned())
}

/// A name as the user agent holds it.
fn percent_encoded(name: &str) -> String {
    percent_encoding::utf8_percent_encode(name, NON_ALPHANUMERIC).to_string()
}

/// Parses a positive number of seconds, with or without a fraction. The maximum is a billion (31
/// years), which does not overflow any clock.
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

    fn options(arguments: &[&str]) -> Options {
        Options::read("02-threads", Some(5), arguments.iter().map(OsString::from))
    }

    #[test]
    fn only_the_practice_server_learns_the_name_and_the_run() {
        let mut options = options(&["--name", "Zoë", "--workers=3"]);
        let agent = |options: &Options, url: &str| options.user_agent(&Url::parse(url).unwrap());
        let program = format!("02-threads/{}", env!("CARGO_PKG_VERSION"));
        assert_eq!(agent(&options, "http://192.168.1.20:8080/"), program);

        options.run = RunId::on(&Url::parse("http://192.168.1.20:8080/3").unwrap());
        let number = options.run.as_ref().unwrap().number;
        let all = format!("{program} (workers=3; name=Zo%C3%AB; run={number})");
        for (url, expected) in [
            ("http://192.168.1.20:8080/3/album/PdA9Amq/images", &all),
            ("http://192.168.1.20:8080/x.png", &all),
            ("http://192.168.1.20/x.png", &program),
            ("https://192.168.1.20:8080/x.png", &program),
            ("https://i.imgur.com/x.png", &program),
            ("http://imgur.com.example/x.png", &program),
        ] {
            assert_eq!(agent(&options, url), *expected, "{url}");
        }
    }

    #[test]
    fn a_name_has_as_many_characters_as_a_person_counts() {
        for fits in ["Zoë", "Jose\u{301}", &"👩‍👩‍👧‍👦".repeat(40), &"e\u{301}".repeat(40)]
        {
            assert_eq!(name(fits).as_deref(), Ok(fits));
        }
        for other in ["", "  ", &"x".repeat(41), "a\u{202e}b", "a\nb", "\u{200d}"] {
            assert!(name(other).is_err(), "{other:?}");
        }
    }

    #[test]
    fn a_name_fits_into_a_header() {
        // The emoji of two kissing adults with different skin tones: ten code points.
        let kisses = "👩🏽\u{200d}❤\u{fe0f}\u{200d}💋\u{200d}👨🏿".repeat(40);
        assert_eq!(name(&kisses), Ok(kisses));
        let error = name(&format!("Zo{}", "\u{308}".repeat(3_000))).unwrap_err();
        assert!(error.contains("combining marks"), "{error}");
    }

    #[test]
    fn a_practice_server_is_an_address_without_a_path() {
        for fits in ["http://192.168.1.20:8080", "http://teacher.local/", " http://[::1]:8080 "] {
            assert!(server(fits).is_ok(), "{fits}");
        }
        for other in ["192.168.1.20:8080", "http://h/3", "ftp://h", "http://a:b@h", "http://h/?x"] {
            assert!(server(other).is_err(), "{other}");
        }
    }

    #[test]
    fn imgur_learns_nothing_of_a_run() {
        let on = |url: &str| RunId::on(&Url::parse(url).unwrap());
        for imgur in ["https://api.imgur.com/3", "https://I.IMGUR.COM./3", "https://imgur.com"] {
            assert!(on(imgur).is_none(), "{imgur}");
        }
        assert!(on("http://imgur.com.example/3").is_some());
    }

    #[cfg(unix)]
    #[test]
    fn a_worker_process_gets_a_folder_whose_name_is_not_unicode() {
        use std::os::unix::ffi::OsStringExt;
        let folder = OsString::from_vec(b"caf\xe9".to_vec());
        let out = OsString::from("--out");
        let arguments = [out, folder.clone()].into_iter();
        let json = serde_json::to_string(&Options::read("03-processes", Some(2), arguments));
        let options: Options = serde_json::from_str(&json.unwrap()).unwrap();
        assert_eq!(options.out.into_os_string(), folder);
    }
}
