//! Threads without rayon: a candidate of `05-compare --scale`.
//!
//! It downloads as `02-threads` does, with one thread per worker and a queue behind a mutex. The idle
//! threads of rayon's pool search the queues of all others for work. With thousands of threads, that
//! takes more time than the downloads.

#![warn(unused_results)]

use shared::{Client, Error, Image, Report, Setup};
use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;

fn main() -> ExitCode {
    let setup = Setup::from_args(env!("CARGO_BIN_NAME"), Some(5));
    let report = Report::new(&setup.options, &setup.source);
    report.finish(download_album(&setup, &report))
}

fn download_album(setup: &Setup, report: &Report) -> Result<(), Error> {
    let client = Client::new(&setup.options)?;
    let images = report.track(client.album(&setup.source)?);
    let queue = Mutex::new(images.iter());
    let next_image = || queue.lock().unwrap().next();
    let work = || {
        while let Some(image) = next_image() {
            download_image(&client, image, report);
        }
    };
    thread::scope(|scope| {
        for _ in 0..setup.options.workers.min(images.len()) {
            // `scope.spawn` would panic if the system refused another thread.
            let _worker =
                thread::Builder::new().spawn_scoped(scope, work).map_err(Error::no_worker)?;
        }
        Ok(())
    })
}

fn download_image(client: &Client, image: &Image, report: &Report) {
    let lane = report.begin(image);
    let result = client.download(image, &lane);
    lane.end(result);
}
