//! Task NN, TITLE: what the student begins with, and what is wrong with it.

use exercises::{Error, blocking};

pub fn main() -> Result<(), Error> {
    for link in blocking::album()? {
        // TODO: save each image.
        blocking::download(&link)?;
    }
    Ok(())
}
