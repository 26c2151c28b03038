//! Who asks, as far as a user agent tells: `02-threads/0.1.0 (workers=5; name=Jos%C3%A9; run=7)`.
//!
//! Anybody may write anything there, so nothing of it is believed to be short or harmless.

use percent_encoding::percent_decode_str;

/// The longest program or name that is shown, in characters.
const LONGEST: usize = 40;

/// A client, by its own word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// Such as `02-threads`, or `curl`; empty if it says nothing.
    pub program: String,
    /// What it was given as `--workers`.
    pub workers: Option<u32>,
    /// What it was given as `--name`.
    pub name: Option<String>,
    /// Whether it tells its runs apart: each has a user agent of its own.
    pub tells_runs: bool,
}

impl Who {
    pub fn read(user_agent: &str) -> Self {
        let (program, comment) = user_agent.split_once(" (").unwrap_or((user_agent, ""));
        let program = program.split(['/', ' ']).next().unwrap_or_default();
        let mut who = Self { program: shown(program), ..Self::default() };
        for part in comment.split([';', ')']) {
            match part.trim().split_once('=') {
                Some(("workers", number)) => who.workers = number.parse().ok(),
                Some(("run", _)) => who.tells_runs = true,
                Some(("name", name)) => {
                    let name = shown(&percent_decode_str(name).decode_utf8_lossy());
                    who.name = Some(name).filter(|name| !name.is_empty());
                }
                _ => {}
            }
        }
        who
    }
}

/// The beginning of a text, without control characters and without the invisible marks that turn
/// the direction of what stands around them.
fn shown(text: &str) -> String {
    let harmless = |letter: char| match letter {
        '\u{61c}'
        | '\u{200b}'
        | '\u{200e}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}' => char::REPLACEMENT_CHARACTER,
        letter if letter.is_control() => char::REPLACEMENT_CHARACTER,
        letter => letter,
    };
    text.trim().chars().take(LONGEST).map(harmless).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(program: &str, workers: Option<u32>, name: Option<&str>) -> Who {
        let name = name.map(Into::into);
        Who { program: program.into(), workers, name, tells_runs: false }
    }

    #[test]
    fn our_programs_say_who_they_are() {
        for (agent, expected) in [
            ("02-threads/0.1.0", who("02-threads", None, None)),
            ("02-threads/0.1.0 (workers=5)", who("02-threads", Some(5), None)),
            ("01-sync/1 (workers=1; name=Jos%C3%A9)", who("01-sync", Some(1), Some("José"))),
            ("x/1 (workers=1; name=a%3B%20b%29%3D)", who("x", Some(1), Some("a; b)="))),
        ] {
            assert_eq!(Who::read(agent), expected, "{agent}");
            let agent = agent.replace(')', "; run=7)");
            let expected = Who { tells_runs: agent.contains("run="), ..expected };
            assert_eq!(Who::read(&agent), expected, "{agent}");
        }
    }

    #[test]
    fn others_may_say_what_they_like() {
        for (agent, expected) in [
            ("", who("", None, None)),
            ("curl/8.5.0", who("curl", None, None)),
            ("Mozilla/5.0 (X11; Linux x86_64) Gecko", who("Mozilla", None, None)),
            ("x (workers=many; name=%FF%00)", who("x", None, Some("\u{fffd}\u{fffd}"))),
            ("<i>f(x)</i> (name=y)", who("<i>f(x)<", None, Some("y"))),
            ("x (name=%20)", who("x", None, None)),
            ("x (name=%D8%9C%EF%BB%BF)", who("x", None, Some("\u{fffd}\u{fffd}"))),
            ("<b>/1 (name=%E2%80%AEevil)", who("<b>", None, Some("\u{fffd}evil"))),
        ] {
            assert_eq!(Who::read(agent), expected, "{agent}");
        }
        let long = Who::read(&format!("{0} (name={0})", "ä".repeat(10_000)));
        assert_eq!(long.program.chars().count(), LONGEST);
        assert_eq!(long.name.unwrap().chars().count(), LONGEST);
    }
}
