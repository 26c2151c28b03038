//! The album `trouble`: every way in which a download goes wrong, once, and some that only look
//! like it.
//!
//! It is the same for everybody. What happens the first time only happens the first time in every
//! run, since a client that asks for the album starts anew.

use crate::{picture, png};
use bytes::Bytes;
use serde_json::{Value, json};

/// The id of the album.
pub const ID: &str = "trouble";

/// How an image is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// As it should be.
    Fine,
    /// With this status, always.
    Status(u16),
    /// With this status the first time, then as it should be.
    StatusOnce(u16),
    /// The length is announced, but the connection ends half way.
    CutShort,
    /// No length is announced, and only half of it comes.
    HalfWithoutLength,
    /// In chunks, and the connection ends half way.
    ChunksCut,
    /// With a page that says nothing, and status 200.
    Page,
    /// With nothing, and status 200.
    Empty,
    /// With the address of another image.
    Redirect(&'static str),
    /// Some of it every tenth of a second: slow, but steady.
    Slow,
    /// Half of it, and then nothing more.
    Silent,
}

/// What stands in the album, in its order: the end of the link, and what happens there.
const IMAGES: [(&str, Behaviour); 21] = [
    ("healthy.png", Behaviour::Fine),
    ("not-found.png", Behaviour::Status(404)),
    ("gone.png", Behaviour::Status(410)),
    ("stumbles-once.png", Behaviour::StatusOnce(500)),
    ("always-down.png", Behaviour::Status(503)),
    ("busy-for-a-second.png", Behaviour::StatusOnce(429)),
    ("cut-short.png", Behaviour::CutShort),
    ("half-of-it.png", Behaviour::HalfWithoutLength),
    ("chunks-cut.png", Behaviour::ChunksCut),
    ("a-page.png", Behaviour::Page),
    ("empty.png", Behaviour::Empty),
    ("was-removed.png", Behaviour::Redirect("/removed.png")),
    ("has-moved.png", Behaviour::Redirect("/trouble/healthy.png")),
    ("slow-but-steady.png", Behaviour::Slow),
    ("goes-silent.png", Behaviour::Silent),
    // Once more: it is downloaded only once.
    ("healthy.png", Behaviour::Fine),
    ("Twin.png", Behaviour::Fine),
    ("twin.png", Behaviour::Fine),
    ("numbered.png?1", Behaviour::Fine),
    ("ftp", Behaviour::Fine),
    ("..%2f..%2f.hostile\u{1b}[31m.png", Behaviour::Fine),
];

/// What happens at `/trouble/{name}`, and at which place in the album.
pub fn behaviour(name: &str) -> Option<(usize, Behaviour)> {
    let found = IMAGES.iter().position(|(image, _)| {
        // The hostile one arrives with its control character encoded.
        image.split('?').next() == Some(name) || (image.starts_with("..") && name.starts_with(".."))
    });
    found.map(|place| (place, IMAGES[place].1))
}

/// The number of the picture behind a place: a small one, so that the album takes no time but
/// that of its troubles.
pub fn picture(place: usize) -> usize {
    const SMALL: [usize; 9] = [0, 5, 10, 13, 18, 26, 31, 34, 39];
    match IMAGES[place].1 {
        // What is redirected to is the first one.
        Behaviour::Redirect(_) => SMALL[0],
        _ => SMALL[place % SMALL.len()],
    }
}

/// The list of the album, as the API gives it.
pub fn images(host: &str) -> Value {
    let listed = IMAGES.iter().enumerate().map(|(place, (name, _))| {
        let link = match *name {
            "ftp" => format!("ftp://{host}/trouble/ftp.png"),
            name => format!("http://{host}/trouble/{name}"),
        };
        let (width, height) = picture::dimensions(picture(place));
        json!({
            "id": format!("troub{place:02}"),
            "title": null,
            "type": "image/png",
            "animated": false,
            "width": width,
            "height": height,
            "size": png::size(width, height),
            "link": link,
        })
    });
    listed.collect()
}

/// The picture that stands where an image was removed.
pub fn removed() -> Bytes {
    let (width, height) = (161, 81);
    png::encode(width, &[[0xcc; 3]; 256], &vec![0; width * height]).into()
}
