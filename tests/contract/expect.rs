//! Expectations about one image that comes between two healthy ones.

use crate::program;
use tests::{Outcome, Response, Stub, fake_image};

/// The length of [`body`], in bytes.
pub const SIZE: usize = 3_000;

/// The intact body of the image in the middle.
pub fn body() -> Vec<u8> {
    fake_image(7, SIZE)
}

/// Downloads `a.png`, `b.png` and `c.png`. The stub sends `responses` to the requests for `b.png`.
fn download(responses: Vec<Response>, args: &str) -> (Outcome, Stub) {
    let healthy = || vec![Response::ok(fake_image(1, 500))];
    let images = [("a.png", healthy()), ("b.png", responses), ("c.png", healthy())];
    let stub = Stub::with_images(images);
    let run = program().at_url(&stub.api_url()).args("--json").args(args).run();
    (run, stub)
}

/// Checks that all images are saved, `b.png` after this many attempts.
#[track_caller]
pub fn saves(responses: Vec<Response>, attempts: usize) {
    let (run, stub) = download(responses, "--retries 2");
    let run = run.exits(0);
    assert_eq!(run.file_names(), ["a.png", "b.png", "c.png"]);
    assert!(run.files()["b.png"] == body());
    assert_eq!(stub.requests_for("/b.png"), attempts);
}

/// Checks that only `b.png` fails, after this many attempts and with a message that contains
/// `reason`.
#[track_caller]
pub fn fails(responses: Vec<Response>, args: &str, attempts: usize, reason: &str) {
    let (run, stub) = download(responses, args);
    let run = run.exits(1);
    let failures = run.failures();
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert_eq!(failures[0].0, "b.png");
    assert!(failures[0].1.contains(reason), "{failures:?} does not contain {reason}");
    assert!(run.stderr.contains(&stub.link("b.png")), "{}", run.stderr);
    assert_eq!(run.file_names(), ["a.png", "c.png"]);
    assert_eq!(stub.requests_for("/b.png"), attempts);
}
