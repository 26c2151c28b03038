//! Task NN, TITLE: what the student begins with, and what is wrong with it.

use exercises::{Fault, blocking};

pub fn main() -> Result<(), Fault> {
    for link in blocking::album()? {
        // TODO: save each image.
        blocking::download(&link)?;
    }
    Ok(())
}
