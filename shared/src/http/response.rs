//! What a response means, by its status and headers.

use super::{network, retry};
use crate::error::Error;
use crate::imgur::{Album, sendable};
use http::{HeaderMap, StatusCode, Version, header};
use url::Url;

/// Maximum number of redirects that are followed for one request.
pub const MAX_REDIRECTS: usize = 10;

/// Maximum size of an error response's body, in decoded bytes. It holds a message or an HTML page;
/// a larger body is ignored.
pub const MAX_ERROR_BODY: u64 = 64 << 10;

/// Maximum size of an image, in decoded bytes.
pub const MAX_IMAGE: u64 = 256 << 20;

/// The URL that a response from `url` redirects to; `None` if it does not redirect.
///
/// # Errors
/// If the target is not a valid http or https URL, or is longer than 64 KiB.
pub fn redirect(url: &Url, status: StatusCode, headers: &HeaderMap) -> Result<Option<Url>, Error> {
    let moved = matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308);
    let Some(location) = headers.get(header::LOCATION).filter(|_| moved) else {
        return Ok(None);
    };
    // Some servers send UTF-8 without percent-encoding it.
    let location = std::str::from_utf8(location.as_bytes()).ok();
    let target = location.and_then(|location| url.join(location).ok());
    let target = target.ok_or("not a valid URL").and_then(sendable);
    target
        .map(Some)
        .map_err(|reason| Error::content(format!("redirected to an address that is {reason}")))
}

/// The error of a request that is redirected more than [`MAX_REDIRECTS`] times.
pub fn too_many_redirects() -> Error {
    Error::content("too many redirects")
}

/// Checks that the end of the body can be found. Otherwise, framing could be saved as content.
///
/// # Errors
/// For a `Transfer-Encoding` other than `chunked` alone, or any in HTTP/1.0 (RFC 9112, section
/// 6.1).
pub fn check_framing(version: Version, headers: &HeaderMap) -> Result<(), Error> {
    let mut lines = headers.get_all(header::TRANSFER_ENCODING).iter();
    let is_chunked = |line: &[u8]| line.trim_ascii().eq_ignore_ascii_case(b"chunked");
    let is_known = match (lines.next(), lines.next()) {
        (None, _) => true,
        (Some(line), None) => version != Version::HTTP_10 && is_chunked(line.as_bytes()),
        (Some(_), Some(_)) => false,
    };
    if is_known { Ok(()) } else { Err(network::not_http()) }
}

/// Checks the first bytes of an image's decoded body, after blanks and a byte-order mark.
///
/// # Errors
/// If they are the beginning of an HTML page or of JSON. Some servers send these with status 200
/// and the content type of an image.
pub(super) fn check_first_bytes(bytes: &[u8]) -> Result<(), Error> {
    let text = bytes.to_ascii_lowercase();
    if text.starts_with(b"<!doctype html") || text.starts_with(b"<html") {
        return Err(page());
    }
    if text.starts_with(b"{") {
        return Err(Error::content("received JSON instead of an image"));
    }
    Ok(())
}

fn page() -> Error {
    Error::content("received an HTML page instead of an image")
}

/// Maximum size of the response to a request for an album, in decoded bytes. It is smaller for an
/// error status.
pub fn max_album_body(status: StatusCode) -> u64 {
    if status == StatusCode::OK { Album::MAX_BYTES } else { MAX_ERROR_BODY }
}

/// Checks that a response from `url` can be an image, before its body is read.
///
/// # Errors
/// For an image that was removed, for an HTML page, and for an image larger than [`MAX_IMAGE`].
/// Imgur sends the first two with status 200.
pub fn check_image(url: &Url, status: StatusCode, headers: &HeaderMap) -> Result<(), Error> {
    if url.path().ends_with("/removed.png") {
        return Err(Error::content("the image was removed"));
    }
    if status != StatusCode::OK {
        // `retry::status_error` handles these, once the client has read the message in the body.
        return Ok(());
    }
    let kind = headers.get(header::CONTENT_TYPE).map_or(&[][..], |kind| kind.as_bytes());
    if kind.to_ascii_lowercase().starts_with(b"text/html") {
        return Err(page());
    }
    let length = headers.get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > MAX_IMAGE) {
        return Err(Error::content(format!("larger than {} MiB", MAX_IMAGE >> 20)));
    }
    Ok(())
}

/// Parses the response to a request for an album, and uses at most the first `limit` elements of
/// its list.
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
        return Err(retry::status_error(status, headers, body));
    }
    Album::parse(&body?, limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &header::HeaderName, lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            let _ = headers.append(name, line.parse().unwrap());
        }
        headers
    }

    #[test]
    fn only_chunked_alone_is_known_framing() {
        let check = |version, lines: &[&str]| {
            check_framing(version, &headers(&header::TRANSFER_ENCODING, lines)).is_ok()
        };
        assert!(check(Version::HTTP_11, &[]) && check(Version::HTTP_10, &[]));
        assert!(check(Version::HTTP_11, &["chunked"]) && check(Version::HTTP_11, &["Chunked "]));
        for lines in [&["gzip, chunked"][..], &["gzip"], &["chunked", "chunked"], &["identity"]] {
            assert!(!check(Version::HTTP_11, lines), "{lines:?}");
        }
        assert!(!check(Version::HTTP_10, &["chunked"]));
    }

    #[test]
    fn redirects_lead_to_http_addresses_only() {
        let url = Url::parse("http://h/a/b.png").unwrap();
        let target = |location: &str| {
            let mut headers = HeaderMap::new();
            let value = http::HeaderValue::from_bytes(location.as_bytes()).unwrap();
            headers.extend([(header::LOCATION, value)]);
            redirect(&url, StatusCode::FOUND, &headers).map(|url| url.unwrap().to_string())
        };
        assert_eq!(target("c.png#x").unwrap(), "http://h/a/c.png");
        assert_eq!(target("/grüße").unwrap(), "http://h/gr%C3%BC%C3%9Fe");
        assert!(target("ftp://h/x").is_err() && target("http://").is_err());
        assert_eq!(redirect(&url, StatusCode::OK, &HeaderMap::new()).unwrap(), None);
    }
}
