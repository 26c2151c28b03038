//! An album's list of images, as the API sends it.

use super::link::sendable;
use super::message::error_message;
use super::names::Names;
use crate::error::{Error, ErrorKind};
use crate::text;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::HashSet;
use url::Url;

/// One image of an album: all that a worker needs to download it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Its index in the album's list.
    pub index: usize,
    /// Its address, as the album gives it.
    pub link: String,
    /// The name of its file: no other image of the album has it, even where case is ignored.
    pub name: String,
    /// Its size in bytes, at least, if the album lists one.
    pub size: Option<u64>,
}

impl Image {
    /// The URL to download it from.
    ///
    /// # Errors
    /// If the link is not a URL, or neither http nor https.
    pub fn url(&self) -> Result<Url, Error> {
        let url = Url::parse(&self.link).map_err(|error| {
            Error::new(ErrorKind::Link, format!("the link is not a URL: {error}"))
                .with_source(error)
        })?;
        sendable(url)
            .ok_or_else(|| Error::new(ErrorKind::Link, "the link is neither http nor https"))
    }
}

/// An element of the list that is not a usable image.
#[derive(Debug)]
pub struct Rejected {
    /// Its index in the album's list.
    pub index: usize,
    /// Its link, or else its id, or else its position, such as `image 3`.
    pub name: String,
    /// What is wrong with it.
    pub error: Error,
}

/// What an album lists.
#[derive(Debug, Default)]
pub struct Album {
    /// The images, each once, in the album's order.
    pub images: Vec<Image>,
    /// The elements that are not images.
    pub rejected: Vec<Rejected>,
}

impl Album {
    /// The largest list that is read, in decoded bytes.
    pub const MAX_BYTES: u64 = 32 << 20;

    /// Reads the body of a response with status 200: at most `limit` images of it. One bad element
    /// in the list spoils no other.
    ///
    /// ```
    /// use shared::imgur::Album;
    ///
    /// let body = br#"{"data": [{"id": "a1", "link": "http://i.imgur.com/a1.png"}, {}]}"#;
    /// let album = Album::parse(body, None)?;
    /// assert_eq!(album.images[0].name, "a1.png");
    /// assert_eq!(album.rejected[0].index, 1);
    /// # Ok::<(), shared::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the body says that the request failed (`success`), or is not the expected JSON.
    pub fn parse(body: &[u8], limit: Option<usize>) -> Result<Self, Error> {
        let text = String::from_utf8_lossy(body);
        let envelope: Envelope = serde_json::from_str(&text).map_err(|error| {
            let detail = text::excerpt(&error.to_string());
            content(format!("the response is not Imgur's JSON: {detail}")).with_source(error)
        })?;
        if envelope.success.as_ref().is_some_and(|success| *success != Value::Bool(true)) {
            return Err(content(match error_message(body) {
                message if message.is_empty() => "Imgur reports a failure without a message".into(),
                message => message,
            }));
        }
        let list: Vec<&RawValue> = envelope
            .data
            .and_then(|data| serde_json::from_str(data.get()).ok())
            .ok_or_else(|| content("the response holds no list of images"))?;
        Ok(Self::of(list.into_iter().take(limit.unwrap_or(usize::MAX))))
    }

    fn of<'a>(list: impl Iterator<Item = &'a RawValue>) -> Self {
        let mut album = Self::default();
        let mut names = Names::default();
        let mut seen = HashSet::new();
        for (index, raw) in list.enumerate() {
            let listed: Listed = serde_json::from_str(raw.get()).unwrap_or_default();
            let (id, link) = (text_of(listed.id), text_of(listed.link));
            let (Some(id), Some(link)) = (&id, &link) else {
                let missing = if link.is_none() { "link" } else { "id" };
                let error = content(format!("the album lists no {missing} for it"));
                let name = link.or(id).unwrap_or_else(|| format!("image {}", index + 1));
                album.rejected.push(Rejected { index, name, error });
                continue;
            };
            if !seen.insert(link.clone()) {
                continue;
            }
            // For an animated image `size` is that of another file.
            let still = value(listed.animated) != Value::Bool(true);
            album.images.push(Image {
                index,
                link: link.clone(),
                name: names.name(link, id),
                size: value(listed.size).as_u64().filter(|_| still),
            });
        }
        album
    }
}

fn content(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Content, message)
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    success: Option<Value>,
}

/// What is needed of an image; each may be missing or of another type.
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

/// A field's value; null where there is none, or one that JSON allows and `Value` cannot hold, such
/// as 1e999.
fn value(field: Option<&RawValue>) -> Value {
    field.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default()
}

/// A field's value if it is a text and not empty.
fn text_of(field: Option<&RawValue>) -> Option<String> {
    value(field).as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Any JSON, some of it nearly a response of Imgur's.
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
        fn no_json_makes_it_panic(body in json()) {
            if let Ok(album) = Album::parse(body.to_string().as_bytes(), None) {
                for image in &album.images {
                    drop(image.url());
                }
            }
        }

        #[test]
        fn no_bytes_make_it_panic(body: Vec<u8>) {
            prop_assert!(Album::parse(&body, None).is_err());
        }
    }

    #[test]
    fn a_list_of_a_million_brackets_is_refused() {
        assert!(Album::parse("[".repeat(1_000_000).as_bytes(), None).is_err());
        let deep = format!("{{\"data\":[{}]}}", "[".repeat(100_000));
        assert!(Album::parse(deep.as_bytes(), None).is_err());
    }
}
