//! Thumbnails: work for the processor, where a download is work for the network.

use super::Folder;
use crate::error::{Error, ErrorKind};
use crate::imgur::Image;
use crate::text;
use image::error::UnsupportedErrorKind;
use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits};
use std::fs::File;
use std::io::{BufReader, Cursor};
use std::panic::catch_unwind;
use std::sync::{Condvar, Mutex, PoisonError};

/// The longer side of a thumbnail, in pixels, at most.
const MAX_SIDE: u32 = 256;
/// The memory that one decoded image may take, in bytes: 22 million pixels in three colours.
const MAX_DECODED: u64 = 64 << 20;

/// The bytes that are left for decoded images, for all workers of this process together.
static FREE: Mutex<u64> = Mutex::new(2 * MAX_DECODED);
static FREED: Condvar = Condvar::new();

impl Folder {
    /// Makes the thumbnail of an image that is saved in this folder, in the same format. Returns the
    /// reason if the image cannot be decoded.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn thumbnail(&self, image: &Image) -> Result<Option<String>, Error> {
        let file = File::open(self.path(image)).map_err(|error| {
            let message = format!("cannot read the saved image: {error}");
            Error::new(ErrorKind::Disk, message).with_source(error)
        })?;
        // A bug in a decoder costs one thumbnail, not the download.
        match catch_unwind(|| shrink(file)) {
            Ok(Ok(small)) => self.keep_thumbnail(image, &small).map(|()| None),
            Ok(Err(error)) => Ok(Some(reason(&error))),
            Err(_) => Ok(Some("it cannot be decoded".into())),
        }
    }
}

/// Decodes, scales and encodes.
fn shrink(file: File) -> Result<Vec<u8>, ImageError> {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODED);
    let mut reader = ImageReader::new(BufReader::new(file)).with_guessed_format()?;
    // Before the decoder is made, because that reads the header, and a header can inflate to any size.
    reader.limits(limits.clone());
    let format = reader.format();
    let mut decoder = reader.into_decoder()?;
    limits.reserve(decoder.total_bytes())?;
    decoder.set_limits(limits)?;
    let _memory = Memory::take(decoder.total_bytes());
    let orientation = decoder.orientation()?;
    let mut image = DynamicImage::from_decoder(decoder)?;
    if image.width().max(image.height()) > MAX_SIDE {
        image = image.thumbnail(MAX_SIDE, MAX_SIDE);
    }
    image.apply_orientation(orientation);
    let mut small = Cursor::new(Vec::new());
    image.write_to(&mut small, format.expect("it has a decoder"))?;
    Ok(small.into_inner())
}

fn reason(error: &ImageError) -> String {
    match error {
        ImageError::Unsupported(what) if matches!(what.kind(), UnsupportedErrorKind::Format(_)) => {
            "it is not a PNG, JPEG or GIF".into()
        }
        error => text::excerpt(&error.to_string()),
    }
}

/// Bytes taken from [`FREE`], given back on drop.
struct Memory(u64);

impl Memory {
    /// Waits until so many bytes are free; at most [`MAX_DECODED`].
    fn take(bytes: u64) -> Self {
        let left = FREE.lock().unwrap_or_else(PoisonError::into_inner);
        let enough = FREED.wait_while(left, |left| *left < bytes);
        *enough.unwrap_or_else(PoisonError::into_inner) -= bytes;
        Self(bytes)
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        *FREE.lock().unwrap_or_else(PoisonError::into_inner) += self.0;
        FREED.notify_all();
    }
}
