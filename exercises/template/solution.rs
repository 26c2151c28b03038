//! Task NN, TITLE: a correct submission, with comments that say why.

use exercises::{Fault, blocking, save};

pub fn main() -> Result<(), Fault> {
    for link in blocking::album()? {
        let image = blocking::download(&link)?;
        save(&link, &image)?;
    }
    Ok(())
}
