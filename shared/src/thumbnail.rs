//! A small copy of an image: work for the processor, where a download is work for the network.

use crate::album::Image;
use crate::fault::Fault;
use crate::files::Folder;
use crate::text;
use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits};
use std::io::Cursor;
use std::path::Path;

/// The longer side of a thumbnail has at most this many pixels.
const LONG_SIDE: u32 = 256;
/// The most memory that decoding may take: enough for 80 million pixels.
const MEMORY: u64 = 256 << 20;

impl Folder {
    /// Makes the thumbnail of an image that stands in this folder, in the same format. Returns why
    /// there is none, if what came cannot be decoded.
    pub fn thumbnail(&self, image: &Image) -> Result<Option<String>, Fault> {
        match shrink(&self.path(image)) {
            Ok(small) => self.keep_thumbnail(image, &small).map(|()| None),
            Err(error) => Ok(Some(reason(&error))),
        }
    }
}

/// Decodes, scales and encodes.
fn shrink(path: &Path) -> Result<Vec<u8>, ImageError> {
    let reader = ImageReader::open(path)?.with_guessed_format()?;
    let format = reader.format();
    let mut decoder = reader.into_decoder()?;
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MEMORY);
    limits.reserve(decoder.total_bytes())?;
    decoder.set_limits(limits)?;
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
        ImageError::Unsupported(_) => "it is no PNG, JPEG or GIF".into(),
        error => text::excerpt(&error.to_string()),
    }
}
