//! Task NN, TITLE: a correct submission, with comments that say why.

use exercises::{Error, blocking, save};

pub fn main() -> Result<(), Error> {
    for link in blocking::album()? {
        let image = blocking::download(&link)?;
        save(&link, &image)?;
    }
    Ok(())
}
