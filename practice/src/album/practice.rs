//! The practice album: the ids of its images, and the bytes of each file.

use super::picture;
use bytes::Bytes;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::thread;

/// The id of the practice album: the same as that of the Imgur album in the 2019 article.
pub const ID: &str = "PdA9Amq";

/// An album whose pictures are painted once and kept.
pub struct Album {
    ids: Vec<String>,
    indices: HashMap<String, usize>,
    /// The pictures' indices: the image at index 0 has the picture `first`, and so on.
    first: usize,
    painted: Vec<OnceLock<Bytes>>,
    image_bytes: Option<usize>,
}

impl Album {
    /// Creates an album of `len` images, each of about `image_bytes` bytes if given. A background
    /// thread paints them, in the album's order. `draw` chooses the ids and the pictures; 0 gives
    /// the usual ones.
    pub fn new(len: usize, draw: u64, image_bytes: Option<usize>) -> Arc<Self> {
        let ids: Vec<String> = (0..len).map(|index| id(index, draw)).collect();
        let album = Arc::new(Self {
            indices: ids.iter().cloned().zip(0..).collect(),
            ids,
            first: (draw % picture::COUNT as u64) as usize,
            painted: vec![OnceLock::new(); picture::COUNT],
            image_bytes,
        });
        let painter = Arc::clone(&album);
        // If no thread can be started, each picture is painted at its first request.
        drop(thread::Builder::new().spawn(move || {
            for index in 0..painter.ids.len().min(picture::COUNT) {
                drop(painter.image(index));
            }
        }));
        album
    }

    /// The ids in the album's order.
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// Width and height in pixels of the picture at an index.
    pub fn dimensions(&self, index: usize) -> (usize, usize) {
        self.image_bytes.map_or_else(|| picture::dimensions(index), picture::dimensions_for)
    }

    /// Whether the album has a file of this name.
    pub fn has(&self, name: &str) -> bool {
        self.index(name).is_some()
    }

    /// The bytes of the file of this name.
    pub fn file(&self, name: &str) -> Option<Bytes> {
        self.index(name).map(|index| self.image(index))
    }

    fn index(&self, name: &str) -> Option<usize> {
        self.indices.get(name.strip_suffix(".png")?).copied()
    }

    /// The picture of the image at this index: after [`picture::COUNT`] they repeat.
    pub fn picture(&self, index: usize) -> usize {
        self.first + index
    }

    fn image(&self, index: usize) -> Bytes {
        let picture = self.picture(index) % picture::COUNT;
        self.painted[picture]
            .get_or_init(|| picture::paint(picture, self.dimensions(picture)))
            .clone()
    }
}

/// The id of an image: seven letters and digits, as on Imgur (some clients accept no other length),
/// different for each index of an album.
fn id(index: usize, draw: u64) -> String {
    /// Keeps the product below within 64 bits.
    const MAX_FIRST: u64 = 500_000_000;
    const DIGITS: &[u8; 36] = b"kd4xq0mz7bhr2wvn9tcgy5sjf1pl8aeu6i3o";
    // The factor is coprime with 36^7, so different indices give different ids.
    let first = draw % MAX_FIRST;
    let mut rest = (first + index as u64 + 1) * 29_144_627_137 % 36_u64.pow(7);
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
        let ids: HashSet<String> = (0..20_000).map(|index| id(index, 0)).collect();
        assert_eq!(ids.len(), 20_000);
        assert!(ids.iter().all(|id| *id == id.to_lowercase() && id.len() == 7));
    }
}
