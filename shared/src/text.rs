//! Text for people. What servers send is made harmless before it reaches a terminal.

use std::fmt::Display;
use std::io::{self, Write};
use std::time::Duration;

/// The text without anything that a terminal obeys or that reverses the line: control characters,
/// and the invisible marks for direction and joining.
pub(crate) fn printable(text: &str) -> String {
    let harmless = |letter: char| match letter {
        '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}' => char::REPLACEMENT_CHARACTER,
        letter if letter.is_control() => char::REPLACEMENT_CHARACTER,
        letter => letter,
    };
    text.chars().map(harmless).collect()
}

/// The same on one line, cut to a length that people read.
pub(crate) fn excerpt(text: &str) -> String {
    const MAX: usize = 300;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut excerpt: String = printable(&line).chars().take(MAX).collect();
    if excerpt.len() < line.len() && excerpt.chars().count() == MAX {
        excerpt.push('…');
    }
    excerpt
}

/// Prints a line on stdout. Ignores errors: a closed pipe (`| head -1`) does not stop a download.
pub(crate) fn print(line: impl Display) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// Prints a line on stderr, in one piece: stderr has no buffer, and lines of other processes would
/// come between the pieces.
pub(crate) fn print_error(line: impl Display) {
    let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
}

/// A number of bytes for people, in powers of ten.
pub(crate) fn bytes(number: u64) -> String {
    match number {
        0..1_000 => format!("{number} bytes"),
        1_000..1_000_000 => format!("{:.0} KB", number as f64 / 1e3),
        _ => format!("{:.1} MB", number as f64 / 1e6),
    }
}

/// A duration in seconds, with as few digits as it needs.
pub(crate) fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}
