//! What a response means, by its status and headers.

use super::retry;
use crate::error::{Error, ErrorKind};
use crate::imgur::{Album, error_message, sendable};
use http::{HeaderMap, StatusCode, header};
use url::Url;

/// How many redirects are followed.
pub const MAX_REDIRECTS: usize = 10;

/// How much of an error response's body is read, in bytes: it holds a message, or a page.
pub const MAX_ERROR_BODY: u64 = 1 << 20;

/// The largest image that is saved, in decoded bytes.
pub const MAX_IMAGE: u64 = 256 << 20;

/// Where a response from `url` redirects to, if it does.
///
/// # Errors
/// If the target is not an http or https URL.
pub fn redirect(url: &Url, status: StatusCode, headers: &HeaderMap) -> Result<Option<Url>, Error> {
    let moved = matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308);
    let Some(location) = headers.get(header::LOCATION).filter(|_| moved) else {
        return Ok(None);
    };
    let target = location.to_str().ok().and_then(|location| url.join(location).ok());
    let target = target.and_then(sendable);
    target.map(Some).ok_or_else(|| content("redirected to an address that is not http or https"))
}

/// The error of a request that is redirected more than [`MAX_REDIRECTS`] times.
pub fn too_many_redirects() -> Error {
    content("too many redirects")
}

/// Checks that a response from `url` can be an image, before its body is read.
///
/// # Errors
/// For an image that was removed, for an HTML page, and for an image larger than [`MAX_IMAGE`].
/// Imgur sends the first two with status 200.
pub fn check_image(url: &Url, status: StatusCode, headers: &HeaderMap) -> Result<(), Error> {
    if url.path().ends_with("/removed.png") {
        return Err(content("the image was removed"));
    }
    if status != StatusCode::OK {
        // The client reads the error's message first.
        return Ok(());
    }
    let kind = headers.get(header::CONTENT_TYPE).map_or(&[][..], |kind| kind.as_bytes());
    if kind.to_ascii_lowercase().starts_with(b"text/html") {
        return Err(content("received an HTML page instead of an image"));
    }
    let length = headers.get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > MAX_IMAGE) {
        return Err(content(format!("larger than {} MiB", MAX_IMAGE >> 20)));
    }
    Ok(())
}

/// The error of a response whose status is not 200.
pub fn status_error(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Error {
    retry::status_error(status, headers, &error_message(body))
}

/// Reads the response to a request for an album: at most `limit` images of it.
///
/// # Errors
/// If the status is not 200, if the body did not arrive, or if it is not an album.
pub fn album(
    status: StatusCode,
    headers: &HeaderMap,
    body: Result<Vec<u8>, Error>,
    limit: Option<usize>,
) -> Result<Album, Error> {
    if status != StatusCode::OK {
        // Even if the message is incomplete, the status says what matters.
        return Err(status_error(status, headers, &body.unwrap_or_default()));
    }
    Album::parse(&body?, limit)
}

fn content(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Content, message)
}
