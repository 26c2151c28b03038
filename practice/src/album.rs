//! The practice album: which images it lists, and the bytes behind each link.

use crate::{picture, png};
use bytes::Bytes;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::thread;

/// The id of the album of the 2019 article, under which ours is served.
pub const ID: &str = "PdA9Amq";

/// An album of `len` images, painted once and kept.
pub struct Album {
    /// Where an image stands in the album, by its id.
    places: HashMap<String, usize>,
    ids: Vec<String>,
    painted: Vec<OnceLock<Bytes>>,
}

impl Album {
    /// Starts painting at once, in the background and in the album's order, so that nobody waits.
    pub fn new(len: usize) -> Arc<Self> {
        let ids: Vec<String> = (0..len).map(id).collect();
        let album = Arc::new(Self {
            places: ids.iter().cloned().zip(0..).collect(),
            ids,
            painted: vec![OnceLock::new(); picture::COUNT.min(len)],
        });
        let painter = Arc::clone(&album);
        // Where no more threads are to be had, each picture is painted when it is asked for.
        drop(thread::Builder::new().spawn(move || {
            for place in 0..painter.painted.len() {
                drop(painter.image(place));
            }
        }));
        album
    }

    /// The ids in the album's order.
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// Whether it has an image, by the name of its file.
    pub fn has(&self, name: &str) -> bool {
        name.strip_suffix(".png").is_some_and(|id| self.places.contains_key(id))
    }

    /// The bytes of an image, by the name of its file.
    pub fn file(&self, name: &str) -> Option<Bytes> {
        self.places.get(name.strip_suffix(".png")?).map(|place| self.image(*place))
    }

    /// The file of the image at this place, painted now if it was not yet.
    fn image(&self, place: usize) -> Bytes {
        let number = place % picture::COUNT;
        self.painted[number].get_or_init(|| picture::paint(number)).clone()
    }
}

/// Width and height in pixels and size in bytes of the image at this place.
pub fn shape(place: usize) -> (usize, usize, usize) {
    let (width, height) = picture::dimensions(place);
    (width, height, png::size(width, height))
}

/// Seven letters and digits, as at Imgur (some clients take no other length), all different.
fn id(place: usize) -> String {
    const DIGITS: &[u8; 36] = b"kd4xq0mz7bhr2wvn9tcgy5sjf1pl8aeu6i3o";
    // Multiplying by a number that shares no factor with 36 only reorders what it is taken modulo.
    let mut rest = (place as u64 + 1) * 29_144_627_137 % 36_u64.pow(7);
    let mut id = String::new();
    for _ in 0..7 {
        id.push(char::from(DIGITS[(rest % 36) as usize]));
        rest /= 36;
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn ids_differ_even_where_case_is_ignored() {
        let ids: HashSet<String> = (0..20_000).map(id).collect();
        assert_eq!(ids.len(), 20_000);
        assert!(ids.iter().all(|id| *id == id.to_lowercase() && id.len() == 7));
    }
}
