//! Who may control the server: whoever sits at this machine, or knows the token.

use http::header::{HOST, HeaderMap, ORIGIN};
use std::net::{IpAddr, SocketAddr};

/// Carries the token, or nothing. A page from elsewhere cannot send it: a browser would ask the
/// server for its consent first, which it never gives.
const TOKEN: &str = "x-practice-token";

/// Whether a request may change the rules.
///
/// Without a token it has to come from this machine, and has to know it as `localhost` or by an
/// address that always means this machine: a page from elsewhere may have a name that leads here, too
/// (DNS rebinding).
pub fn may_control(from: SocketAddr, headers: &HeaderMap, token: Option<&str>) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(given) = text(TOKEN) else { return false };
    let host = text(HOST.as_str()).unwrap_or_default();
    if text(ORIGIN.as_str()).is_some_and(|origin| origin != format!("http://{host}")) {
        return false;
    }
    let is_here = from.ip().to_canonical().is_loopback() && is_loopback(host);
    is_here || token == Some(given)
}

/// The address to tell students: the one that they came by, unless only this machine knows it.
pub fn address(headers: &HeaderMap, reachable: SocketAddr) -> String {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let proper = |letter: char| letter.is_ascii_alphanumeric() || ".:-[]".contains(letter);
    if host.is_empty() || is_loopback(host) || !host.chars().all(proper) {
        return reachable.to_string();
    }
    host.to_owned()
}

fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    };
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    let address: Option<IpAddr> = bare.unwrap_or(name).parse().ok();
    name == "localhost" || address.is_some_and(|address| address.to_canonical().is_loopback())
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
            // A page from elsewhere.
            (here, "127.0.0.1:8080", None, None, false),
            (here, "127.0.0.1:8080", Some(""), Some("http://evil.example"), false),
            (here, "127.0.0.1:8080", Some(""), Some("null"), false),
            // A name that leads here.
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
            let asked = may_control(from.parse().unwrap(), &headers(&lines), Some("secret"));
            assert_eq!(asked, may, "{from} {lines:?}");
        }
        let strange = headers(&[("host", "192.168.1.2:8080"), (TOKEN, "")]);
        assert!(!may_control(there.parse().unwrap(), &strange, None), "no token, no entry");
    }

    #[test]
    fn students_are_told_an_address_that_leads_here() {
        let reachable = "192.168.1.2:8080".parse().unwrap();
        for (host, told) in [
            ("teacher.local:8080", "teacher.local:8080"),
            ("192.168.1.2:8080", "192.168.1.2:8080"),
            ("127.0.0.1:8080", "192.168.1.2:8080"),
            ("localhost", "192.168.1.2:8080"),
            ("127.0.0.2:8080", "192.168.1.2:8080"),
            ("[::1]:8080", "192.168.1.2:8080"),
            ("<script>", "192.168.1.2:8080"),
            ("", "192.168.1.2:8080"),
        ] {
            assert_eq!(address(&headers(&[("host", host)]), reachable), told);
        }
        assert_eq!(address(&headers(&[]), reachable), "192.168.1.2:8080");
    }
}
