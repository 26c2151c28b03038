//! The body of an answer on its way to where it is kept: decoded, counted and limited.
//!
//! Both clients hand over the bytes as they came. Decoding them here, once for all, is what makes
//! the four programs save the same files.

use crate::fault::Fault;
use crate::files;
use flate2::write::MultiGzDecoder;
use http::{HeaderMap, header};
use std::io::{self, Write};

/// What the programs tell a server they can decode.
pub const ACCEPT_ENCODING: &str = "gzip";

/// Decodes what is written to it, as the answer's headers say, and passes it on.
#[derive(Debug)]
pub struct Decoded<W: Write>(Encoding<W>);

#[derive(Debug)]
enum Encoding<W: Write> {
    Plain(Limited<W>),
    Gzip(Box<MultiGzDecoder<Limited<W>>>),
}

impl<W: Write> Decoded<W> {
    /// At most `limit` decoded bytes are passed on to `to`.
    pub fn new(to: W, headers: &HeaderMap, limit: u64) -> Result<Self, Fault> {
        let to = Limited { to, passed: 0, limit, fault: None };
        let encoding = headers.get(header::CONTENT_ENCODING);
        let encoding =
            encoding.map_or("", |value| value.to_str().unwrap_or("?")).trim().to_lowercase();
        match encoding.as_str() {
            "" | "identity" => Ok(Self(Encoding::Plain(to))),
            "gzip" | "x-gzip" => Ok(Self(Encoding::Gzip(Box::new(MultiGzDecoder::new(to))))),
            _ => Err(Fault::lasting("the body cannot be decoded: the encoding is not known")),
        }
    }

    /// How many decoded bytes have been passed on so far.
    pub fn passed(&self) -> u64 {
        match &self.0 {
            Encoding::Plain(to) => to.passed,
            Encoding::Gzip(decoder) => decoder.get_ref().passed,
        }
    }

    /// Takes the next bytes of the body.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        match &mut self.0 {
            Encoding::Plain(to) => to.write_all(bytes).map_err(|_| to.fault()),
            Encoding::Gzip(decoder) => {
                decoder.write_all(bytes).map_err(|_| decoder.get_mut().fault())
            }
        }
    }

    /// Ends the body. Returns what it was passed on to, and the number of decoded bytes.
    pub fn finish(self) -> Result<(W, u64), Fault> {
        let to = match self.0 {
            Encoding::Plain(to) => to,
            Encoding::Gzip(mut decoder) => match decoder.try_finish() {
                Ok(()) => decoder.finish().map_err(|_| undecodable())?,
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    return Err(Fault::passing("the body was cut short"));
                }
                Err(_) => return Err(decoder.get_mut().fault()),
            },
        };
        Ok((to.to, to.passed))
    }
}

/// Passes on so many bytes and no more, and remembers why it stopped.
#[derive(Debug)]
struct Limited<W> {
    to: W,
    passed: u64,
    limit: u64,
    fault: Option<Fault>,
}

impl<W> Limited<W> {
    /// What went wrong: here, or before the bytes came here.
    fn fault(&mut self) -> Fault {
        self.fault.take().unwrap_or_else(undecodable)
    }
}

impl<W: Write> Write for Limited<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.passed + bytes.len() as u64 > self.limit {
            self.fault = Some(Fault::lasting(format!("larger than {} MiB", self.limit >> 20)));
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        match self.to.write(bytes) {
            Ok(written) => {
                self.passed += written as u64;
                Ok(written)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                self.fault = Some(files::disk(&error));
                Err(error)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

fn undecodable() -> Fault {
    Fault::lasting("the body cannot be decoded")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Retry;
    use flate2::{Compression, write::GzEncoder};

    #[test]
    fn a_compressed_body_that_ends_early_is_cut_short() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&[7; 500]).unwrap();
        let zipped = encoder.finish().unwrap();
        let mut headers = HeaderMap::new();
        headers.extend([(header::CONTENT_ENCODING, "gzip".parse().unwrap())]);
        let decode = |bytes: &[u8]| {
            let mut body = Decoded::new(Vec::new(), &headers, 1000)?;
            body.write(bytes)?;
            body.finish()
        };
        assert_eq!(decode(&zipped).unwrap(), (vec![7; 500], 500));
        for end in [1, 9, 15, zipped.len() - 9] {
            let fault = decode(&zipped[..end]).unwrap_err();
            assert_eq!(fault.retry, Retry::Later, "{end}: {fault}");
        }
        assert_eq!(decode(b"no gzip at all").unwrap_err().retry, Retry::Never);
    }
}
