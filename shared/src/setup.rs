//! What every program does first: read the command line and find the album's server.

use crate::error::Error;
use crate::open_files::{self, Needs};
use crate::options::{Options, RunId};
use crate::report;
use crate::source::Source;
use crate::text;
use crate::timeline::Target;
use std::env;
use url::Host;

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
        // A worker has its connection.
        Self::read(model, workers, Needs { per_worker: 1, saves_images: true })
    }

    /// Like [`from_args`](Self::from_args), for a program whose workers are processes: it has two
    /// pipes to each of them, and they save the images.
    pub fn for_processes(model: &str, workers: usize) -> Self {
        Self::read(model, Some(workers), Needs { per_worker: 2, saves_images: false })
    }

    fn read(model: &str, workers: Option<usize>, mut needs: Needs) -> Self {
        let mut options = Options::read(model, workers, env::args_os().skip(1));
        let source = match prepare(&options) {
            Ok(source) => source,
            Err(error) => report::cannot_begin(&options, &error),
        };
        options.run = RunId::on(&source.api_url);
        // The practice server has the other end of each connection. Elsewhere, a host's name is
        // looked up, unless the server is given by its address.
        if source.practice.is_some() || matches!(source.api_url.host(), Some(Host::Domain(_))) {
            needs.per_worker += 1;
        }
        options.workers = open_files::limit_workers(options.workers, needs);
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
