//! A mistake that students make, and why it is tempting.
//! The check says: "files are missing"

use exercises::{Error, blocking};

pub fn main() -> Result<(), Error> {
    for link in blocking::album()? {
        blocking::download(&link)?;
    }
    Ok(())
}
