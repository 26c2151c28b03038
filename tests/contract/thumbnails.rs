//! Small copies of the images, made by whoever downloaded them.

use crate::practice_mode::fast;
use crate::program;
use base64::prelude::{BASE64_STANDARD, Engine};
use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage};
use practice::Server;
use std::io::Cursor;
use tests::{Answer, Outcome, Stub};

const THUMBNAILS: &str = "downloads/thumbnails";
const STRANGE: &str = "/9j/4AAQSkZNRgABAgAAAQABAAD/wAALCAARACEBAREA/9sAQwAIBgYHBgUIBwcHCQkICgwUDQwLCwwZEhMPFB0aHx4dGhwcICQuJyAiLCMcHCg3KSwwMTQ0NB8nOT04MjwuMzQy/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaUII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKXmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AP+4tKz/AA1ei0n/AGavRaP/ALNXotGz/DVj+xP9mpINLzj5a0oNJzj5avLpyxkDZlvSrMWmyP7D24qbgBP9ms637Vq2/an2/atW37VBX//Z";

fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let paint = |x: u32, y: u32| Rgb([(x % 256) as u8, (y % 256) as u8, 90]);
    let image = DynamicImage::from(RgbImage::from_fn(width, height, paint));
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn size(run: &Outcome, name: &str) -> (u32, u32) {
    let bytes = &run.files_in(THUMBNAILS)[name];
    image::load_from_memory(bytes).unwrap().dimensions()
}

#[test]
fn every_program_makes_the_same() {
    let server = Server::start(&fast()).unwrap();
    let run = program().at(&server).args("--thumbnails").run().exits(0);
    let small = run.files_in(THUMBNAILS);
    assert_eq!(small.keys().collect::<Vec<_>>(), run.files().keys().collect::<Vec<_>>());
    // The same number for each of the four; it changes with the `image` crate.
    let sum = small
        .values()
        .flatten()
        .fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(*byte)));
    assert_eq!(sum, 106_753_836);
}

#[test]
fn the_long_side_has_at_most_256_pixels() {
    let stub = Stub::with([
        ("wide.png", vec![Answer::ok(encoded(1000, 500, ImageFormat::Png))]),
        ("high.jpg", vec![Answer::ok(encoded(300, 600, ImageFormat::Jpeg))]),
        ("moves.gif", vec![Answer::ok(encoded(512, 512, ImageFormat::Gif))]),
        ("line.png", vec![Answer::ok(encoded(4000, 1, ImageFormat::Png))]),
        ("small.png", vec![Answer::ok(encoded(20, 10, ImageFormat::Png))]),
    ]);
    let run = program().at_url(&stub.api_url()).args("--thumbnails").run().exits(0);
    assert_eq!(size(&run, "wide.png"), (256, 128));
    assert_eq!(size(&run, "high.jpg"), (128, 256));
    assert_eq!(size(&run, "moves.gif"), (256, 256));
    assert_eq!(size(&run, "line.png"), (256, 1));
    assert_eq!(size(&run, "small.png"), (20, 10));
    assert!(run.files_in(THUMBNAILS)["high.jpg"].starts_with(b"\xff\xd8"), "still a JPEG");
}

#[test]
fn what_cannot_be_decoded_is_said_and_is_no_failure() {
    let mut broken = encoded(300, 300, ImageFormat::Png);
    broken.truncate(900);
    // A picture of 10,000 by 10,000 pixels, or so it says, with a proper checksum: 300 MB.
    let mut huge = encoded(1, 1, ImageFormat::Png);
    huge[16..24].copy_from_slice(&[0, 0, 0x27, 0x10, 0, 0, 0x27, 0x10]);
    let mut sum = flate2::Crc::new();
    sum.update(&huge[12..29]);
    huge[29..33].copy_from_slice(&sum.sum().to_be_bytes());
    // Found by trying: it meets an assertion in the decoder.
    let strange = BASE64_STANDARD.decode(STRANGE).unwrap();
    let stub = Stub::with([
        ("strange.jpg", vec![Answer::ok(strange)]),
        ("video.mp4", vec![Answer::ok(b"\0\0\0\x20ftypisom")]),
        ("broken.png", vec![Answer::ok(broken)]),
        ("huge.png", vec![Answer::ok(huge)]),
        ("good.png", vec![Answer::ok(encoded(300, 300, ImageFormat::Png))]),
    ]);
    let run = program().at_url(&stub.api_url()).args("--thumbnails --quiet").run().exits(0);
    assert_eq!(run.files().len(), 5);
    assert!(run.files_in(THUMBNAILS).contains_key("good.png"));
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    for (name, reason) in [("video.mp4", "not a PNG, JPEG or GIF"), ("huge.png", "emory limit")] {
        let said = run.stderr.lines().find(|line| line.contains(name)).unwrap_or_default();
        assert!(said.contains(reason), "{said}");
    }
    for name in ["video.mp4", "broken.png", "huge.png"] {
        let said = run
            .stderr
            .lines()
            .filter(|line| line.starts_with("no thumbnail of ") && line.contains(name));
        assert_eq!(said.count(), 1, "{}", run.stderr);
    }
}

#[test]
fn without_the_option_there_are_none() {
    let stub = Stub::with([("a.png", vec![Answer::ok(encoded(300, 300, ImageFormat::Png))])]);
    let run = program().at_url(&stub.api_url()).run().exits(0);
    assert!(!run.path(THUMBNAILS).exists());
}

#[test]
fn a_folder_for_them_that_cannot_be_made_is_found_out_first() {
    let stub = Stub::with([("a.png", vec![Answer::ok(encoded(9, 9, ImageFormat::Png))])]);
    let program = program().file(THUMBNAILS, "precious").at_url(&stub.api_url());
    let run = program.args("--thumbnails").run().exits(1);
    assert!(run.stderr.contains("cannot use the folder"), "{}", run.stderr);
    assert_eq!(run.files()["thumbnails"], b"precious");
    assert_eq!(stub.image_times(), 0);
}

#[test]
fn a_thumbnail_that_cannot_be_written_is_a_failure() {
    let stub = Stub::with([("a.png", vec![Answer::ok(encoded(9, 9, ImageFormat::Png))])]);
    let program = program().file(&format!("{THUMBNAILS}/a.png/x"), "").at_url(&stub.api_url());
    let run = program.args("--thumbnails").run().exits(1);
    assert!(run.stderr.contains("cannot write the thumbnail"), "{}", run.stderr);
}
