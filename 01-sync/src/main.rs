//! One image after another: each waits until the one before it is saved.

// A result that is dropped may hide an error.
#![warn(unused_results)]

use shared::{Client, Error, Image, Report, Setup};
use std::process::ExitCode;

fn main() -> ExitCode {
    let setup = Setup::from_args(env!("CARGO_BIN_NAME"), None);
    let report = Report::new(&setup.options, &setup.source);
    report.finish(download_album(&setup, &report))
}

fn download_album(setup: &Setup, report: &Report) -> Result<(), Error> {
    let client = Client::new(&setup.options)?;
    let images = report.track(client.album(&setup.source)?);

    for image in &images {
        // This call returns once the image is saved, or has failed. Until then nothing else happens.
        download_image(&client, image, report);
    }
    Ok(())
}

fn download_image(client: &Client, image: &Image, report: &Report) {
    // A lane is a slot among the downloads in progress. The report draws one line for each.
    let lane = report.begin(image);
    let result = client.download(image, &lane);
    lane.end(result);
}
