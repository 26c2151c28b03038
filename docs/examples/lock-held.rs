//! Wrong on purpose: five threads share one client behind a lock, and hold the lock too long.

// A result that is dropped may hide an error.
#![warn(unused_results)]

use rayon::ThreadPoolBuilder;
use shared::{Client, Error, Image, Report, Setup};
use std::process::ExitCode;
use std::sync::Mutex;

fn main() -> ExitCode {
    // Five threads, as in the article.
    let setup = Setup::from_args(env!("CARGO_BIN_NAME"), Some(5));
    let report = Report::new(&setup.options, &setup.source);
    report.finish(download_album(&setup, &report))
}

fn download_album(setup: &Setup, report: &Report) -> Result<(), Error> {
    let client = Client::new(&setup.options)?;
    let images = report.track(client.album(&setup.source)?);
    let client = Mutex::new(client);

    // Rayon starts the threads and keeps the queue; std can do the same in a few lines more. The pool is
    // our own, because rayon's global pool is made for computing: one thread for each core.
    let size = setup.options.workers.min(images.len());
    let pool = ThreadPoolBuilder::new().num_threads(size).build().map_err(Error::no_worker)?;
    // First in, first out: an idle thread takes the album's next image. The scope ends when all
    // images are done, so the threads may borrow what lives outside of it.
    pool.scope_fifo(|scope| {
        for image in &images {
            scope.spawn_fifo(|_| {
                let client = client.lock().unwrap();
                download_image(&client, image, report);
            });
        }
    });
    Ok(())
}

fn download_image(client: &Client, image: &Image, report: &Report) {
    // A lane is a slot among the downloads in progress. The report draws one line for each.
    let lane = report.begin(image);
    let result = client.download(image, &lane);
    lane.end(result);
}
