//! Which clients may control the server, and which pages may follow it.

use crate::host;
use http::header::{HeaderMap, ORIGIN};
use std::net::SocketAddr;

/// The header that every request to the controls must have. It holds the token, or is empty. A page
/// of another server cannot send it: the browser would first ask this server for permission (CORS),
/// which it never grants.
const TOKEN: &str = "x-practice-token";

/// Whether a request may change the rules. It must carry the header with the token, or with any
/// value if it comes from this machine.
///
/// "From this machine" means a loopback connection without a header of a proxy, and `localhost` or
/// a loopback address as its `Host`: under any other name it may come from a page of another server
/// whose name was made to resolve to this machine (DNS rebinding). A tunnel that only forwards
/// bytes can't be told from this machine.
pub fn may_control(from: SocketAddr, headers: &HeaderMap, token: Option<&str>) -> bool {
    let Some(given) = headers.get(TOKEN) else { return false };
    if token.is_some_and(|token| given == token) {
        return true;
    }
    let is_local = from.ip().to_canonical().is_loopback() && host::is_loopback(host::of(headers));
    is_local && !has_passed_a_proxy(headers) && is_own_origin(headers)
}

/// Whether a request may follow the live view. Pages of other servers may not, because they could
/// read the students' names. Hosts that public DNS can resolve may belong to such pages: see
/// [`may_control`].
pub fn may_follow(headers: &HeaderMap) -> bool {
    let host = host::of(headers);
    (host.is_empty() || host::is_private(host)) && is_own_origin(headers)
}

fn has_passed_a_proxy(headers: &HeaderMap) -> bool {
    headers.keys().map(http::HeaderName::as_str).any(|name| {
        matches!(name, "forwarded" | "via" | "x-real-ip") || name.starts_with("x-forwarded-")
    })
}

/// Whether a request comes from a page of this server, or from no page.
fn is_own_origin(headers: &HeaderMap) -> bool {
    let own = format!("http://{}", host::of(headers));
    headers.get(ORIGIN).is_none_or(|origin| origin == own.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderName;

    fn headers(lines: &[(&str, &str)]) -> HeaderMap {
        let lines = lines.iter().map(|(name, value)| {
            (HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap())
        });
        lines.collect()
    }

    #[test]
    fn only_this_machine_and_the_token_may_control() {
        let (here, there) = ("127.0.0.1:5000", "192.168.1.7:5000");
        for (from, host, token, origin, may) in [
            (here, "127.0.0.1:8080", Some(""), None, true),
            (here, "localhost:8080", Some(""), Some("http://localhost:8080"), true),
            ("[::1]:5000", "[::1]:8080", Some(""), None, true),
            ("[::ffff:127.0.0.1]:5000", "localhost", Some(""), None, true),
            ("127.0.0.2:5000", "127.0.0.2:8080", Some(""), None, true),
            (here, "127.9.8.7", Some(""), Some("http://127.9.8.7"), true),
            (here, "[::1]", Some(""), None, true),
            (here, "[::ffff:127.0.0.1]:8080", Some(""), None, true),
            // A page of another server.
            (here, "127.0.0.1:8080", None, None, false),
            (here, "127.0.0.1:8080", Some(""), Some("http://evil.example"), false),
            (here, "127.0.0.1:8080", Some(""), Some("null"), false),
            // Another name that resolves to this machine.
            (here, "evil.example:8080", Some(""), Some("http://evil.example:8080"), false),
            (here, "127.0.0.1.evil.example", Some(""), None, false),
            (here, "[127.0.0.1.evil.example]", Some(""), None, false),
            (here, "localhost.evil.example", Some(""), None, false),
            // Not a loopback address.
            (here, "192.168.1.2:8080", Some(""), None, false),
            (here, "0.0.0.0:8080", Some(""), None, false),
            (here, "[::]:8080", Some(""), None, false),
            (here, "", Some(""), None, false),
            // Another machine.
            (there, "192.168.1.2:8080", Some(""), None, false),
            (there, "127.0.0.1:8080", Some(""), None, false),
            (there, "192.168.1.2:8080", Some("secre"), None, false),
            (there, "192.168.1.2:8080", Some("secret"), None, true),
            (there, "192.168.1.2:8080", Some("secret"), Some("http://192.168.1.2:8080"), true),
            // Through a tunnel that has a name of its own.
            (here, "localhost:8080", Some("secret"), Some("https://tunnel.example"), true),
            (here, "localhost:8080", Some(""), Some("https://tunnel.example"), false),
        ] {
            let mut lines = vec![("host", host)];
            lines.extend(token.map(|token| (TOKEN, token)));
            lines.extend(origin.map(|origin| ("origin", origin)));
            let allowed = may_control(from.parse().unwrap(), &headers(&lines), Some("secret"));
            assert_eq!(allowed, may, "{from} {lines:?}");
        }
        for name in ["Forwarded", "Via", "X-Real-IP", "X-Forwarded-For", "X-Forwarded-Host"] {
            for (token, may) in [("", false), ("secret", true)] {
                let lines = [("host", "localhost:8080"), (TOKEN, token), (name, "192.168.1.7")];
                let allowed = may_control(here.parse().unwrap(), &headers(&lines), Some("secret"));
                assert_eq!(allowed, may, "{lines:?}");
            }
        }
        let no_token = headers(&[("host", "192.168.1.2:8080"), (TOKEN, "")]);
        assert!(!may_control(there.parse().unwrap(), &no_token, None), "the server has no token");
    }

    #[test]
    fn no_page_of_another_server_may_follow() {
        for (host, origin, may) in [
            ("192.168.1.2:8080", None, true),
            ("192.168.1.2:8080", Some("http://192.168.1.2:8080"), true),
            ("teacher.local:8080", None, true),
            ("localhost", None, true),
            ("192.168.1.2:8080", Some("http://evil.example"), false),
            ("evil.example:8080", None, false),
            ("evil.example:8080", Some("http://evil.example:8080"), false),
        ] {
            let mut lines = vec![("host", host)];
            lines.extend(origin.map(|origin| ("origin", origin)));
            assert_eq!(may_follow(&headers(&lines)), may, "{lines:?}");
        }
        assert!(may_follow(&headers(&[])), "not a browser");
    }
}
