//! What a submission prints. The amount is limited while it runs, and only the end is kept.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::process::Stdio;

/// Limits what a submission may print on stdout, and on stderr, in bytes. One that prints more is
/// stopped.
const MAX_BYTES: u64 = 16 << 20;
/// Limits the end that is kept, in bytes.
const MAX_KEPT_BYTES: u64 = 64 << 10;
/// Limits a line that is shown, in characters.
const MAX_LINE: usize = 300;

/// Stdout or stderr of a submission: a file without a name. Unlike a pipe, it needs no reader while
/// the program runs.
pub struct Output(File);

impl Output {
    /// An empty output, and the handle to start the program with.
    pub fn new() -> io::Result<(Self, Stdio)> {
        let file = tempfile::tempfile()?;
        let stdio = file.try_clone()?.into();
        Ok((Self(file), stdio))
    }

    /// Whether the submission has printed more than it may.
    pub fn is_too_long(&self) -> bool {
        self.0.metadata().is_ok_and(|metadata| metadata.len() > MAX_BYTES)
    }

    /// The end of what was printed. The program must have ended, because it shares the position in
    /// the file.
    pub fn into_end(mut self) -> io::Result<String> {
        let length = self.0.metadata()?.len();
        self.0.seek(SeekFrom::Start(length.saturating_sub(MAX_KEPT_BYTES)))?;
        let mut bytes = Vec::new();
        self.0.take(MAX_KEPT_BYTES).read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// A line of a submission's output as it can be shown: cut, and without control characters.
pub fn shown(line: &str) -> String {
    let mut letters = line.chars().filter(|letter| !letter.is_control());
    let mut shown: String = letters.by_ref().take(MAX_LINE).collect();
    if letters.next().is_some() {
        shown.push('…');
    }
    shown
}
