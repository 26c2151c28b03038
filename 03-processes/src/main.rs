//! A pool of worker processes: they share nothing, so images are sent to them through pipes.

// A result that is dropped may hide an error.
#![warn(unused_results)]

mod pool;
mod worker;

use pool::{Pool, WorkerHandle};
use shared::{Client, Error, Image, Report, Setup};
use std::process::ExitCode;
use std::thread::available_parallelism;

fn main() -> ExitCode {
    // The workers are this program, started once more in another role.
    if worker::is_worker() {
        return worker::work();
    }
    // As many workers as cores, as in the article, though downloads wait and do not compute.
    let cores = available_parallelism().map_or(1, usize::from);
    let setup = Setup::for_processes(env!("CARGO_BIN_NAME"), cores);
    let report = Report::new(&setup.options, &setup.source);
    report.finish(download_album(&setup, &report))
}

fn download_album(setup: &Setup, report: &Report) -> Result<(), Error> {
    let client = Client::new(&setup.options)?;
    let images = report.track(client.album(&setup.source)?);

    let pool = Pool::start(&setup.options, setup.options.workers.min(images.len()))?;
    // An idle worker gets the album's next image.
    pool.for_each(&images, |worker, image| download_image(worker, image, report))
}

fn download_image(worker: &mut WorkerHandle, image: &Image, report: &Report) {
    // A lane is a slot among the downloads in progress. The report draws one line for each.
    let lane = report.begin(image);
    let result = worker.download(image, &lane);
    lane.end(result);
}
