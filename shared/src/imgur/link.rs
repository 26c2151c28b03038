//! Which links are followed.

use http::Uri;
use url::Url;

/// Maximum length of a URL that both clients can send, in bytes. It is that of [`Uri`].
const MAX_URL: usize = u16::MAX as usize - 1;

/// The URL as it is sent: without a fragment, a user or a password.
///
/// # Errors
/// Returns what the URL is if it cannot be sent, such as "neither http nor https".
pub(crate) fn sendable(mut url: Url) -> Result<Url, &'static str> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err("neither http nor https");
    }
    url.set_fragment(None);
    // Both fail only for URLs without a host, and http URLs have one.
    let _ = (url.set_username(""), url.set_password(None));
    if url.as_str().len() > MAX_URL {
        return Err("longer than 64 KiB");
    }
    // `Url` accepts some characters that `Uri`, which both clients use, may not.
    if url.as_str().parse::<Uri>().is_err() { Err("not a valid URL") } else { Ok(url) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_sent_is_called_what_it_is() {
        let reason = |url: &str| sendable(Url::parse(url).unwrap()).err();
        let of_length = |length| format!("http://h/{}", "x".repeat(length - "http://h/".len()));
        assert_eq!(reason(&of_length(MAX_URL)), None);
        assert_eq!(reason(&of_length(MAX_URL + 1)), Some("longer than 64 KiB"));
        assert_eq!(reason(&format!("http://h/#{}", "x".repeat(MAX_URL))), None);
        assert_eq!(reason("ftp://h/x"), Some("neither http nor https"));
        assert_eq!(reason("mailto:x"), Some("neither http nor https"));
    }
}
