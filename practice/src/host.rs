//! The `Host` of a request: which address links and pages show, and whether it means this machine.

use http::header::{HOST, HeaderMap};
use std::net::{IpAddr, SocketAddr};

/// The `Host` header; empty if it is missing or not ASCII.
pub fn of(headers: &HeaderMap) -> &str {
    headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default()
}

/// The host in the links of the API: the client's own `Host`.
pub fn for_links(headers: &HeaderMap, listening: SocketAddr) -> String {
    match headers.get(HOST).map_or(&[][..], |host| host.as_bytes()) {
        [] => listening.to_string(),
        host => String::from_utf8_lossy(host).into_owned(),
    }
}

/// The address that the pages tell students: the page's own, unless only this machine knows it.
pub fn for_students(headers: &HeaderMap, reachable: SocketAddr) -> String {
    let host = of(headers);
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || ".:-[]".contains(letter);
    if host.is_empty() || is_loopback(host) || !host.chars().all(is_plain) {
        return reachable.to_string();
    }
    host.to_owned()
}

/// Whether a host is `localhost` or a loopback address.
pub fn is_loopback(host: &str) -> bool {
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

    #[test]
    fn students_see_an_address_that_leads_here() {
        let reachable = "192.168.1.2:8080".parse().unwrap();
        for (host, expected) in [
            ("teacher.local:8080", "teacher.local:8080"),
            ("192.168.1.2:8080", "192.168.1.2:8080"),
            ("127.0.0.1:8080", "192.168.1.2:8080"),
            ("localhost", "192.168.1.2:8080"),
            ("127.0.0.2:8080", "192.168.1.2:8080"),
            ("[::1]:8080", "192.168.1.2:8080"),
            ("<script>", "192.168.1.2:8080"),
            ("", "192.168.1.2:8080"),
        ] {
            let headers = HeaderMap::from_iter([(HOST, host.parse().unwrap())]);
            assert_eq!(for_students(&headers, reachable), expected);
        }
        assert_eq!(for_students(&HeaderMap::new(), reachable), "192.168.1.2:8080");
    }
}
