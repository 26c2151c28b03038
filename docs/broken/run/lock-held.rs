//! Wrong on purpose: five threads share one client behind a lock, and hold the lock too long.

#![warn(unused_results)]

use rayon::ThreadPoolBuilder;
use shared::{Client, Fault, Image, Report, Setup};
use std::process::ExitCode;
use std::sync::Mutex;

fn main() -> ExitCode {
    let setup = Setup::from_args(env!("CARGO_BIN_NAME"), Some(5));
    let report = Report::new(&setup);
    let result = download_album(&setup, &report);
    report.finish(result)
}

fn download_album(setup: &Setup, report: &Report) -> Result<(), Fault> {
    let client = Client::new(&setup.options)?;
    let images = report.track(client.album(&setup.source)?);
    let client = Mutex::new(client);

    // A pool of our own: the global one is made for computing, with a thread for each core.
    let start_pool = |threads| ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = shared::largest_possible(setup.workers.min(images.len()), start_pool)?;
    // First in, first out: an idle thread takes the album's next image.
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
    let lane = report.begin(image);
    let result = client.download(image, &lane);
    lane.end(result);
}
