//! All programs report the failures of the practice album `trouble` in the same words.

use crate::{fast, program};
use practice::{Server, TROUBLE};

/// The images that fail, with the whole message, in album order.
const FAILED: [(&str, &str); 11] = [
    ("not-found.png", "404 Not Found"),
    ("gone.png", "410 Gone"),
    ("always-down.png", "503 Service Unavailable (2 attempts)"),
    ("cut-short.png", "the body was cut short (2 attempts)"),
    ("half-of-it.png", "received 12018 bytes, the album says 24036 (2 attempts)"),
    ("chunks-cut.png", "the body was cut short (2 attempts)"),
    ("a-page.png", "received an HTML page instead of an image"),
    ("empty.png", "the image is empty"),
    ("was-removed.png", "the image was removed"),
    ("goes-silent.png", "timeout: no data for 1 s (2 attempts)"),
    ("ftp.png", "the link is neither http nor https"),
];

/// The files that are saved, sorted.
const SAVED: [&str; 9] = [
    "%2f..%2f.hostile_[31m.png",
    "Twin.png",
    "busy-for-a-second.png",
    "has-moved.png",
    "healthy.png",
    "numbered.png",
    // Its body takes longer than the timeout, which limits only the time without data.
    "slow-but-steady.png",
    "stumbles-once.png",
    "twin-2.png",
];

#[test]
fn the_album_trouble_ends_the_same_in_all_programs() {
    let server = Server::start(&fast()).unwrap();
    let args = "--json --timeout 1 --retries 1";
    let run = program().at(&server).args(args).args(TROUBLE).run().exits(1);
    let failures = run.failures();
    let failures: Vec<_> = failures.iter().map(|(name, why)| (&**name, &**why)).collect();
    assert_eq!(failures, FAILED);
    assert_eq!(run.file_names(), SAVED);
    assert_eq!(run.json()["images"], FAILED.len() + SAVED.len());
    assert_eq!(run.json()["saved"], SAVED.len());
}
