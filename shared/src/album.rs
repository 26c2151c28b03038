//! An album: what a person may call it, how Imgur is asked for it, and what its answer means.

use crate::credentials::Source;
use crate::fault::Fault;
use crate::names::Names;
use crate::{answer, retry, text};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;
use url::Url;

/// An album's id: ASCII letters and digits, at most 20 (Imgur's have five or seven).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlbumId(String);

impl FromStr for AlbumId {
    type Err = String;

    /// Reads an id or the address of an album's page.
    fn from_str(text: &str) -> Result<Self, String> {
        let id = if text.contains('/') { id_in_address(text) } else { Some(text) };
        match id {
            Some(id) if (1..=20).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric()) => {
                Ok(Self(id.to_owned()))
            }
            _ => Err("neither an album id (letters and digits) nor an address like https://imgur.com/a/ID".into()),
        }
    }
}

/// The id in `imgur.com/a/ID`, `/a/some-title-ID` or `/gallery/ID`, with all that a browser adds.
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

/// One image of an album: all that a worker has to know to download it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Where it stands in the album's list, from 0.
    pub place: usize,
    /// Its address, as the album gives it.
    pub link: String,
    /// The name of its file; it differs from those of the other images even if case is ignored.
    pub name: String,
    /// The least number of bytes it has, where the album says so.
    pub size: Option<u64>,
}

impl Image {
    /// Where it is downloaded from. Only http and https are opened.
    pub fn url(&self) -> Result<Url, Fault> {
        let url = Url::parse(&self.link)
            .map_err(|error| Fault::lasting(format!("the link is no address: {error}")))?;
        answer::openable(url).ok_or_else(|| Fault::lasting("the link is neither http nor https"))
    }
}

/// What an album lists.
#[derive(Debug, Default)]
pub struct Album {
    /// The images, each once, in the album's order.
    pub images: Vec<Image>,
    /// What stands in the list and is no image: its place, what it calls itself, what is wrong.
    pub rejected: Vec<(usize, String, Fault)>,
}

impl Album {
    /// The most bytes of an answer that are read, decoded.
    pub const LARGEST: u64 = 32 << 20;

    /// Where Imgur lists an album's images (`GET /3/album/{id}/images`).
    pub fn url(source: &Source, id: &AlbumId) -> Url {
        let mut url = source.api_url.clone();
        url.path_segments_mut()
            .expect("checked when it was read")
            .pop_if_empty()
            .extend(["album", &id.0, "images"]);
        url
    }

    /// Reads Imgur's answer; at most `limit` images of it.
    ///
    /// An answer is an error when its status is not 200, when it says so itself (`success`), or
    /// when it is not the expected list. One bad image in the list spoils no other.
    pub fn read(
        status: StatusCode,
        headers: &HeaderMap,
        body: Result<Vec<u8>, Fault>,
        limit: Option<usize>,
    ) -> Result<Self, Fault> {
        if status != StatusCode::OK {
            // Whether or not the words came whole, the status says what matters.
            let body = body.unwrap_or_default();
            return Err(retry::refused(status, headers, &words(&String::from_utf8_lossy(&body))));
        }
        let body = body?;
        let body = String::from_utf8_lossy(&body);
        let envelope: Envelope = serde_json::from_str(&body).map_err(|error| {
            Fault::lasting(format!(
                "the answer is not Imgur's: {}",
                text::excerpt(&error.to_string())
            ))
        })?;
        if envelope.success.as_ref().is_some_and(|success| *success != Value::Bool(true)) {
            return Err(Fault::lasting(match words(&body) {
                words if words.is_empty() => "Imgur says it did not succeed".into(),
                words => words,
            }));
        }
        let list: Vec<&RawValue> = envelope
            .data
            .and_then(|data| serde_json::from_str(data.get()).ok())
            .ok_or_else(|| Fault::lasting("the answer holds no list of images"))?;
        Ok(Self::of(list.into_iter().take(limit.unwrap_or(usize::MAX))))
    }

    fn of<'a>(list: impl Iterator<Item = &'a RawValue>) -> Self {
        let mut album = Self::default();
        let mut names = Names::default();
        let mut seen = HashSet::new();
        for (place, raw) in list.enumerate() {
            let listed: Listed = serde_json::from_str(raw.get()).unwrap_or_default();
            let (listed_id, listed_link) = (value(listed.id), value(listed.link));
            let id = listed_id.as_str().filter(|id| !id.is_empty());
            let link = listed_link.as_str().filter(|link| !link.is_empty());
            let (Some(id), Some(link)) = (id, link) else {
                let what =
                    link.or(id).map_or_else(|| format!("image {}", place + 1), str::to_owned);
                let missing = if link.is_none() { "link" } else { "id" };
                album.rejected.push((
                    place,
                    what,
                    Fault::lasting(format!("the album gives no {missing} for it")),
                ));
                continue;
            };
            if !seen.insert(link.to_owned()) {
                continue;
            }
            // For an animated image `size` is that of another file.
            let still = value(listed.animated) != Value::Bool(true);
            album.images.push(Image {
                place,
                link: link.to_owned(),
                name: names.name(link, id),
                size: value(listed.size).as_u64().filter(|_| still),
            });
        }
        album
    }
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    success: Option<Value>,
}

/// What is needed of an image; anything may be missing or of another type.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Listed<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    link: Option<&'a RawValue>,
    #[serde(borrow)]
    size: Option<&'a RawValue>,
    #[serde(borrow)]
    animated: Option<&'a RawValue>,
}

/// A field's value; null where there is none, or one that cannot be held, such as 1e999.
fn value(field: Option<&RawValue>) -> Value {
    field.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default()
}

/// What an error answer says in words, in any of the shapes that Imgur uses:
/// `data.error` as text or as an object with a `message`, `data` as text, a list of `errors`
/// with a `detail`, and pages of HTML, which say nothing that fits on a line.
pub(crate) fn words(body: &str) -> String {
    let Ok(answer) = serde_json::from_str::<Value>(body) else {
        // Of a page only this matters: it decides whether to try again.
        let busy = body.to_lowercase().contains("over capacity");
        return if busy { "Imgur is over capacity".into() } else { String::new() };
    };
    let data = &answer["data"];
    let first = &answer["errors"][0];
    [
        &data["error"]["message"],
        &data["error"],
        &data["message"],
        data,
        &first["detail"],
        &first["title"],
        &first["status"],
        &answer["error"],
        &answer["message"],
    ]
    .into_iter()
    .find_map(Value::as_str)
    .map(text::excerpt)
    .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(status: u16, body: &[u8]) -> Result<Album, Fault> {
        Album::read(
            StatusCode::from_u16(status).unwrap(),
            &HeaderMap::new(),
            Ok(body.to_vec()),
            None,
        )
    }

    /// Any JSON, some of it nearly an answer of Imgur's.
    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            Just(Value::from("http://i.imgur.com/a.jpg")),
        ];
        let key = prop_oneof![
            "data", "success", "errors", "error", "message", "id", "link", "size", "animated", ".*"
        ];
        leaf.prop_recursive(5, 64, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((key.clone(), inner), 0..6)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_json_makes_it_panic(body in json(), status in 100_u16..1000) {
            let body = body.to_string();
            if let Ok(album) = read(status, body.as_bytes()) {
                prop_assert_eq!(status, 200);
                for image in &album.images {
                    drop(image.url());
                }
            }
        }

        #[test]
        fn no_bytes_make_it_panic(body: Vec<u8>, status in 100_u16..1000) {
            prop_assert!(read(status, &body).is_err());
        }

        #[test]
        fn an_id_is_letters_and_digits_whatever_was_typed(text in ".{0,40}|(https?://)?((www|m)[.])?imgur[.]com/(a|gallery)/[a-z/-]{0,12}[A-Za-z0-9]{5,7}/?([?#].*)?") {
            if let Ok(AlbumId(id)) = text.parse() {
                prop_assert!(!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric()));
                prop_assert!(text.contains(&id));
            }
        }
    }

    #[test]
    fn a_list_of_a_million_brackets_is_refused() {
        assert!(read(200, "[".repeat(1_000_000).as_bytes()).is_err());
        let deep = format!("{{\"data\":[{}]}}", "[".repeat(100_000));
        assert!(read(200, deep.as_bytes()).is_err());
    }
}
