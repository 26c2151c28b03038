//! Clients, and what their user agents say: `02-threads/0.1.0 (workers=5; name=Jos%C3%A9; run=7)`.

use crate::limits::{MAX_AGENT_BYTES, MAX_CODE_POINTS, MAX_MARKS, MAX_SHOWN_CHARACTERS};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// A client: an address and a user agent. Several programs may run at one address.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Client {
    pub address: IpAddr,
    /// Cut to [`MAX_AGENT_BYTES`].
    #[serde(skip)]
    pub user_agent: String,
}

impl Client {
    pub fn new(address: IpAddr, user_agent: &str) -> Self {
        let length = user_agent.floor_char_boundary(MAX_AGENT_BYTES);
        Self { address: address.to_canonical(), user_agent: user_agent[..length].to_owned() }
    }
}

/// A parsed user agent. Clients may send anything, so texts are cut and cleaned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// Such as `02-threads` or `curl`; may be empty.
    pub program: String,
    /// The value of `--workers`.
    pub workers: Option<u32>,
    /// The value of `--name`.
    pub name: Option<String>,
    /// Whether each run of the program has a user agent of its own.
    #[serde(skip)]
    pub tells_runs: bool,
}

impl Agent {
    pub fn parse(user_agent: &str) -> Self {
        let (program, comment) = user_agent.split_once(" (").unwrap_or((user_agent, ""));
        let program = program.split(['/', ' ']).next().unwrap_or_default();
        let mut agent = Self { program: shown_name(program), ..Self::default() };
        for part in comment.split([';', ')']) {
            match part.trim().split_once('=') {
                Some(("workers", number)) => agent.workers = number.parse().ok(),
                Some(("run", _)) => agent.tells_runs = true,
                Some(("name", name)) => {
                    let name = shown_name(&percent_decode_str(name).decode_utf8_lossy());
                    agent.name = Some(name).filter(|name| !name.is_empty());
                }
                _ => {}
            }
        }
        agent
    }
}

/// The beginning of a name as it is shown; see [`shown_text`].
pub fn shown_name(text: &str) -> String {
    shown_text(text, MAX_SHOWN_CHARACTERS)
}

/// At most `max` user-perceived characters of a client's text, as they are shown: with at most
/// [`MAX_MARKS`] combining marks in a row. U+FFFD replaces control characters, and invisible ones such
/// as those that change the direction of the text.
pub fn shown_text(text: &str, max: usize) -> String {
    let visible = |letter: char| match letter {
        '\u{61c}'
        | '\u{200b}'
        | '\u{200e}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}' => char::REPLACEMENT_CHARACTER,
        letter if letter.is_control() => char::REPLACEMENT_CHARACTER,
        letter => letter,
    };
    let characters = text.trim().graphemes(true).take(max);
    let letters = characters.flat_map(|character| character.chars().take(MAX_CODE_POINTS));
    let mut marks = 0;
    let few_marks = letters.filter(|letter| {
        marks = if is_combining_mark(*letter) { marks + 1 } else { 0 };
        marks <= MAX_MARKS
    });
    few_marks.map(visible).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use percent_encoding::NON_ALPHANUMERIC;

    fn agent(program: &str, workers: Option<u32>, name: Option<&str>) -> Agent {
        let name = name.map(Into::into);
        Agent { program: program.into(), workers, name, tells_runs: false }
    }

    #[test]
    fn our_programs_describe_their_run() {
        for (text, expected) in [
            ("02-threads/0.1.0", agent("02-threads", None, None)),
            ("02-threads/0.1.0 (workers=5)", agent("02-threads", Some(5), None)),
            ("01-sync/1 (workers=1; name=Jos%C3%A9)", agent("01-sync", Some(1), Some("José"))),
            ("x/1 (workers=1; name=a%3B%20b%29%3D)", agent("x", Some(1), Some("a; b)="))),
        ] {
            assert_eq!(Agent::parse(text), expected, "{text}");
            let text = text.replace(')', "; run=7)");
            let expected = Agent { tells_runs: text.contains("run="), ..expected };
            assert_eq!(Agent::parse(&text), expected, "{text}");
        }
    }

    #[test]
    fn any_other_user_agent_is_harmless() {
        for (text, expected) in [
            ("", agent("", None, None)),
            ("curl/8.5.0", agent("curl", None, None)),
            ("Mozilla/5.0 (X11; Linux x86_64) Gecko", agent("Mozilla", None, None)),
            ("x (workers=many; name=%FF%00)", agent("x", None, Some("\u{fffd}\u{fffd}"))),
            ("<i>f(x)</i> (name=y)", agent("<i>f(x)<", None, Some("y"))),
            ("x (name=%20)", agent("x", None, None)),
            ("x (name=%D8%9C%EF%BB%BF)", agent("x", None, Some("\u{fffd}\u{fffd}"))),
            ("<b>/1 (name=%E2%80%AEevil)", agent("<b>", None, Some("\u{fffd}evil"))),
        ] {
            assert_eq!(Agent::parse(text), expected, "{text}");
        }
        let long = Agent::parse(&format!("{0} (name={0})", "ä".repeat(10_000)));
        assert_eq!(long.program.chars().count(), MAX_SHOWN_CHARACTERS);
        assert_eq!(long.name.unwrap().chars().count(), MAX_SHOWN_CHARACTERS);
    }

    #[test]
    fn names_are_cut_between_characters_and_have_few_marks() {
        let name = |text: &str| {
            let encoded = percent_encoding::utf8_percent_encode(text, NON_ALPHANUMERIC);
            let user_agent = format!("01-sync/1 (workers=1; name={encoded}; run=7)");
            let client = Client::new([10, 0, 0, 1].into(), &user_agent);
            Agent::parse(&client.user_agent).name.unwrap()
        };
        // The emoji of two kissing adults with different skin tones: ten code points.
        let kiss = "👩🏽\u{200d}❤\u{fe0f}\u{200d}💋\u{200d}👨🏿";
        let family = "👨\u{200d}👩\u{200d}👧\u{200d}👦";
        let england = "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}";
        for character in ["a", "é", "e\u{323}\u{302}", kiss, family, england, "🇦🇹", "क्ष्म", "ก็"]
        {
            let longest = character.repeat(MAX_SHOWN_CHARACTERS);
            assert_eq!(name(&longest), longest, "{character}");
            assert_eq!(name(&longest.repeat(2)), longest, "{character}");
        }
        assert_eq!(name(&format!("Zo{}e", "\u{308}".repeat(100))), "Zo\u{308}\u{308}\u{308}e");
        let hidden = format!("Z{}", "\u{200d}\u{308}".repeat(100));
        assert!(name(&hidden).chars().count() <= MAX_CODE_POINTS);
    }
}
