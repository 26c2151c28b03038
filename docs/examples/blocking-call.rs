//! Wrong on purpose: tasks that never wait with `.await`, so they take turns.

// A result that is dropped may hide an error.
#![warn(unused_results)]

use shared::{Client, Error, Image, Report, Setup};
use std::process::ExitCode;
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    // At most 100 downloads at a time, as many as the article's library allows.
    let setup = Setup::from_args(env!("CARGO_BIN_NAME"), Some(100));
    let report = Report::new(&setup.options, &setup.source);
    report.finish(download_album(&setup, &report).await)
}

async fn download_album(setup: &Setup, report: &Report) -> Result<(), Error> {
    let client = Client::new(&setup.options)?;
    let images = report.track(client.album(&setup.source)?);

    let mut tasks = JoinSet::new();
    for image in &images {
        // A task costs next to nothing, but its connection does not: wait until one has ended.
        if tasks.len() == setup.options.workers {
            let _ended = tasks.join_next().await;
        }
        // As far as the compiler knows, a task may outlive this function, so it must own what it uses.
        let (client, image, report) = (client.clone(), image.clone(), report.clone());
        let _handle = tasks.spawn(async move {
            download_image(&client, &image, &report);
        });
    }
    // The report notices if a task panicked: its image has no result.
    while tasks.join_next().await.is_some() {}
    Ok(())
}

fn download_image(client: &Client, image: &Image, report: &Report) {
    // A lane is a slot among the downloads in progress. The report draws one line for each.
    let lane = report.begin(image);
    let result = client.download(image, &lane);
    lane.end(result);
}
