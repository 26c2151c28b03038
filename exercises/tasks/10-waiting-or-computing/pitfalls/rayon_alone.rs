//! The second way as it stands: four threads, so four downloads at once.
//! The check says: "of your four threads"

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
