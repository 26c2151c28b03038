//! What the head of an answer means, before its body is read.

use crate::album;
use crate::fault::Fault;
use crate::retry;
use http::{HeaderMap, StatusCode, header};
use url::Url;

/// How many redirects are followed.
pub const MOST_REDIRECTS: usize = 10;

/// How much of the body of a refusal is read, in bytes: it holds a line of words, or a page.
pub const REFUSAL: u64 = 1 << 20;

/// Where an answer from `url` redirects to, if it does.
pub fn redirect(url: &Url, status: StatusCode, headers: &HeaderMap) -> Result<Option<Url>, Fault> {
    let moved = matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308);
    let Some(location) = headers.get(header::LOCATION).filter(|_| moved) else {
        return Ok(None);
    };
    let target = location.to_str().ok().and_then(|location| url.join(location).ok());
    let target = target.and_then(openable);
    target.map(Some).ok_or_else(|| Fault::lasting("redirected to no http or https address"))
}

/// The address as it is sent, if both clients can: http or https, and not longer than 64 KiB.
pub(crate) fn openable(mut url: Url) -> Option<Url> {
    url.set_fragment(None);
    // The clients would send them in different ways; Imgur's links hold none.
    let _ = (url.set_username(""), url.set_password(None));
    let fits = url.as_str().parse::<http::Uri>().is_ok();
    (fits && matches!(url.scheme(), "http" | "https")).then_some(url)
}

/// The fault of an answer that redirects too often.
pub fn too_many_redirects() -> Fault {
    Fault::lasting("too many redirects")
}

/// Whether an answer from `url` can be an image: Imgur answers with status 200 also where there is
/// none, with a page or with a picture that says "removed".
pub fn is_image(url: &Url, status: StatusCode, headers: &HeaderMap) -> Result<(), Fault> {
    if url.path().ends_with("/removed.png") {
        return Err(Fault::lasting("the image was removed"));
    }
    let kind = headers.get(header::CONTENT_TYPE).map_or(&[][..], |kind| kind.as_bytes());
    if status == StatusCode::OK && kind.to_ascii_lowercase().starts_with(b"text/html") {
        return Err(Fault::lasting("an HTML page came instead of an image"));
    }
    Ok(())
}

/// The fault of an image's answer whose status is not 200.
pub fn refused(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Fault {
    retry::refused(status, headers, &album::words(&String::from_utf8_lossy(body)))
}
