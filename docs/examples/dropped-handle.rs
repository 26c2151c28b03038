//! Wrong on purpose: each thread returns a `Result`, which is dropped.

use shared::{Client, Error, Setup};
use std::thread;

fn main() -> Result<(), Error> {
    let setup = Setup::from_args(env!("CARGO_BIN_NAME"), Some(5));
    let client = Client::new(&setup.options)?;
    let images = client.album(&setup.source)?.images;
    thread::scope(|scope| {
        for image in &images {
            scope.spawn(|| client.download(image, &()));
        }
    });
    println!("downloaded {} images", images.len());
    Ok(())
}
