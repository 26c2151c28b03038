//! An album's list of images, as the API sends it.

use super::link::sendable;
use super::message::error_message;
use super::names::Names;
use crate::error::{Error, ErrorKind};
use crate::text;
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::fmt;
use url::Url;

/// One image of an album: everything that a worker needs to download it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Its index in the album's list.
    pub index: usize,
    /// Its link, as the album lists it.
    pub link: String,
    /// The name of its file, unique within the album even on file systems that ignore case.
    pub name: String,
    /// The size in bytes that the album lists, if any. The file may be larger.
    pub size: Option<u64>,
}

impl Image {
    /// The URL to download it from.
    ///
    /// # Errors
    /// If the link is not a valid http or https URL, or is longer than 64 KiB.
    pub fn url(&self) -> Result<Url, Error> {
        let url = Url::parse(&self.link).map_err(|error| {
            Error::new(ErrorKind::Link, format!("the link is not a URL: {error}"))
                .with_source(error)
        })?;
        sendable(url).map_err(|reason| Error::new(ErrorKind::Link, format!("the link is {reason}")))
    }
}

/// An element of the list that is not a usable image.
#[derive(Debug)]
pub struct Rejected {
    /// Its index in the album's list.
    pub index: usize,
    /// Its link; without a link, its id; without both, its number in the list, such as `image 3`.
    pub name: String,
    /// What is wrong with it.
    pub error: Error,
}

/// The elements of an album's list.
#[derive(Debug, Default)]
pub struct Album {
    /// The images in the album's order, without duplicates.
    pub images: Vec<Image>,
    /// The elements that are not usable images.
    pub rejected: Vec<Rejected>,
}

impl Album {
    /// Maximum size of the response that holds the list, in decoded bytes.
    pub const MAX_BYTES: u64 = 32 << 20;
    /// Maximum number of elements in a list.
    pub const MAX_IMAGES: usize = 100_000;

    /// Parses the body of a response with status 200, and uses at most the first `limit` elements
    /// of its list. A bad element does not affect the others.
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
    /// If the body says that the request failed (`success`), is not the expected JSON, or lists
    /// more than [`Self::MAX_IMAGES`] elements.
    pub fn parse(body: &[u8], limit: Option<usize>) -> Result<Self, Error> {
        let text = String::from_utf8_lossy(body);
        let envelope: Envelope = serde_json::from_str(&text).map_err(|error| {
            let detail = text::excerpt(&error.to_string());
            Error::content(format!("the response is not Imgur's JSON: {detail}")).with_source(error)
        })?;
        if envelope.success.as_ref().is_some_and(|success| *success != Value::Bool(true)) {
            return Err(Error::content(match error_message(body) {
                message if message.is_empty() => "Imgur reports a failure without a message".into(),
                message => message,
            }));
        }
        let list: Elements =
            envelope
                .data
                .and_then(|data| serde_json::from_str(data.get()).ok())
                .ok_or_else(|| Error::content("the response holds no list of images"))?;
        if list.total > Self::MAX_IMAGES {
            return Err(Error::content(format!(
                "the album lists more than {} images",
                Self::MAX_IMAGES
            )));
        }
        Ok(Self::of(list.first.into_iter().take(limit.unwrap_or(usize::MAX))))
    }

    fn of<'a>(list: impl Iterator<Item = &'a RawValue>) -> Self {
        let mut album = Self::default();
        let mut names = Names::default();
        let mut seen = HashSet::new();
        for (index, raw) in list.enumerate() {
            let listed: Listed = serde_json::from_str(raw.get()).unwrap_or_default();
            let (id, link) = (id_of(listed.id), link_of(listed.link));
            let (Some(id), Some(link)) = (&id, &link) else {
                let missing = if link.is_none() { "link" } else { "id" };
                let error = Error::content(format!("the album lists no {missing} for it"));
                let name = link.or(id).unwrap_or_else(|| format!("image {}", index + 1));
                album.rejected.push(Rejected { index, name, error });
                continue;
            };
            // Links that differ only in their fragment are the same image: the fragment is never
            // sent.
            let resource = link.split('#').next().unwrap_or_default();
            if !seen.insert(resource.to_owned()) {
                continue;
            }
            // The `size` of an animated image is not that of the file at `link`.
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

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    success: Option<Value>,
}

/// The fields of an element that are needed. Each may be missing or have an unexpected type.
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

/// A field's value. It is null if the field is missing, or if `Value` cannot hold it, as with
/// 1e999.
fn value(field: Option<&RawValue>) -> Value {
    field.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default()
}

/// An id: a non-empty string, or a number.
fn id_of(field: Option<&RawValue>) -> Option<String> {
    match value(field) {
        Value::String(id) if !id.is_empty() => Some(id),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// A link: a string that is not blank, without the whitespace around it.
fn link_of(field: Option<&RawValue>) -> Option<String> {
    value(field).as_str().map(str::trim).filter(|link| !link.is_empty()).map(str::to_owned)
}

/// The first [`Album::MAX_IMAGES`] elements of a list, and the number of all. Further elements are
/// only counted, to save memory: [`Album::MAX_BYTES`] have room for 16 million.
#[derive(Default)]
struct Elements<'a> {
    first: Vec<&'a RawValue>,
    total: usize,
}

impl<'de: 'a, 'a> Deserialize<'de> for Elements<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;

        impl<'de> Visitor<'de> for List {
            type Value = Elements<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut elements = Elements::default();
                while elements.total < Album::MAX_IMAGES {
                    let Some(element) = list.next_element()? else { return Ok(elements) };
                    elements.first.push(element);
                    elements.total += 1;
                }
                while list.next_element::<IgnoredAny>()?.is_some() {
                    elements.total += 1;
                }
                Ok(elements)
            }
        }

        deserializer.deserialize_seq(List)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Arbitrary JSON, some of it close to a response from Imgur.
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

    fn links(body: &str) -> Vec<String> {
        let album = Album::parse(body.as_bytes(), None).unwrap();
        album.images.into_iter().map(|image| image.link).collect()
    }

    #[test]
    fn an_image_is_listed_once_whatever_its_fragment_and_blanks() {
        let body = r#"{"data": [
            {"id": "a", "link": " http://h/a.png\n"}, {"id": "a", "link": "http://h/a.png#x"},
            {"id": 7, "link": "http://h/b.png#y"}, {"id": 0, "link": "http://h/b.png"}
        ]}"#;
        assert_eq!(links(body), ["http://h/a.png", "http://h/b.png#y"]);
    }

    #[test]
    fn a_list_may_have_a_hundred_thousand_elements_and_no_more() {
        let body = |count| format!("{{\"data\": [{}0]}}", "0,".repeat(count - 1));
        let album = Album::parse(body(Album::MAX_IMAGES).as_bytes(), Some(2)).unwrap();
        assert_eq!(album.rejected.len(), 2);
        let error = Album::parse(body(Album::MAX_IMAGES + 1).as_bytes(), Some(2)).unwrap_err();
        assert!(error.to_string().contains("more than 100000 images"), "{error}");
    }

    #[test]
    fn a_list_of_a_million_brackets_is_refused() {
        assert!(Album::parse("[".repeat(1_000_000).as_bytes(), None).is_err());
        let deep = format!("{{\"data\":[{}]}}", "[".repeat(100_000));
        assert!(Album::parse(deep.as_bytes(), None).is_err());
    }
}
