//! A mistake that students make, and why it is tempting.
//! The check says: "images are missing"

use exercises::{Fault, blocking};

pub fn main() -> Result<(), Fault> {
    for link in blocking::album()? {
        blocking::download(&link)?;
    }
    Ok(())
}
