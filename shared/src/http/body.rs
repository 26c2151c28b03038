//! The body of a response on its way to a file or into memory: decoded, counted and limited.
//!
//! Both clients pass on the bytes as they arrive. Because they are decoded here, in one place, the
//! four programs save the same files.

use crate::error::{Error, ErrorKind};
use flate2::write::MultiGzDecoder;
use http::{HeaderMap, header};
use std::io::{self, Write};

/// The value of `Accept-Encoding` in every request.
pub const ACCEPT_ENCODING: &str = "gzip";

/// A writer that decodes a body as the response's headers say, and writes the result to `W`.
///
/// ```
/// use shared::http::body::Decoder;
///
/// let mut decoder = Decoder::new(Vec::new(), &Default::default(), 1000)?;
/// decoder.write(b"not compressed")?;
/// assert_eq!(decoder.finish()?, b"not compressed");
/// # Ok::<(), shared::Error>(())
/// ```
#[derive(Debug)]
pub struct Decoder<W: Write>(Encoding<W>);

#[derive(Debug)]
enum Encoding<W: Write> {
    Plain(Limited<W>),
    Gzip(Box<MultiGzDecoder<Limited<W>>>),
}

impl<W: Write> Decoder<W> {
    /// Writes at most `max` decoded bytes to `to`.
    ///
    /// # Errors
    /// If the body has an encoding other than gzip.
    pub fn new(to: W, headers: &HeaderMap, max: u64) -> Result<Self, Error> {
        let to = Limited { to, written: 0, max, error: None };
        let encoding = headers.get(header::CONTENT_ENCODING);
        let encoding =
            encoding.map_or("", |value| value.to_str().unwrap_or("?")).trim().to_lowercase();
        match encoding.as_str() {
            "" | "identity" => Ok(Self(Encoding::Plain(to))),
            "gzip" | "x-gzip" => Ok(Self(Encoding::Gzip(Box::new(MultiGzDecoder::new(to))))),
            _ => Err(undecodable("the body cannot be decoded: its encoding is unknown")),
        }
    }

    /// How many decoded bytes have been written so far.
    pub fn written(&self) -> u64 {
        match &self.0 {
            Encoding::Plain(to) => to.written,
            Encoding::Gzip(decoder) => decoder.get_ref().written,
        }
    }

    /// Decodes and writes the next bytes of the body, as they arrived.
    ///
    /// # Errors
    /// If they cannot be decoded, exceed the maximum, or cannot be written.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        match &mut self.0 {
            Encoding::Plain(to) => to.write_all(bytes).map_err(|_| to.error()),
            Encoding::Gzip(decoder) => {
                decoder.write_all(bytes).map_err(|_| decoder.get_mut().error())
            }
        }
    }

    /// Ends the body and returns the writer.
    ///
    /// # Errors
    /// If the body ends too early.
    pub fn finish(self) -> Result<W, Error> {
        let to = match self.0 {
            Encoding::Plain(to) => to,
            Encoding::Gzip(mut decoder) => match decoder.try_finish() {
                Ok(()) => decoder.finish().map_err(|_| corrupt())?,
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    return Err(Error::new(ErrorKind::Incomplete, "the body was cut short"));
                }
                Err(_) => return Err(decoder.get_mut().error()),
            },
        };
        Ok(to.to)
    }
}

/// Writes at most `max` bytes to `to`, and remembers why it stopped.
#[derive(Debug)]
struct Limited<W> {
    to: W,
    written: u64,
    max: u64,
    error: Option<Error>,
}

impl<W> Limited<W> {
    /// The error that stopped this writer, or else the decoder before it.
    fn error(&mut self) -> Error {
        self.error.take().unwrap_or_else(corrupt)
    }
}

impl<W: Write> Write for Limited<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.written + bytes.len() as u64 > self.max {
            let message = format!("larger than {} MiB", self.max >> 20);
            self.error = Some(Error::new(ErrorKind::Content, message));
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        match self.to.write(bytes) {
            Ok(written) => {
                self.written += written as u64;
                Ok(written)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                let kind = error.kind();
                self.error = Some(Error::disk(error));
                Err(kind.into())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

fn corrupt() -> Error {
    undecodable("the body cannot be decoded")
}

fn undecodable(message: &str) -> Error {
    Error::new(ErrorKind::Protocol, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};

    #[test]
    fn a_compressed_body_that_ends_early_is_cut_short() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&[7; 500]).unwrap();
        let zipped = encoder.finish().unwrap();
        let mut headers = HeaderMap::new();
        headers.extend([(header::CONTENT_ENCODING, "gzip".parse().unwrap())]);
        let decode = |bytes: &[u8]| {
            let mut body = Decoder::new(Vec::new(), &headers, 1000)?;
            body.write(bytes)?;
            body.finish()
        };
        assert_eq!(decode(&zipped).unwrap(), vec![7; 500]);
        for end in [1, 9, 15, zipped.len() - 9] {
            let error = decode(&zipped[..end]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Incomplete, "{end}: {error}");
        }
        assert_eq!(decode(b"no gzip at all").unwrap_err().kind(), ErrorKind::Protocol);
    }
}
