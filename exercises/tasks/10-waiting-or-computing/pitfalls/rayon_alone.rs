//! Uses the second way as it is: four threads, so four downloads.
//! The check says: "Waiting needs no thread"

use exercises::{Error, blocking, computing, save};
use rayon::{ThreadPoolBuilder, prelude::*};

pub fn main() -> Result<(), Error> {
    let links = blocking::album()?;
    let pool = ThreadPoolBuilder::new().num_threads(4).build().unwrap();
    pool.install(|| {
        links.par_iter().try_for_each(|link| {
            let image = blocking::download(link)?;
            save(link, &computing::thumbnail(&image)?)
        })
    })
}
