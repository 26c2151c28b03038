//! Which links are followed.

use http::Uri;
use url::Url;

/// The URL as it is sent: without a fragment, a user or a password. `None` if the scheme is not
/// http or https, or if one of the clients cannot send the URL, as when it is over 64 KiB.
pub(crate) fn sendable(mut url: Url) -> Option<Url> {
    url.set_fragment(None);
    // Both fail only for URLs without a host, which are filtered out below.
    let _ = (url.set_username(""), url.set_password(None));
    let both_can = url.as_str().parse::<Uri>().is_ok();
    (both_can && matches!(url.scheme(), "http" | "https")).then_some(url)
}
