//! What every program does first: read the command line and find the album's server.

use crate::error::Error;
use crate::open_files;
use crate::options::{Options, RunId};
use crate::report;
use crate::source::Source;
use crate::text;
use crate::timeline::Target;
use std::env;

/// What a program needs to know about its run.
pub struct Setup {
    /// The options from the command line.
    pub options: Options,
    /// Where the album comes from.
    pub source: Source,
}

impl Setup {
    /// Reads the command line and the credentials.
    ///
    /// `workers` is the default of `--workers`; with `None`, the program does not have this option
    /// and uses one worker. If the system allows too few open files for all workers, there are
    /// fewer.
    ///
    /// Wrong usage ends the program with exit code 2, and an unusable setup with code 1. Both print
    /// the reason.
    ///
    /// ```no_run
    /// let setup = shared::Setup::from_args("02-threads", Some(5));
    /// println!("{} workers", setup.options.workers);
    /// ```
    pub fn from_args(model: &str, workers: Option<usize>) -> Self {
        let mut options = Options::read(model, workers, env::args_os().skip(1));
        let source = match prepare(&options) {
            Ok(source) => source,
            Err(error) => report::cannot_begin(&options, &error),
        };
        options.run = RunId::on(&source.api_url);
        options.workers = open_files::limit_workers(options.workers);
        if let Some(server) = &source.practice {
            text::print_error(format_args!(
                "practice mode: the albums {} and {} come from a server inside this program, http://{}",
                practice::ALBUM,
                practice::TROUBLE,
                server.address(),
            ));
        }
        Self { options, source }
    }
}

fn prepare(options: &Options) -> Result<Source, Error> {
    options.timeline.as_ref().map_or(Ok(()), Target::check)?;
    if options.watch {
        return Source::watched(options.practice);
    }
    Source::find(options.practice, options.server.as_ref())
}
