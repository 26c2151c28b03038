//! The body of a response on its way to a file or into memory: decoded, counted and limited.
//!
//! Both clients pass on the bytes as they arrive. All bodies are decoded here, in one place, to
//! make sure that the four programs save the same files.

use super::response;
use crate::error::{Error, ErrorKind};
use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use http::{HeaderMap, header};
use std::io::{self, Write};

/// The value of `Accept-Encoding` in every request.
pub const ACCEPT_ENCODING: &str = "gzip";

/// Maximum number of a body's first bytes that are kept: enough to recognise an HTML page or JSON.
const MAX_FIRST_BYTES: usize = 16;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

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
pub struct Decoder<W: Write>(State<W>);

enum State<W: Write> {
    Plain(Limited<W>),
    /// Encoded with "deflate", and nothing has arrived yet. The first byte tells which of the two
    /// formats it is. `None` only while `write` replaces this state.
    Deflate(Option<Limited<W>>),
    Encoded(Box<dyn Encoding<W> + Send>),
}

/// What the decoders of flate2 have in common.
trait Encoding<W>: Write {
    fn to(&self) -> &Limited<W>;
    fn to_mut(&mut self) -> &mut Limited<W>;
    fn end(&mut self) -> io::Result<()>;
    fn into_to(self: Box<Self>) -> io::Result<Limited<W>>;
}

macro_rules! encodings {
    ($($decoder:ident)*) => {
        $(impl<W: Write> Encoding<W> for $decoder<Limited<W>> {
            fn to(&self) -> &Limited<W> {
                self.get_ref()
            }

            fn to_mut(&mut self) -> &mut Limited<W> {
                self.get_mut()
            }

            fn end(&mut self) -> io::Result<()> {
                self.try_finish()
            }

            fn into_to(self: Box<Self>) -> io::Result<Limited<W>> {
                self.finish()
            }
        })*
    };
}

encodings!(MultiGzDecoder ZlibDecoder DeflateDecoder);

impl<W: Write + Send + 'static> Decoder<W> {
    /// A decoder that writes to `to`. More than `max` decoded bytes are an error.
    ///
    /// # Errors
    /// If the headers name an encoding other than gzip or deflate, or more than one.
    pub fn new(to: W, headers: &HeaderMap, max: u64) -> Result<Self, Error> {
        let to = Limited { to, written: 0, first_bytes: Vec::new(), max, error: None };
        match encodings(headers).as_slice() {
            [] => Ok(Self(State::Plain(to))),
            [gzip] if gzip == "gzip" || gzip == "x-gzip" => {
                Ok(Self(State::Encoded(Box::new(MultiGzDecoder::new(to)))))
            }
            [deflate] if deflate == "deflate" => Ok(Self(State::Deflate(Some(to)))),
            _ => Err(undecodable("the body cannot be decoded: its encoding is unknown")),
        }
    }

    /// How many decoded bytes have been written so far.
    pub fn written(&self) -> u64 {
        match &self.0 {
            State::Plain(to) => to.written,
            State::Deflate(_) => 0,
            State::Encoded(encoding) => encoding.to().written,
        }
    }

    /// Decodes and writes the next bytes of the body, as they arrived.
    ///
    /// # Errors
    /// If they cannot be decoded, exceed the maximum, or cannot be written.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if let (State::Deflate(to), Some(first)) = (&mut self.0, bytes.first()) {
            self.0 = State::Encoded(deflate(to.take().ok_or_else(corrupt)?, *first));
        }
        match &mut self.0 {
            State::Plain(to) => to.write_all(bytes).map_err(|_| to.error()),
            State::Deflate(_) => Ok(()),
            State::Encoded(encoding) => {
                encoding.write_all(bytes).map_err(|_| encoding.to_mut().error())
            }
        }
    }

    /// Ends the body and returns the writer.
    ///
    /// # Errors
    /// If the body ends too early or is corrupt.
    pub fn finish(self) -> Result<W, Error> {
        Ok(self.end()?.to)
    }

    /// Ends the body of an image and returns the writer.
    ///
    /// # Errors
    /// If the body ends too early, is corrupt, or is an HTML page or JSON.
    pub fn finish_image(self) -> Result<W, Error> {
        // This cannot be checked earlier: a decoder may hold back all of a small body until its
        // end.
        let to = self.end()?;
        response::check_first_bytes(&to.first_bytes)?;
        Ok(to.to)
    }

    fn end(self) -> Result<Limited<W>, Error> {
        match self.0 {
            State::Plain(to) => Ok(to),
            State::Deflate(to) => to.ok_or_else(corrupt),
            State::Encoded(mut encoding) => match encoding.end() {
                Ok(()) => encoding.into_to().map_err(|_| corrupt()),
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    Err(Error::new(ErrorKind::Incomplete, "the body was cut short"))
                }
                Err(_) => Err(encoding.to_mut().error()),
            },
        }
    }
}

/// The decoder for "deflate". The name means the zlib format (RFC 9110, section 8.4.1.2), but some
/// servers leave out the zlib header. The low four bits of that header's first byte are 8 (RFC
/// 1950); a bare deflate stream begins differently.
fn deflate<W: Write + Send + 'static>(to: Limited<W>, first: u8) -> Box<dyn Encoding<W> + Send> {
    if first & 0x0f == 8 {
        Box::new(ZlibDecoder::new(to))
    } else {
        Box::new(DeflateDecoder::new(to))
    }
}

/// The encodings of a body, in lower case. Several `Content-Encoding` lines count as one list.
/// Values that are not encodings, which some servers send, are ignored.
fn encodings(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(header::CONTENT_ENCODING).iter();
    lines
        .flat_map(|line| line.to_str().unwrap_or("?").split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !matches!(&**name, "" | "identity" | "none" | "binary" | "utf-8"))
        .collect()
}

/// Writes at most `max` bytes to `to`, and remembers why it stopped.
struct Limited<W> {
    to: W,
    written: u64,
    /// The first bytes, at most [`MAX_FIRST_BYTES`], after whitespace and a byte-order mark.
    first_bytes: Vec<u8>,
    max: u64,
    error: Option<Error>,
}

impl<W> Limited<W> {
    /// The error that stopped this writer. If there is none, the decoder failed: the body is
    /// corrupt.
    fn error(&mut self) -> Error {
        self.error.take().unwrap_or_else(corrupt)
    }

    fn remember_first_bytes(&mut self, bytes: &[u8]) {
        let is_blank = |byte: &u8| byte.is_ascii_whitespace() || BYTE_ORDER_MARK.contains(byte);
        let room = MAX_FIRST_BYTES - self.first_bytes.len();
        let skipped = if self.first_bytes.is_empty() {
            bytes.iter().take_while(|byte| is_blank(byte)).count()
        } else {
            0
        };
        self.first_bytes.extend(bytes[skipped..].iter().take(room));
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
                self.remember_first_bytes(&bytes[..written]);
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
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    fn decode(lines: &[&str], body: &[u8]) -> Result<Vec<u8>, ErrorKind> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::CONTENT_ENCODING, line.parse().unwrap());
        }
        let decoded = Decoder::new(Vec::new(), &headers, 1000).and_then(|mut decoder| {
            // Byte by byte, as the slowest network delivers them.
            body.chunks(1).try_for_each(|byte| decoder.write(byte))?;
            decoder.finish()
        });
        decoded.map_err(|error| error.kind())
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn gzip_and_both_kinds_of_deflate_are_decoded() {
        let body = [7; 500];
        let (mut zlib, mut raw) = (
            ZlibEncoder::new(Vec::new(), Compression::fast()),
            DeflateEncoder::new(Vec::new(), Compression::fast()),
        );
        zlib.write_all(&body).unwrap();
        raw.write_all(&body).unwrap();
        for (lines, encoded) in [
            (&["gzip"][..], gzip(&body)),
            (&["X-GZip"], gzip(&body)),
            (&["identity", "gzip"], gzip(&body)),
            (&["gzip, none"], gzip(&body)),
            (&["deflate"], zlib.finish().unwrap()),
            (&["deflate"], raw.finish().unwrap()),
            (&[], body.to_vec()),
            (&["UTF-8"], body.to_vec()),
            (&["binary", "identity"], body.to_vec()),
        ] {
            assert_eq!(decode(lines, &encoded).as_deref(), Ok(&body[..]), "{lines:?}");
        }
        assert_eq!(decode(&["deflate"], b""), Ok(vec![]));
    }

    #[test]
    fn other_encodings_and_several_are_errors() {
        for lines in
            [&["br"][..], &["gzip, gzip"], &["gzip", "deflate"], &["gzip, br"], &["\u{e4}"]]
        {
            assert_eq!(decode(lines, &gzip(b"x")), Err(ErrorKind::Protocol), "{lines:?}");
        }
    }

    #[test]
    fn a_compressed_body_that_ends_early_is_incomplete() {
        let zipped = gzip(&[7; 500]);
        for end in [1, 9, 15, zipped.len() - 9] {
            assert_eq!(decode(&["gzip"], &zipped[..end]), Err(ErrorKind::Incomplete), "{end}");
        }
        assert_eq!(decode(&["gzip"], b"no gzip at all"), Err(ErrorKind::Protocol));
    }

    #[test]
    fn the_maximum_counts_decoded_bytes() {
        assert_eq!(decode(&["gzip"], &gzip(&[7; 1000])).map(|bytes| bytes.len()), Ok(1000));
        assert_eq!(decode(&["gzip"], &gzip(&[7; 1001])), Err(ErrorKind::Content));
        assert_eq!(decode(&[], &[7; 1001]), Err(ErrorKind::Content));
    }

    #[test]
    fn the_first_bytes_follow_blanks_and_a_byte_order_mark() {
        let first = |chunks: &[&[u8]]| {
            let mut decoder = Decoder::new(Vec::new(), &HeaderMap::new(), 9999).unwrap();
            for chunk in chunks {
                decoder.write(chunk).unwrap();
            }
            decoder.end().unwrap().first_bytes
        };
        assert_eq!(first(&[b"\xef\xbb\xbf \r\n", &[b' '; 5000], b"\t{", b" 1"]), b"{ 1");
        assert_eq!(first(&[b"<!DOCTYPE", b" html><title>x"]), b"<!DOCTYPE html><");
        assert_eq!(first(&[b"\x89PNG\r\n"]), b"\x89PNG\r\n");
        assert_eq!(first(&[b"  "]), b"");
    }

    proptest::proptest! {
        #[test]
        fn no_body_makes_it_panic(encoding in "gzip|deflate|br|identity", body: Vec<u8>) {
            let _ = decode(&[&encoding], &body);
        }
    }
}
