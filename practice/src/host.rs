//! The `Host` of a request: whether it is valid, which address links and pages show, and whether it
//! names this machine.

use http::header::{HOST, HeaderMap};
use http::{Request, Version};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// Max bytes of the name in a `Host`, as in DNS.
const MAX_NAME_BYTES: usize = 253;

/// Whether a request names its host as HTTP requires: once, as `name` or `name:port`. Only an
/// HTTP/1.0 request may omit it.
pub fn is_valid<B>(request: &Request<B>) -> bool {
    let mut hosts = request.headers().get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => request.version() < Version::HTTP_11,
        (Some(host), None) => host.to_str().is_ok_and(|host| name(host).is_some()),
        _ => false,
    }
}

/// The `Host` header; empty if it is missing.
pub fn of(headers: &HeaderMap) -> &str {
    headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default()
}

/// The host in the links of the API: the request's own `Host`, or `reachable` if that is missing or
/// an unspecified address such as 0.0.0.0.
pub fn for_links(headers: &HeaderMap, reachable: SocketAddr) -> String {
    let host = of(headers);
    if host.is_empty() || address(host).is_some_and(|address| address.is_unspecified()) {
        return reachable.to_string();
    }
    host.to_owned()
}

/// The address that pages show to students: the request's own host, or `reachable` if that is
/// missing or works only on this machine.
pub fn for_students(headers: &HeaderMap, reachable: SocketAddr) -> String {
    if is_loopback(of(headers)) {
        return reachable.to_string();
    }
    for_links(headers, reachable)
}

/// Whether a host is `localhost` or a loopback address.
pub fn is_loopback(host: &str) -> bool {
    name(host) == Some("localhost") || address(host).is_some_and(|address| address.is_loopback())
}

/// Whether public DNS cannot resolve the host: an address, a name without a dot, or a `.local` name.
pub fn is_private(host: &str) -> bool {
    let is_private = |name: &str| name.split_once('.').is_none_or(|(_, rest)| rest == "local");
    address(host).is_some() || name(host).is_some_and(is_private)
}

/// The name or address in `name` or `name:port`; `None` if `host` has neither form.
fn name(host: &str) -> Option<&str> {
    let end = match host.find(']') {
        Some(bracket) => bracket + 1,
        None => host.find(':').unwrap_or(host.len()),
    };
    let (name, port) = host.split_at(end);
    let is_port = |port: &str| {
        port.starts_with(|it: char| it.is_ascii_digit()) && port.parse::<u16>().is_ok()
    };
    if !port.is_empty() && !port.strip_prefix(':').is_some_and(is_port) {
        return None;
    }
    let is_letter = |it: u8| it.is_ascii_alphanumeric() || b"-_.".contains(&it);
    let is_name = (1..=MAX_NAME_BYTES).contains(&name.len()) && name.bytes().all(is_letter);
    let address = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    let is_address = address.is_some_and(|address| address.parse::<Ipv6Addr>().is_ok());
    (is_name || is_address).then_some(name)
}

/// The address in a host, if it is not a name.
fn address(host: &str) -> Option<IpAddr> {
    let address: IpAddr = name(host)?.trim_matches(['[', ']']).parse().ok()?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    const REACHABLE: &str = "192.168.1.2:8080";

    fn request(version: Version, hosts: &[&str]) -> Request<()> {
        let mut request = Request::new(());
        *request.version_mut() = version;
        for host in hosts {
            assert!(!request.headers_mut().append(HOST, host.parse().unwrap()) || hosts.len() > 1);
        }
        request
    }

    #[test]
    fn a_host_is_one_name_or_address_with_a_port_at_most() {
        let longest = format!("{}:65535", "a".repeat(MAX_NAME_BYTES));
        for host in ["x", "some.where:80", "127.0.0.1:8080", "[::1]", "[fe80::1]:65535", &longest] {
            assert!(is_valid(&request(Version::HTTP_11, &[host])), "{host}");
        }
        let too_long = "a".repeat(MAX_NAME_BYTES + 1);
        for host in [
            "", ":80", "x:", "x:65536", "x:+80", "x:y", "x y", "x,y", "x/y", "user@x", "<script>",
            "ä", "[::1", "::1", "[::1]80", "[x]", "[::1]]", "x]:80", &too_long,
        ] {
            assert!(!is_valid(&request(Version::HTTP_11, &[host])), "{host}");
            assert!(!is_valid(&request(Version::HTTP_10, &[host])), "{host}");
        }
        assert!(!is_valid(&request(Version::HTTP_11, &["x", "x"])), "two of them");
        assert!(!is_valid(&request(Version::HTTP_11, &[])));
        assert!(is_valid(&request(Version::HTTP_10, &[])));
    }

    #[test]
    fn links_and_pages_show_an_address_that_leads_here() {
        let reachable = REACHABLE.parse().unwrap();
        for (host, in_links, for_all) in [
            ("teacher.local:8080", "teacher.local:8080", "teacher.local:8080"),
            ("192.168.1.2:8080", "192.168.1.2:8080", "192.168.1.2:8080"),
            ("127.0.0.1:8080", "127.0.0.1:8080", REACHABLE),
            ("localhost", "localhost", REACHABLE),
            ("127.0.0.2:8080", "127.0.0.2:8080", REACHABLE),
            ("[::1]:8080", "[::1]:8080", REACHABLE),
            ("0.0.0.0:8080", REACHABLE, REACHABLE),
            ("[::]:8080", REACHABLE, REACHABLE),
        ] {
            let headers = HeaderMap::from_iter([(HOST, host.parse().unwrap())]);
            assert_eq!(for_links(&headers, reachable), in_links, "{host}");
            assert_eq!(for_students(&headers, reachable), for_all, "{host}");
        }
        assert_eq!(for_links(&HeaderMap::new(), reachable), REACHABLE);
        assert_eq!(for_students(&HeaderMap::new(), reachable), REACHABLE);
    }

    #[test]
    fn a_name_that_public_dns_can_resolve_is_not_private() {
        for host in
            ["192.168.1.2:8080", "[fe80::1]:80", "localhost:80", "teacher", "teacher.local:80"]
        {
            assert!(is_private(host), "{host}");
        }
        for host in
            ["evil.example:80", "127.0.0.1.evil.example", "local.evil.example", "evil.example.", ""]
        {
            assert!(!is_private(host), "{host}");
        }
    }
}
