//! An album's id, from the command line.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An album's id: 1 to 20 ASCII letters and digits. Imgur's ids have five or seven.
///
/// ```
/// use shared::imgur::AlbumId;
///
/// let id: AlbumId = "https://imgur.com/a/some-title-PdA9Amq?grid".parse()?;
/// assert_eq!(id.to_string(), "PdA9Amq");
/// assert!("https://example.com/a/PdA9Amq".parse::<AlbumId>().is_err());
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlbumId(String);

impl FromStr for AlbumId {
    type Err = String;

    /// Parses an id or the address of an album's page. Whitespace around it is ignored.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let id = if text.contains('/') { id_in_address(text) } else { Some(text) };
        match id {
            Some(id)
                if (1..=20).contains(&id.len())
                    && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
            {
                Ok(Self(id.to_owned()))
            }
            _ => Err("neither an album id (letters and digits) nor an address like https://imgur.com/a/ID".into()),
        }
    }
}

/// The id in an address such as `imgur.com/a/ID`, `imgur.com/a/some-title-ID` or
/// `imgur.com/gallery/ID`, with or without a scheme, a trailing slash, a query and a fragment.
fn id_in_address(address: &str) -> Option<&str> {
    let address = address.split(['?', '#']).next()?;
    let (scheme, rest) = address.split_once("://").unwrap_or(("https", address));
    let (host, path) = rest.split_once('/')?;
    let host = host.to_ascii_lowercase();
    let scheme = scheme.to_ascii_lowercase();
    let known = matches!(scheme.as_str(), "http" | "https")
        && matches!(host.as_str(), "imgur.com" | "www.imgur.com" | "m.imgur.com");
    let page = path.strip_suffix('/').unwrap_or(path);
    let page = page.strip_prefix("a/").or_else(|| page.strip_prefix("gallery/"))?;
    known.then(|| page.rsplit('-').next())?
}

impl fmt::Display for AlbumId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_is_letters_and_digits_whatever_is_typed(text in ".{0,40}|(https?://)?((www|m)[.])?imgur[.]com/(a|gallery)/[a-z/-]{0,12}[A-Za-z0-9]{5,7}/?([?#].*)?") {
            if let Ok(AlbumId(id)) = text.parse() {
                prop_assert!(!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric()));
                prop_assert!(text.contains(&id));
            }
        }
    }
}
