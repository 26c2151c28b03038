//! Output as text. Text from servers is made harmless before it reaches a terminal.

use console::{Term, is_dumb};
use std::env::var_os;
use std::ffi::OsString;
use std::fmt::{Display, Write as _};
use std::io::{self, Write};
use std::time::Duration;

/// Replaces characters that a terminal interprets or that reorder a line with U+FFFD: control
/// characters, and invisible marks for direction and joining.
pub(crate) fn printable(text: &str) -> String {
    let shown = |letter| if is_printable(letter) { letter } else { char::REPLACEMENT_CHARACTER };
    text.chars().map(shown).collect()
}

fn is_printable(letter: char) -> bool {
    let is_invisible = matches!(letter,
        '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}'
    );
    !is_invisible && !letter.is_control()
}

/// Escapes the characters that [`printable`] would replace. The JSON value stays the same, and is
/// safe to print.
pub(crate) fn printable_json(json: &str) -> String {
    let mut escaped = String::new();
    for letter in json.chars() {
        if is_printable(letter) {
            escaped.push(letter);
        } else {
            // None of these characters is above U+FFFF, so one escape is enough.
            let _ = write!(escaped, "\\u{:04x}", u32::from(letter));
        }
    }
    escaped
}

/// The text as one printable line. After 300 characters it is cut, and ends in `…`.
pub(crate) fn excerpt(text: &str) -> String {
    const MAX: usize = 300;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut excerpt: String = printable(&line).chars().take(MAX).collect();
    if line.chars().count() > MAX {
        excerpt.push('…');
    }
    excerpt
}

/// Whether the text for this terminal (stdout or stderr) is coloured. `NO_COLOR` forbids it,
/// `CLICOLOR_FORCE` demands it even in a file, and `CLICOLOR=0` forbids it in a terminal
/// (<https://no-color.org>, <https://bixense.com/clicolors>).
pub fn is_coloured(term: &Term) -> bool {
    // `colors_supported` makes a Windows terminal show them. It takes an empty `NO_COLOR` for a set
    // one.
    let shows_colours = || {
        if cfg!(windows) {
            term.features().colors_supported()
        } else {
            term.is_term() && !is_dumb()
        }
    };
    is_coloured_with(|name| var_os(name), shows_colours)
}

fn is_coloured_with(
    variable: impl Fn(&str) -> Option<OsString>,
    shows_colours: impl Fn() -> bool,
) -> bool {
    let variable = |name| variable(name).filter(|value| !value.is_empty());
    if variable("NO_COLOR").is_some() {
        return false;
    }
    let is_forced = variable("CLICOLOR_FORCE").is_some_and(|value| value != "0");
    is_forced || (variable("CLICOLOR").is_none_or(|value| value != "0") && shows_colours())
}

/// Prints a line on stdout. Ignores errors: a closed pipe (`| head -1`) does not stop a download.
pub(crate) fn print(line: impl Display) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// Prints a line on stderr with a single write. stderr is unbuffered: between several writes, lines
/// of other processes could appear.
pub(crate) fn print_error(line: impl Display) {
    let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
}

/// A size in bytes, KB or MB (powers of ten).
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn colours_follow_the_conventions() {
        for (variables, in_terminal, in_file) in [
            ("", true, false),
            ("NO_COLOR=", true, false),
            ("NO_COLOR=1", false, false),
            ("CLICOLOR=0", false, false),
            ("CLICOLOR=1", true, false),
            ("CLICOLOR_FORCE=0", true, false),
            ("CLICOLOR_FORCE=1", true, true),
            ("CLICOLOR_FORCE=1 CLICOLOR=0", true, true),
            ("CLICOLOR_FORCE=1 NO_COLOR=1", false, false),
        ] {
            let variable = |name: &str| {
                let mut all = variables.split(' ').filter_map(|it| it.split_once('='));
                all.find(|(it, _)| *it == name).map(|(_, value)| value.into())
            };
            assert_eq!(is_coloured_with(variable, || true), in_terminal, "{variables}");
            assert_eq!(is_coloured_with(variable, || false), in_file, "{variables}");
        }
    }

    proptest::proptest! {
        #[test]
        fn escaped_json_is_the_same_json_and_harmless(text: String) {
            let escaped = printable_json(&json!({"link": text}).to_string());
            assert_eq!(escaped, printable(&escaped));
            let value: Value = serde_json::from_str(&escaped).unwrap();
            assert_eq!(value["link"], text);
        }
    }

    #[test]
    fn what_terminals_obey_is_escaped() {
        assert_eq!(printable_json("\"\u{202e}\u{9b}\""), r#""\u202e\u009b""#);
        assert_eq!(printable("a\u{1b}[31m\u{202e}"), "a\u{fffd}[31m\u{fffd}");
    }
}
