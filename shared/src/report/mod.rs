//! The report: the outcome of each image, printed as it happens, and a summary at the end.

mod bars;
mod lane;
mod outcomes;
mod rows;
mod summary;

pub use lane::Lane;

use crate::disk::{Closed, Folder};
use crate::error::Error;
use crate::imgur::{Album, Image};
use crate::options::Options;
use crate::source::Source;
use crate::{stop, text};
use outcomes::Outcomes;
use practice::Server;
use std::io::stdin;
use std::process::{self, ExitCode};
use std::sync::Arc;

/// The report of one run. Threads and tasks share it through clones.
#[derive(Clone)]
pub struct Report(Arc<Run>);

struct Run {
    outcomes: Outcomes,
    /// The URL of the album's list of images.
    address: String,
    practice: Option<Arc<Server>>,
}

impl Report {
    /// Starts the run's clock: with `--watch`, once a page follows the practice server. A signal ends
    /// the program only after a cleanup, also during that wait.
    pub fn new(options: &Options, source: &Source) -> Self {
        let run = Arc::new(Run {
            outcomes: Outcomes::new(options),
            address: source.album_url(&options.album).to_string(),
            practice: source.practice.clone(),
        });
        // A weak reference: waiting for a signal must not keep the practice server running.
        let weak = Arc::downgrade(&run);
        stop::on_signal(move || weak.upgrade().map(|run| run.interrupt()));
        if let Some(server) = run.watched() {
            text::print_error(format_args!("waiting for the page http://{}/", server.address()));
            server.wait_for_watcher();
        }
        run.outcomes.start_clock();
        Self(run)
    }

    /// Expects an outcome for each image of the album, and returns the images.
    pub fn track(&self, album: Album) -> Vec<Image> {
        self.0.outcomes.expect(album)
    }

    /// Takes the lowest free lane for a download.
    ///
    /// ```
    /// # fn download(client: &shared::Client, image: &shared::Image, report: &shared::Report) {
    /// let lane = report.begin(image);
    /// let result = client.download(image, &lane);
    /// lane.end(result);
    /// # }
    /// ```
    pub fn begin<'a>(&'a self, image: &'a Image) -> Lane<'a> {
        Lane::new(&self.0.outcomes, image)
    }

    /// Prints the summary, draws the timeline, and returns the program's exit code: success if all
    /// images are saved and the timeline, if any, is written.
    ///
    /// With `--watch`, the page stays open until Enter is pressed or stdin ends.
    ///
    /// An image without an outcome counts as failed, with the error in `result` if there is one.
    pub fn finish(&self, result: Result<(), Error>) -> ExitCode {
        let Run { outcomes, address, practice } = &*self.0;
        let total = outcomes.elapsed();
        outcomes.clear_bars();
        outcomes.settle(result, address);
        // Removes the temporary files of workers that were killed.
        Folder::at(&outcomes.options.out).clean();
        summary::print(outcomes, practice.as_deref(), total);
        let drawn = summary::draw_timeline(outcomes, total);
        if let Err(error) = &drawn {
            text::print_error(error);
        }
        if self.0.watched().is_some() {
            text::print_error("press Enter to end");
            // An error counts as Enter, as the end of stdin does.
            drop(stdin().read_line(&mut String::new()));
        }
        let complete = outcomes.counts().failed.is_empty();
        if complete && drawn.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

impl Run {
    /// The practice server, with `--watch`.
    fn watched(&self) -> Option<&Server> {
        self.practice.as_deref().filter(|_| self.outcomes.options.watch)
    }

    /// Cleans up and prints how far the run got. No new file appears until the result is dropped.
    fn interrupt(&self) -> Closed {
        let options = &self.outcomes.options;
        let closed = Folder::at(&options.out).close();
        self.outcomes.clear_bars();
        let counts = self.outcomes.counts();
        text::print_error(format_args!(
            "stopped: {} of {} images saved in {}",
            counts.saved,
            counts.images,
            options.out.display(),
        ));
        drop(counts);
        closed
    }
}

/// Prints why the run cannot begin, as text or JSON, and ends the program.
pub(crate) fn cannot_begin(options: &Options, error: &Error) -> ! {
    let outcomes = Outcomes::new(options);
    text::print_error(error);
    outcomes.album_failed(&format!("https://imgur.com/a/{}", options.album), error);
    summary::print(&outcomes, None, outcomes.elapsed());
    process::exit(1);
}
