//! Text for people: what a server chose is made harmless before it reaches a terminal.

use std::fmt::Display;
use std::io::{self, Write};
use std::time::Duration;

/// The text without anything that a terminal would obey or that would turn the line around:
/// control characters, and the invisible marks for direction and joining.
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

/// The same on one line and not longer than a person would read.
pub(crate) fn excerpt(text: &str) -> String {
    const LONG: usize = 300;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut excerpt: String = printable(&line).chars().take(LONG).collect();
    if excerpt.len() < line.len() && excerpt.chars().count() == LONG {
        excerpt.push('…');
    }
    excerpt
}

/// Prints a line on stdout. A reader that has gone away (`| head -1`) is no reason to stop.
pub(crate) fn say(line: impl Display) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// Prints a line on stderr; see [`say`]. In one piece: stderr has no buffer, and what other
/// processes say there would come between the pieces.
pub(crate) fn complain(line: impl Display) {
    let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
}

/// A number of bytes as people say it, in powers of ten.
pub(crate) fn bytes(number: u64) -> String {
    match number {
        0..1_000 => format!("{number} bytes"),
        1_000..1_000_000 => format!("{:.0} KB", number as f64 / 1e3),
        _ => format!("{:.1} MB", number as f64 / 1e6),
    }
}

/// A duration in seconds, as short as it can be said.
pub(crate) fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}
