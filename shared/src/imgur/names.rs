//! The name of an image's file, taken from its link and made safe for every operating system.

use std::collections::{HashMap, HashSet};
use unicode_normalization::UnicodeNormalization;

/// Maximum length of a file name on most file systems, in bytes.
const MAX_NAME: usize = 255;
/// Maximum length of an extension that is kept when a name is cut, in bytes, with its dot.
const MAX_EXTENSION: usize = 16;

/// Gives each image of one album a unique name.
///
/// Names that differ only in case or in Unicode normalisation count as equal: Imgur's ids are
/// case-sensitive, and many file systems are not. The later name gets `-2`, `-3`, … before its
/// extension.
#[derive(Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    /// The last number tried for each name, where the search for the next free name continues.
    numbers: HashMap<String, usize>,
}

impl Names {
    /// The name for a link, or for `id` if the link has no usable name.
    pub(super) fn name(&mut self, link: &str, id: &str) -> String {
        let name = [last_segment(link), id, "image"]
            .into_iter()
            .map(safe)
            .find(|name| !name.is_empty())
            .expect("\"image\" is a safe name");
        let (stem, extension) = split(&name);
        let number = self.numbers.entry(folded(&name)).or_default();
        loop {
            *number += 1;
            let suffix = if *number == 1 { String::new() } else { format!("-{number}") };
            let room = MAX_NAME - suffix.len() - extension.len();
            let mut name = format!("{}{suffix}{extension}", cut(stem, room));
            // A name that was cut may end in a dot or a space again.
            name.truncate(name.trim_end_matches(is_dropped_at_the_end).len());
            if self.taken.insert(folded(&name)) {
                return name;
            }
        }
    }
}

/// Whether Windows drops this character at the end of a name.
fn is_dropped_at_the_end(letter: char) -> bool {
    letter == '.' || letter.is_whitespace()
}

/// The part after the last slash of a link's path, without query and fragment.
fn last_segment(link: &str) -> &str {
    let path = link.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    path.rsplit_once('/').map_or("", |(_, segment)| segment)
}

/// The name without anything that leads to another folder, hides the file, or is not allowed in a
/// name on some system.
fn safe(name: &str) -> String {
    let kept = |letter: char| match letter {
        '/' | '\\' | ':' | '<' | '>' | '"' | '|' | '?' | '*' => '_',
        letter => letter,
    };
    let name: String = crate::text::printable(name)
        .chars()
        .map(|letter| if letter == char::REPLACEMENT_CHARACTER { '_' } else { letter })
        .map(kept)
        .collect();
    // Windows drops trailing dots and spaces; on other systems, a leading dot hides the file.
    let name =
        name.trim_start_matches(is_dropped_at_the_end).trim_end_matches(is_dropped_at_the_end);
    if reserved(name) {
        return format!("_{name}");
    }
    name.to_owned()
}

/// Whether Windows reserves a name for a device. An extension makes no difference:
/// <https://learn.microsoft.com/windows/win32/fileio/naming-a-file>.
fn reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    match stem.as_str() {
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" => true,
        _ => ["COM", "LPT"].iter().any(|device| {
            let port = stem.strip_prefix(device);
            port.is_some_and(|port| {
                matches!(port, "¹" | "²" | "³")
                    || (port.len() == 1 && port.as_bytes()[0].is_ascii_digit())
            })
        }),
    }
}

fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= MAX_EXTENSION => name.split_at(dot),
        _ => (name, ""),
    }
}

/// The longest prefix that fits into `room` bytes.
fn cut(text: &str, room: usize) -> &str {
    let end = (0..=room.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or_default()]
}

/// A form that is the same for all names that some file system treats as equal: names that differ
/// only in case, or in how Unicode encodes a letter such as é.
fn folded(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    // Upper case first: lower case alone would keep ß and ss, or ſ and s, apart.
    name.to_uppercase().to_lowercase().nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(links: &[&str]) -> Vec<String> {
        let mut names = Names::default();
        links.iter().map(|link| names.name(link, "id")).collect()
    }

    #[test]
    fn a_name_is_the_last_segment_of_the_path() {
        let links = [
            "https://i.imgur.com/Abc.jpg",
            "http://h/x/y/b.JPEG?1",
            "http://h/c.png#top",
            "http://h/d",
        ];
        assert_eq!(names(&links), ["Abc.jpg", "b.JPEG", "c.png", "d"]);
        assert_eq!(
            names(&["http://h/", "http://h", "http://h/..", "http://h/?x/y.jpg"]),
            ["id", "id-2", "id-3", "id-4"]
        );
    }

    #[test]
    fn a_name_stays_in_the_folder_and_hides_nothing() {
        let links = [
            "http://h/..%2f..%2fx",
            "http://h/a\\..\\b.jpg",
            "http://h/.htaccess",
            "http://h/a\u{1b}[31m\u{202e}.jpg",
            "http://h/x. ",
        ];
        assert_eq!(names(&links), ["%2f..%2fx", "a_.._b.jpg", "htaccess", "a_[31m_.jpg", "x"]);
        assert_eq!(
            names(&["http://h/con.jpg", "http://h/Lpt1", "http://h/nul", "http://h/com10.x"]),
            ["_con.jpg", "_Lpt1", "_nul", "com10.x"]
        );
    }

    #[test]
    fn names_that_differ_by_case_only_are_numbered_in_album_order() {
        let links = [
            "http://h/Abc.jpg",
            "http://h/abc.jpg",
            "http://g/ABC.jpg",
            "http://h/abc-2.jpg",
            "http://h/abc.png",
        ];
        assert_eq!(names(&links), ["Abc.jpg", "abc-2.jpg", "ABC-3.jpg", "abc-2-2.jpg", "abc.png"]);
    }

    #[test]
    fn a_name_that_is_cut_does_not_end_in_a_dot() {
        let link = format!("http://h/{}. .{}", "x".repeat(MAX_NAME - 2), "y".repeat(MAX_EXTENSION));
        assert_eq!(
            names(&[&link, &link])[..],
            ["x".repeat(MAX_NAME - 2), format!("{}-2", "x".repeat(MAX_NAME - 2))]
        );
    }

    #[test]
    fn names_that_differ_by_normalisation_only_are_numbered() {
        let links = ["http://h/\u{e9}.jpg", "http://h/e\u{301}.jpg", "http://h/E\u{301}.jpg"];
        assert_eq!(names(&links), ["\u{e9}.jpg", "e\u{301}-2.jpg", "E\u{301}-3.jpg"]);
    }

    #[test]
    fn a_long_name_keeps_its_extension_and_its_number() {
        let link = format!("http://h/{}.jpeg", "ü".repeat(300));
        let names = names(&[&link, &link]);
        assert!(
            names.iter().all(|name| name.len() <= MAX_NAME && split(name).1 == ".jpeg"),
            "{names:?}"
        );
        assert!(names[1].ends_with("-2.jpeg"));
    }

    proptest::proptest! {
        #[test]
        fn names_stay_in_the_folder_and_differ_for_any_links(links: Vec<String>, id: String) {
            let mut names = Names::default();
            let mut seen = HashSet::new();
            for link in links.iter().map(|link| format!("http://h/{link}")).chain(links.clone()) {
                let name = names.name(&link, &id);
                let path = std::path::Path::new(&name);
                let parts: Vec<_> = path.components().collect();
                assert!(matches!(parts[..], [std::path::Component::Normal(part)] if part == &*name), "{name:?}");
                assert!(!name.contains(['/', '\\', ':']) && !name.contains(char::is_control), "{name:?}");
                assert!(!name.starts_with('.') && name.len() <= MAX_NAME && !reserved(&name), "{name:?}");
                assert!(seen.insert(name.to_lowercase()), "{name:?}");
            }
        }
    }
}
