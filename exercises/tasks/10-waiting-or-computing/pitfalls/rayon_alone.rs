//! Uses the second way as it is: four threads, so four downloads.
//! The check says: "Waiting needs no thread"

use exercises::{Fault, blocking, computing, save};
use rayon::{ThreadPoolBuilder, prelude::*};

pub fn main() -> Result<(), Fault> {
    let links = blocking::album()?;
    let pool = ThreadPoolBuilder::new().num_threads(4).build().unwrap();
    pool.install(|| {
        links.par_iter().try_for_each(|link| {
            let image = blocking::download(link)?;
            save(link, &computing::thumbnail(&image)?)
        })
    })
}
