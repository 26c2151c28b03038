//! What the server has for students: the page on which they join, and the client in the browser.

use practice::{ALBUM, Server, Settings};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Starts a server without delays.
fn start(settings: &Settings) -> Server {
    let settings = Settings { latency: Duration::ZERO, link_rate: None, ..settings.clone() };
    Server::start(&settings).unwrap()
}

/// The whole response to a request with these further headers.
fn send(server: &Server, method: &str, path: &str, headers: &str, body: &str) -> String {
    let mut connection = TcpStream::connect(server.address()).unwrap();
    connection.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    let host = if headers.contains("Host: ") { "" } else { "Host: 127.0.0.1\r\n" };
    write!(
        connection,
        "{method} {path} HTTP/1.1\r\n{host}Connection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut response = Vec::new();
    let _ = connection.read_to_end(&mut response).unwrap();
    String::from_utf8_lossy(&response).into_owned()
}

fn get(server: &Server, path: &str, headers: &str) -> String {
    send(server, "GET", path, headers, "")
}

#[test]
fn the_page_and_its_code_lead_to_the_address_that_a_client_can_use() {
    let server = start(&Settings::default());
    let page = get(&server, "/join", "Host: 192.168.1.2:8080\r\n");
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(page.contains("http://192.168.1.2:8080 "), "{page}");
    assert!(!page.contains('{'), "nothing is left to fill in: {page}");
    // A phone cannot use the name that the teacher's machine has for itself.
    let own = get(&server, "/join", "Host: localhost\r\n");
    assert!(own.contains(&format!("http://{} ", server.address())), "{own}");

    let code = |host: &str| {
        let response = get(&server, "/live/join.svg", &format!("Host: {host}\r\n"));
        let (head, image) = response.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("content-type: image/svg+xml") && image.contains("<svg"), "{head}");
        image.to_owned()
    };
    let own = code("localhost");
    assert!(own == code(&server.address().to_string()));
    assert!(own != code("192.168.1.2:8080"));
    let longest = format!("{}.{}:65535", "a".repeat(126), "b".repeat(126));
    assert!(code(&longest) != own, "the longest name fits");
    assert_eq!(server.observed().requests, 0);
}

#[test]
fn a_page_that_says_what_it_is_has_runs_of_its_own() {
    let server = start(&Settings::default());
    let album = format!("/3/album/{ALBUM}/images");
    let image = format!("/{}", server.names()[0]);
    let shared = "Authorization: Client-ID x\r\nUser-Agent: Mozilla/5.0 (X11)\r\n";
    for run in [1, 2] {
        let own =
            format!("{shared}X-Practice-Agent: browser (workers=5; name=Zo%C3%AB; run={run})\r\n");
        for path in [&album, &image] {
            assert!(get(&server, path, &own).starts_with("HTTP/1.1 200"), "{path}");
        }
    }
    assert!(get(&server, &album, shared).starts_with("HTTP/1.1 200"));
    let agents: Vec<String> = server.observed().log.into_iter().map(|it| it.user_agent).collect();
    for (index, run) in [(0, 1), (1, 1), (2, 2), (3, 2)] {
        assert_eq!(agents[index], format!("browser (workers=5; name=Zo%C3%AB; run={run})"));
    }
    assert_eq!(agents[4], "Mozilla/5.0 (X11)");
    assert!(get(&server, "/join", "").contains("All at once"));
    // No page of another server may send such a header: it would have to ask first.
    let asked = send(&server, "OPTIONS", &album, "Origin: http://evil.example\r\n", "");
    assert!(asked.starts_with("HTTP/1.1 405") && !asked.contains("access-control"), "{asked}");
}
