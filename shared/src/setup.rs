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
    /// What it was asked to do.
    pub options: Options,
    /// Where the album comes from.
    pub source: Source,
}

impl Setup {
    /// Reads the command line and the credentials.
    ///
    /// `workers` is the default of `--workers`; with `None` there is no such option and one worker.
    /// Where the system allows fewer open files than the workers need, there are fewer workers.
    ///
    /// Wrong usage ends the program with exit code 2, and an unusable setup with code 1, after the
    /// reason was printed.
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
    Source::find(options.practice, options.server.as_ref())
}
