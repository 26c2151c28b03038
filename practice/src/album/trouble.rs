//! The album `trouble`: one image for each way in which a download fails, and some that only look
//! like failures.

use super::picture;
use bytes::Bytes;
use serde_json::{Value, json};

/// The id of the album of failures.
pub const ID: &str = "trouble";

/// How the server responds to the request for an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// The image.
    Fine,
    /// This status.
    Status(u16),
    /// This status at the first attempt of a run, then the image.
    StatusOnce(u16),
    /// Half of the body, then a closed connection. The `Content-Length` is that of the whole image.
    CutShort,
    /// Half of the image as a complete chunked body.
    HalfWithoutLength,
    /// Half of the image in a chunked body, then a closed connection.
    ChunksCut,
    /// Status 200 with an HTML page.
    Page,
    /// Status 200 with an empty body.
    Empty,
    /// A redirect to this path.
    Redirect(&'static str),
    /// The image, at most 1,400 bytes every tenth of a second.
    Slow,
    /// Half of the body; then the connection stays open and nothing more is sent.
    Silent,
}

/// The images in the album's order: what follows `/trouble/` in the link (`ftp` marks a link with
/// another scheme), and the server's behaviour.
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
    // Listed twice: a client should download it once.
    ("healthy.png", Behaviour::Fine),
    ("Twin.png", Behaviour::Fine),
    ("twin.png", Behaviour::Fine),
    ("numbered.png?1", Behaviour::Fine),
    ("ftp", Behaviour::Fine),
    ("..%2f..%2f.hostile\u{1b}[31m.png", Behaviour::Fine),
];

/// The image at `/trouble/{name}`, and how the server responds to a request for it.
pub fn image(name: &str) -> Option<(Bytes, Behaviour)> {
    let index = IMAGES.iter().position(|(image, _)| {
        // The hostile name is matched by its prefix: clients percent-encode its control character
        // in different ways.
        image.split('?').next() == Some(name) || (image.starts_with("..") && name.starts_with(".."))
    })?;
    let picture = picture(index);
    let bytes = picture::paint(picture, picture::dimensions(picture));
    Some((bytes, IMAGES[index].1))
}

/// The index of an image's picture: a small one, so that the failures take nearly all of a run's
/// time.
fn picture(index: usize) -> usize {
    const SMALL: [usize; 9] = [0, 5, 10, 13, 18, 26, 31, 34, 39];
    match IMAGES[index].1 {
        // `has-moved.png` redirects to `healthy.png`, the first image. `was-removed.png` redirects
        // to a grey picture, and the list describes the image that was removed, as Imgur's does.
        Behaviour::Redirect(_) => SMALL[0],
        _ => SMALL[index % SMALL.len()],
    }
}

/// The number of images in the album.
pub const LEN: usize = IMAGES.len();

/// An image in the album's list, in the format of the API, with `host` in its link.
pub fn entry(index: usize, host: &str) -> Value {
    let link = match IMAGES[index].0 {
        "ftp" => format!("ftp://{host}/trouble/ftp.png"),
        name => format!("http://{host}/trouble/{name}"),
    };
    let picture = picture(index);
    let (width, height) = picture::dimensions(picture);
    json!({
        "id": format!("troub{index:02}"),
        "title": null,
        "type": "image/png",
        "animated": false,
        "width": width,
        "height": height,
        "size": picture::size((width, height)),
        "link": link,
    })
}
