//! What every program does before it begins: read the command line, find the album's server.

use crate::credentials::Source;
use crate::fault::Fault;
use crate::limits;
use crate::options::{Options, is_imgur};
use crate::report::Report;
use crate::text::complain;
use crate::timeline::Target;
use std::process;

/// All that a program needs to know about its run.
#[derive(Clone)]
pub struct Setup {
    /// What it was asked to do.
    pub options: Options,
    /// Where the album comes from.
    pub source: Source,
    /// How many workers there will be: as many as were asked for, or fewer if the system allows
    /// no more.
    pub workers: usize,
}

impl Setup {
    /// Reads the command line and the credentials. `workers` is the default of `--workers`;
    /// without it there is no such option, and one worker.
    ///
    /// Wrong usage and wrong credentials are reported, and end the program.
    pub fn from_args(model: &'static str, workers: Option<usize>) -> Self {
        let mut options = Options::read(model, workers, std::env::args_os().skip(1));
        let source =
            Source::find(options.practice).unwrap_or_else(|fault| refuse(&options, &fault));
        options.run = (!is_imgur(&source.api_url)).then(|| fastrand::u64(..));
        if let Some(Err(fault)) = options.timeline.as_ref().map(Target::check) {
            refuse(&options, &fault);
        }
        if let Some(server) = &source.practice {
            complain(format_args!(
                "practice mode: the albums {} and {} come from a server inside this program, http://{} (open it in a browser to watch)",
                practice::ALBUM,
                practice::TROUBLE,
                server.address(),
            ));
        }
        Self { workers: limits::within_open_files(options.workers), options, source }
    }
}

/// Nothing can begin: says why, in the ways that the options ask for, and ends the program.
fn refuse(options: &Options, fault: &Fault) -> ! {
    let address = format!("https://imgur.com/a/{}", options.album);
    // Nor is there anything to draw.
    let options = Options { timeline: None, ..options.clone() };
    let _failure = Report::of(&options, address, None).refuse(fault);
    process::exit(1);
}
