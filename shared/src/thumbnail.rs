//! A small copy of an image: work for the processor, where a download is work for the network.

use crate::album::Image;
use crate::fault::Fault;
use crate::files::Folder;
use crate::text;
use image::error::UnsupportedErrorKind;
use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits};
use std::fs::File;
use std::io::{BufReader, Cursor};
use std::panic::catch_unwind;
use std::sync::{Condvar, Mutex, PoisonError};

/// The longer side of a thumbnail has at most this many pixels.
const LONG_SIDE: u32 = 256;
/// The most bytes that one decoded image may take: 22 million pixels in three colours.
const LARGEST: u64 = 64 << 20;

/// The bytes that are left for decoded images, for all workers of this process together.
static MEMORY: Mutex<u64> = Mutex::new(2 * LARGEST);
static GIVEN_BACK: Condvar = Condvar::new();

impl Folder {
    /// Makes the thumbnail of an image that stands in this folder, in the same format. Returns why
    /// there is none, if what came cannot be decoded.
    pub fn thumbnail(&self, image: &Image) -> Result<Option<String>, Fault> {
        let file = File::open(self.path(image))
            .map_err(|error| Fault::lasting(format!("cannot read what was saved: {error}")))?;
        // A mistake in a decoder spoils one thumbnail, and no download.
        match catch_unwind(|| shrink(file)) {
            Ok(Ok(small)) => self.keep_thumbnail(image, &small).map(|()| None),
            Ok(Err(error)) => Ok(Some(reason(&error))),
            Err(_) => Ok(Some("it cannot be decoded".into())),
        }
    }
}

/// Decodes, scales and encodes.
fn shrink(file: File) -> Result<Vec<u8>, ImageError> {
    let reader = ImageReader::new(BufReader::new(file)).with_guessed_format()?;
    let format = reader.format();
    let mut decoder = reader.into_decoder()?;
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(LARGEST);
    limits.reserve(decoder.total_bytes())?;
    decoder.set_limits(limits)?;
    let _memory = Memory::take(decoder.total_bytes());
    let orientation = decoder.orientation()?;
    let mut image = DynamicImage::from_decoder(decoder)?;
    if image.width().max(image.height()) > LONG_SIDE {
        image = image.thumbnail(LONG_SIDE, LONG_SIDE);
    }
    image.apply_orientation(orientation);
    let mut small = Cursor::new(Vec::new());
    image.write_to(&mut small, format.expect("it has a decoder"))?;
    Ok(small.into_inner())
}

fn reason(error: &ImageError) -> String {
    match error {
        ImageError::Unsupported(what) if matches!(what.kind(), UnsupportedErrorKind::Format(_)) => {
            "it is no PNG, JPEG or GIF".into()
        }
        error => text::excerpt(&error.to_string()),
    }
}

/// A part of [`MEMORY`], given back when this is dropped.
struct Memory(u64);

impl Memory {
    /// Waits until there is as much left. It is at most [`LARGEST`].
    fn take(bytes: u64) -> Self {
        let left = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
        let enough = GIVEN_BACK.wait_while(left, |left| *left < bytes);
        *enough.unwrap_or_else(PoisonError::into_inner) -= bytes;
        Self(bytes)
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        *MEMORY.lock().unwrap_or_else(PoisonError::into_inner) += self.0;
        GIVEN_BACK.notify_all();
    }
}
