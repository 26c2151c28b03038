//! What the server has for students: the page on which they join, the client in the browser, and the
//! vote.

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

/// The status of a response.
fn status(response: &str) -> &str {
    &response[9..12]
}

/// Sends a command to the vote, as the teacher's page does.
fn command(server: &Server, command: &str) -> String {
    send(server, "POST", "/live/vote", "X-Practice-Token: \r\n", command)
}

/// A phone's answer.
fn answer(server: &Server, headers: &str, voter: u32, answer: &str) -> String {
    let body = format!(r#"{{"id": 1, "round": 1, "voter": "{voter:032x}", "value": {answer}}}"#);
    send(server, "POST", "/live/answer", headers, &body)
}

#[test]
fn a_question_is_asked_answered_and_shown() {
    let server = start(&Settings::default());
    assert!(get(&server, "/live/vote", "").ends_with("\r\n\r\nnull"));
    let ask = r#"{"ask": {"text": "How long?", "unit": "s"}}"#;
    for headers in ["", "X-Practice-Token: \r\nOrigin: http://evil.example\r\n"] {
        assert_eq!(status(&send(&server, "POST", "/live/vote", headers, ask)), "403", "{headers}");
    }
    assert_eq!(status(&command(&server, ask)), "200");
    assert_eq!(status(&answer(&server, "", 1, "2.5")), "200");
    assert_eq!(status(&answer(&server, "", 2, "1.5")), "200");
    let hidden = get(&server, "/live/vote", "");
    assert!(hidden.contains(r#""text":"How long?""#), "{hidden}");
    assert!(hidden.contains(r#"[{"answered":2,"answers":null}]"#), "{hidden}");

    assert_eq!(status(&command(&server, r#""show""#)), "200");
    assert!(get(&server, "/live/vote", "").contains(r#""answers":[1.5,2.5]"#));
    let late = answer(&server, "", 3, "1");
    assert!(status(&late) == "409" && late.ends_with("The vote is closed."), "{late}");
    assert_eq!(server.observed().requests, 0);
}

#[test]
fn only_pages_of_this_server_vote_and_only_with_short_bodies() {
    let server = start(&Settings::default());
    assert_eq!(status(&command(&server, r#"{"ask": {"text": "How long?"}}"#)), "200");
    for headers in [
        "Origin: http://evil.example\r\n",
        "Host: evil.example\r\n",
        "Host: evil.example\r\nOrigin: http://evil.example\r\n",
    ] {
        assert_eq!(status(&answer(&server, headers, 1, "1")), "403", "{headers}");
        assert_eq!(status(&get(&server, "/live/vote", headers)), "403", "{headers}");
    }
    let own = "Host: 192.168.1.2:8080\r\nOrigin: http://192.168.1.2:8080\r\n";
    assert_eq!(status(&answer(&server, own, 1, "1")), "200");
    for body in ["", "{}", "[", &format!("1{}", "0".repeat(100_000))] {
        assert_eq!(status(&send(&server, "POST", "/live/answer", "", body)), "400", "{body:.40}");
        assert_eq!(status(&command(&server, body)), "400", "{body:.40}");
    }
    for number in ["-1", "1e99", "null", "\"1\"", "[0, 1]", "[0.5]"] {
        assert_eq!(status(&answer(&server, "", 1, number)), "400", "{number}");
    }
    assert_eq!(status(&command(&server, r#"{"ask": {"text": ""}}"#)), "400");
    assert_eq!(status(&get(&server, "/live/answer", "")), "405");
    assert!(get(&server, "/live/vote", "").contains(r#"[{"answered":1,"answers":null}]"#));
}
