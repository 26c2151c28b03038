//! Which clients may control the server: those on this machine, and those that know the token.

use crate::host;
use http::header::{HeaderMap, ORIGIN};
use std::net::SocketAddr;

/// Carries the token, or nothing. A page of another server cannot send this header: the browser would
/// first ask this server for permission (CORS), which it never grants.
const TOKEN: &str = "x-practice-token";

/// Whether a request may change the rules.
///
/// A request without the token must come from this machine, with `localhost` or a loopback address
/// as its `Host`: under any other name it may come from a page of another server whose name was made
/// to resolve to this machine (DNS rebinding).
pub fn may_control(from: SocketAddr, headers: &HeaderMap, token: Option<&str>) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(given) = text(TOKEN) else { return false };
    let host = host::of(headers);
    if text(ORIGIN.as_str()).is_some_and(|origin| origin != format!("http://{host}")) {
        return false;
    }
    let is_here = from.ip().to_canonical().is_loopback() && host::is_loopback(host);
    is_here || token == Some(given)
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
            (there, "192.168.1.2:8080", Some("secret"), Some("http://evil.example"), false),
        ] {
            let mut lines = vec![("host", host)];
            lines.extend(token.map(|token| (TOKEN, token)));
            lines.extend(origin.map(|origin| ("origin", origin)));
            let allowed = may_control(from.parse().unwrap(), &headers(&lines), Some("secret"));
            assert_eq!(allowed, may, "{from} {lines:?}");
        }
        let no_token = headers(&[("host", "192.168.1.2:8080"), (TOKEN, "")]);
        assert!(!may_control(there.parse().unwrap(), &no_token, None), "the server has no token");
    }
}
