//! Thumbnails: work for the processor, where a download is work for the network.

use super::Folder;
use crate::error::{Error, ErrorKind};
use crate::imgur::Image;
use crate::open_files::OpenImage;
use crate::text;
use image::error::UnsupportedErrorKind;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use std::cell::Cell;
use std::fs::File;
use std::io::{BufReader, Cursor};
use std::panic::{self, UnwindSafe};
use std::sync::{Condvar, Mutex, Once, PoisonError};
use std::thread;

/// Maximum length of a thumbnail's longer side, in pixels.
const MAX_SIDE: u32 = 256;
/// Maximum memory for one decoded image, in bytes: enough for 22 million pixels in three colours.
const MAX_DECODED: u64 = 64 << 20;

/// Bytes that are still free for decoded images, for all workers of this process together.
static FREE: Mutex<u64> = Mutex::new(2 * MAX_DECODED);
static FREED: Condvar = Condvar::new();

thread_local! {
    /// Whether this thread is running a decoder.
    static DECODING: Cell<bool> = const { Cell::new(false) };
}

impl Folder {
    /// Makes the thumbnail of an image that is saved in this folder, in the same format. Returns
    /// the reason if the image cannot be decoded.
    ///
    /// # Errors
    /// If the image cannot be read, or the thumbnail cannot be written.
    pub fn thumbnail(&self, image: &Image) -> Result<Option<String>, Error> {
        let _open = OpenImage::wait();
        let file = File::open(self.path(image)).map_err(|error| {
            let message = format!("cannot read the saved image: {error}");
            Error::new(ErrorKind::Disk, message).with_source(error)
        })?;
        // A panic in a decoder costs one thumbnail, not the download.
        match catch_silently(|| shrink(file)) {
            Ok(Ok(small)) => self.keep_thumbnail(image, &small).map(|()| None),
            Ok(Err(error)) => Ok(Some(reason(&error))),
            Err(_) => Ok(Some("it cannot be decoded".into())),
        }
    }
}

/// A decoder for the image in a file. It uses at most [`MAX_DECODED`] bytes of memory.
fn decoder(file: File) -> Result<(impl ImageDecoder, ImageFormat), ImageError> {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODED);
    let mut reader = ImageReader::new(BufReader::new(file)).with_guessed_format()?;
    // Set before the decoder is created, which reads the header: that can inflate to any size.
    reader.limits(limits.clone());
    let format = reader.format();
    let mut decoder = reader.into_decoder()?;
    limits.reserve(decoder.total_bytes())?;
    decoder.set_limits(limits)?;
    Ok((decoder, format.expect("it has a decoder")))
}

/// Decodes an image, makes it small, and encodes it in the same format.
fn shrink(file: File) -> Result<Vec<u8>, ImageError> {
    let (mut decoder, format) = decoder(file)?;
    let _memory = Memory::take(decoder.total_bytes());
    let orientation = decoder.orientation()?;
    let mut image = DynamicImage::from_decoder(decoder)?;
    if image.width().max(image.height()) > MAX_SIDE {
        image = image.thumbnail(MAX_SIDE, MAX_SIDE);
    }
    image.apply_orientation(orientation);
    let mut small = Cursor::new(Vec::new());
    image.write_to(&mut small, format)?;
    Ok(small.into_inner())
}

/// Runs a decoder. A panic becomes an error, and nothing about it is printed on stderr.
fn catch_silently<T>(decode: impl FnOnce() -> T + UnwindSafe) -> thread::Result<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !DECODING.get() {
                print(panic);
            }
        }));
    });
    DECODING.set(true);
    let result = panic::catch_unwind(decode);
    DECODING.set(false);
    result
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
    /// Waits until `bytes`, at most [`MAX_DECODED`], are free.
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

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::write::ZlibEncoder;
    use flate2::{Compression, Crc};
    use std::io::{Seek, Write};
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    /// A PNG of one pixel whose colour profile inflates to 100 MiB.
    fn inflating_png() -> Vec<u8> {
        let mut profile = ZlibEncoder::new(b"x\0\0".to_vec(), Compression::fast());
        for _ in 0..100 {
            profile.write_all(&vec![0; 1 << 20]).unwrap();
        }
        let profile = profile.finish().unwrap();
        let mut png = Cursor::new(Vec::new());
        DynamicImage::new_rgb8(1, 1).write_to(&mut png, ImageFormat::Png).unwrap();
        let mut png = png.into_inner();
        let mut chunk = [b"iCCP", &profile[..]].concat();
        let mut checksum = Crc::new();
        checksum.update(&chunk);
        chunk.splice(0..0, (profile.len() as u32).to_be_bytes());
        chunk.extend(checksum.sum().to_be_bytes());
        // After the signature and the first chunk.
        png.splice(33..33, chunk);
        png
    }

    #[test]
    fn a_header_cannot_take_more_memory_than_an_image() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&inflating_png()).unwrap();
        file.rewind().unwrap();
        let (mut decoder, _) = decoder(file).unwrap();
        assert_eq!(decoder.icc_profile().unwrap(), None, "a decoder without a limit has read it");
    }

    #[test]
    fn only_panics_of_decoders_are_silent() {
        static PRINTED: AtomicUsize = AtomicUsize::new(0);
        panic::set_hook(Box::new(|_| {
            PRINTED.fetch_add(1, Relaxed);
        }));
        assert!(catch_silently(|| panic!("a decoder")).is_err());
        assert_eq!(PRINTED.load(Relaxed), 0);
        assert!(panic::catch_unwind(|| panic!("something else")).is_err());
        assert_eq!(PRINTED.load(Relaxed), 1);
        assert_eq!(catch_silently(|| 7).unwrap(), 7);
    }
}
