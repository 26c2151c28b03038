//! `--thumbnails`: a small copy of each image.

use crate::{fast, program};
use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage};
use practice::Server;
use std::collections::BTreeMap;
use std::io::Cursor;
use tests::{Outcome, Response, Stub};

const THUMBNAILS: &str = "downloads/thumbnails";

/// A picture whose colours differ from pixel to pixel, as a file of this format.
fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    // 256 colours: a GIF encodes them as they are, which is fast.
    let paint = |x: u32, y: u32| Rgb([(x % 16 * 16) as u8, (y % 16 * 16) as u8, 90]);
    let image = DynamicImage::from(RgbImage::from_fn(width, height, paint));
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn decoded(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(bytes).unwrap()
}

/// Width and height of each thumbnail, by name.
fn dimensions(run: &Outcome) -> BTreeMap<String, (u32, u32)> {
    let files = run.files_in(THUMBNAILS).into_iter();
    files.map(|(name, bytes)| (name, decoded(&bytes).dimensions())).collect()
}

/// The mean of each colour, from 0 to 255.
fn mean_colour(image: &DynamicImage) -> [f64; 3] {
    let image = image.to_rgb8();
    let mut sum = [0.0; 3];
    for Rgb(pixel) in image.pixels() {
        for (sum, colour) in sum.iter_mut().zip(pixel) {
            *sum += f64::from(*colour);
        }
    }
    sum.map(|sum| sum / f64::from(image.width() * image.height()))
}

/// Compares the sizes, and the mean colours of each quarter. These do not depend on the filter with
/// which the `image` crate makes an image smaller.
#[track_caller]
fn assert_is_small_copy(copy: &DynamicImage, original: &DynamicImage) {
    let (width, height) = original.dimensions();
    let scale = (256.0 / f64::from(width.max(height))).min(1.0);
    let scaled = |side: u32| (f64::from(side) * scale).round() as u32;
    assert_eq!(copy.dimensions(), (scaled(width), scaled(height)));
    for quarter in 0..4 {
        let mean = |image: &DynamicImage| {
            let (width, height) = (image.width() / 2, image.height() / 2);
            let (x, y) = (quarter % 2 * width, quarter / 2 * height);
            mean_colour(&image.crop_imm(x, y, width, height))
        };
        for (copy, original) in mean(copy).into_iter().zip(mean(original)) {
            assert!((copy - original).abs() < 3.0, "quarter {quarter}: {copy}, not {original}");
        }
    }
}

#[test]
fn each_thumbnail_shows_its_image() {
    let server = Server::start(&fast()).unwrap();
    let run = program().at(&server).args("--thumbnails --limit 6").run().exits(0);
    let (images, thumbnails) = (run.files(), run.files_in(THUMBNAILS));
    assert_eq!(thumbnails.len(), 6);
    for (name, thumbnail) in thumbnails {
        assert_is_small_copy(&decoded(&thumbnail), &decoded(&images[&name]));
    }
}

#[test]
fn the_long_side_has_at_most_256_pixels() {
    let stub = Stub::with_images([
        ("wide.png", vec![Response::ok(encoded(520, 260, ImageFormat::Png))]),
        ("high.jpg", vec![Response::ok(encoded(260, 520, ImageFormat::Jpeg))]),
        ("moves.gif", vec![Response::ok(encoded(260, 260, ImageFormat::Gif))]),
        ("line.png", vec![Response::ok(encoded(4000, 1, ImageFormat::Png))]),
        ("small.png", vec![Response::ok(encoded(20, 10, ImageFormat::Png))]),
    ]);
    let run = program().at_url(&stub.api_url()).args("--thumbnails").run().exits(0);
    let expected = [
        ("high.jpg", (128, 256)),
        ("line.png", (256, 1)),
        ("moves.gif", (256, 256)),
        ("small.png", (20, 10)),
        ("wide.png", (256, 128)),
    ];
    assert_eq!(dimensions(&run), expected.map(|(name, size)| (name.to_owned(), size)).into());
    assert!(run.files_in(THUMBNAILS)["high.jpg"].starts_with(b"\xff\xd8"), "not a JPEG");
}

/// A PNG of one pixel whose header claims 10,000 by 10,000 pixels, which take 300 MB.
fn huge_png() -> Vec<u8> {
    let mut png = encoded(1, 1, ImageFormat::Png);
    png[16..24].copy_from_slice(&[0, 0, 0x27, 0x10, 0, 0, 0x27, 0x10]);
    let mut checksum = flate2::Crc::new();
    checksum.update(&png[12..29]);
    png[29..33].copy_from_slice(&checksum.sum().to_be_bytes());
    png
}

#[test]
fn an_image_that_cannot_be_decoded_is_reported_and_is_not_a_failure() {
    let good = encoded(300, 300, ImageFormat::Png);
    let stub = Stub::with_images([
        // This file makes a debug assertion of the decoder fail.
        ("hostile.jpg", vec![Response::ok(include_bytes!("hostile.jpg"))]),
        ("video.mp4", vec![Response::ok(b"\0\0\0\x20ftypisom")]),
        ("broken.png", vec![Response::ok(&good[..900])]),
        ("huge.png", vec![Response::ok(huge_png())]),
        ("good.png", vec![Response::ok(&good)]),
    ]);
    let run = program().at_url(&stub.api_url()).args("--thumbnails --quiet").run().exits(0);
    assert_eq!(run.files().len(), 5);
    assert!(run.files_in(THUMBNAILS).contains_key("good.png"));
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    for (name, reason) in
        [("video.mp4", "PNG, JPEG or GIF"), ("huge.png", "emory limit"), ("broken.png", "")]
    {
        let reports: Vec<_> = run.stderr.lines().filter(|line| line.contains(name)).collect();
        assert_eq!(reports.len(), 1, "{}", run.stderr);
        assert!(reports[0].contains("no thumbnail") && reports[0].contains(reason), "{reports:?}");
    }
}

#[test]
fn without_the_option_there_are_no_thumbnails() {
    let stub =
        Stub::with_images([("a.png", vec![Response::ok(encoded(300, 300, ImageFormat::Png))])]);
    let run = program().at_url(&stub.api_url()).run().exits(0);
    assert!(!run.path(THUMBNAILS).exists());
}

#[test]
fn an_unusable_folder_is_an_error_before_any_image_is_requested() {
    let stub = Stub::with_images([("a.png", vec![Response::ok(encoded(9, 9, ImageFormat::Png))])]);
    let program = program().file(THUMBNAILS, "precious").at_url(&stub.api_url());
    let run = program.args("--thumbnails").run().exits(1);
    assert!(run.stderr.contains("cannot use the folder"), "{}", run.stderr);
    assert_eq!(run.files()["thumbnails"], b"precious");
    assert_eq!(stub.image_requests(), 0);
}

#[test]
fn a_thumbnail_that_cannot_be_written_is_a_failure() {
    let stub = Stub::with_images([("a.png", vec![Response::ok(encoded(9, 9, ImageFormat::Png))])]);
    let program = program().file(&format!("{THUMBNAILS}/a.png/x"), "").at_url(&stub.api_url());
    let run = program.args("--thumbnails").run().exits(1);
    assert!(run.stderr.contains("cannot write the thumbnail"), "{}", run.stderr);
}
