//! The practice server, as clients of Imgur and the other tests see it.

use practice::{ALBUM, Gate, Release, Server, Settings};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

fn settings() -> Settings {
    Settings { latency: Duration::ZERO, link_rate: None, ..Settings::default() }
}

fn server() -> Server {
    Server::start(&settings()).unwrap()
}

/// Status, headers and body of a response.
fn get(server: &Server, path: &str, authorization: &str) -> (u16, String, Vec<u8>) {
    let mut connection = TcpStream::connect(server.address()).unwrap();
    let head = format!(
        "GET {path} HTTP/1.1\r\nHost: some.where:80\r\nConnection: close\r\n{authorization}\r\n"
    );
    connection.write_all(head.as_bytes()).unwrap();
    let mut response = Vec::new();
    let _ = connection.read_to_end(&mut response).unwrap();
    let end = response.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
    let body = response.split_off(end + 4);
    let head = String::from_utf8(response).unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), head, body)
}

fn json(server: &Server, path: &str) -> (u16, Value) {
    let (status, head, body) = get(server, path, "Authorization: Client-ID any\r\n");
    assert!(head.contains("x-ratelimit-clientremaining: "), "{head}");
    (status, serde_json::from_slice(&body).unwrap())
}

#[test]
fn the_album_is_listed_as_imgur_lists_it() {
    let server = server();
    let (status, list) = json(&server, &format!("/3/album/{ALBUM}/images"));
    assert_eq!((status, &list["success"], &list["status"]), (200, &true.into(), &200.into()));
    let images = list["data"].as_array().unwrap();
    assert_eq!(images.len(), 40);
    for image in images {
        let name = format!("{}.png", image["id"].as_str().unwrap());
        assert_eq!(image["link"], format!("http://some.where:80/{name}"));
        let bytes = server.file(&name).unwrap();
        assert_eq!(image["size"], bytes.len());
        assert_eq!(get(&server, &format!("/{name}"), "").2, bytes);
    }
    let (_, album) = json(&server, &format!("/3/album/{ALBUM}"));
    assert_eq!(album["data"]["images"], list["data"]);
    assert_eq!(album["data"]["images_count"], 40);
    let (_, post) = json(&server, &format!("/post/v1/albums/{ALBUM}"));
    assert_eq!(post["media"][7]["id"], images[7]["id"]);
    assert_eq!(post["media"][7]["ext"], "png");
    assert_eq!(json(&server, "/3/credits").1["data"]["ClientLimit"], 12_500);
}

#[test]
fn what_does_not_exist_gets_imgurs_own_error() {
    let server = server();
    let (status, list) = json(&server, "/3/album/abcde/images");
    assert_eq!(status, 404);
    assert_eq!(list["data"]["error"], "Unable to find an album with the id, abcde.");
    assert_eq!(list["data"]["request"], "/3/album/abcde/images");
    assert_eq!(list["success"], false);
    assert_eq!(json(&server, "/post/v1/albums/abcde").1["errors"][0]["code"], "404");
    assert_eq!(json(&server, "/3/other/call").0, 404);
    assert_eq!(get(&server, "/abcdefg.png", "").0, 404);
}

#[test]
fn the_api_requires_authorization() {
    let server = server();
    let path = format!("/3/album/{ALBUM}/images");
    assert_eq!(get(&server, &path, "").0, 401);
    assert_eq!(get(&server, &path, "Authorization: some-id\r\n").0, 403);
    assert_eq!(get(&server, &path, "Authorization: Client-ID \r\n").0, 403);
    assert_eq!(get(&server, &path, "Authorization: Bearer token\r\n").0, 200);
}

#[test]
fn a_gate_that_times_out_responds_503() {
    let gate = Gate { requests: 2, timeout: Duration::from_millis(20) };
    let server = Server::start(&Settings { gate: Some(gate), ..settings() }).unwrap();
    let (_, album) = json(&server, &format!("/3/album/{ALBUM}/images"));
    let path = format!("/{}.png", album["data"][0]["id"].as_str().unwrap());
    assert_eq!(get(&server, &path, "").0, 503);
    assert_eq!(get(&server, &path, "").0, 503, "it stays shut");
}

#[test]
fn a_request_above_the_limit_gets_429() {
    let gate = Gate { requests: 2, timeout: Duration::from_mins(1) };
    let server =
        Server::start(&Settings { gate: Some(gate), limit: Some(1), ..settings() }).unwrap();
    let path = format!("/{}", server.names()[0]);
    std::thread::scope(|scope| {
        // The gate holds the first request, so the second one is above the limit. Its arrival opens
        // the gate.
        let both = [(); 2].map(|()| scope.spawn(|| get(&server, &path, "")));
        let mut both = both.map(|one| one.join().unwrap());
        both.sort_by_key(|response| response.0);
        assert_eq!((both[0].0, both[1].0), (200, 429));
        assert!(both[1].1.contains("retry-after: 1"), "{}", both[1].1);
    });
    assert_eq!(get(&server, &path, "").0, 200);
}

#[test]
fn a_judged_server_sends_what_it_is_told_to_and_takes_no_orders() {
    let settings = Settings { images: 3, judged: Some(7), ..settings() };
    let server = Server::start(&settings).unwrap();
    let again = Server::start(&settings).unwrap();
    let other = Server::start(&Settings { judged: Some(8), ..settings }).unwrap();
    let names = server.names();
    assert_eq!(names, again.names());
    assert!(names != other.names() && server.file(&names[0]) != other.file(&other.names()[0]));
    for path in ["/", "/start", "/live/events", "/live/controls"] {
        assert_eq!(get(&server, path, "Authorization: Client-ID any\r\n").0, 404, "{path}");
    }
    let (_, list) = json(&server, &format!("/3/album/{ALBUM}/images"));
    let bytes = server.file(&names[0]).unwrap();
    assert_eq!(list["data"][0]["size"], bytes.len());

    thread::scope(|scope| {
        let path = |index: usize| format!("/{}", names[index]);
        let requests = [0, 1, 2].map(|index| {
            let path = path(index);
            let server = &server;
            scope.spawn(move || get(server, &path, ""))
        });
        while server.held().len() < 3 {
            thread::sleep(Duration::from_millis(1));
        }
        for held in server.held() {
            let release = match &held.name {
                name if *name == names[0] => Release::Image,
                name if *name == names[1] => Release::RetryAfter(3),
                _ => Release::CutShort,
            };
            assert!(server.release(held.id, release) && !server.release(held.id, release));
        }
        let [first, second, third] = requests.map(|request| request.join().unwrap());
        assert_eq!((first.0, first.2), (200, bytes.to_vec()));
        assert!(second.0 == 429 && second.1.contains("retry-after: 3"), "{}", second.1);
        let third_image = server.file(&names[2]).unwrap();
        assert!(third.1.contains(&format!("content-length: {}", third_image.len())), "{}", third.1);
        assert_eq!(third.2, third_image[..third_image.len() / 2]);
        server.release_all(Release::Status(418));
        assert_eq!(get(&server, &path(2), "").0, 418);
    });
    let log = server.observed().log;
    let statuses: Vec<_> = log.iter().map(|seen| seen.status).filter(|it| *it != 404).collect();
    assert_eq!((statuses.len(), statuses[0], statuses[4]), (5, 200, 418), "{statuses:?}");
}

#[test]
fn requests_are_observed() {
    let server = server();
    let (_, album) = json(&server, &format!("/3/album/{ALBUM}/images"));
    let path = format!("/{}.png", album["data"][0]["id"].as_str().unwrap());
    drop((get(&server, &path, ""), get(&server, &path, "User-Agent: other/1\r\n")));
    drop((get(&server, &path, ""), get(&server, &path, "")));
    let seen = server.observed();
    assert_eq!((seen.requests, seen.connections, seen.retries), (5, 5, 2));
    assert_eq!((seen.in_flight, seen.peak_in_flight), (0, 1));
    let attempts: Vec<usize> = seen.log.iter().map(|request| request.attempt).collect();
    assert_eq!(attempts, [0, 1, 1, 2, 3]);
    assert_eq!(seen.log[2].user_agent, "other/1");
    assert!(seen.log.iter().all(|request| request.finished.unwrap() >= request.arrived));
}

#[test]
fn invalid_requests_do_no_harm() {
    let server = server();
    for request in [
        "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        "CONNECT x:1 HTTP/1.1\r\n\r\n",
        "GET http://x HTTP/1.1\r\n\r\n",
        "What?\r\n\r\n",
    ] {
        let mut connection = TcpStream::connect(server.address()).unwrap();
        connection.write_all(request.as_bytes()).unwrap();
        let mut first = [0];
        let _ = connection.read(&mut first).unwrap();
    }
    assert_eq!(json(&server, "/3/credits").0, 200);
}

/// The whole response to these bytes.
fn raw(server: &Server, request: &str) -> String {
    let mut connection = TcpStream::connect(server.address()).unwrap();
    connection.write_all(request.as_bytes()).unwrap();
    let mut response = Vec::new();
    let _ = connection.read_to_end(&mut response).unwrap();
    String::from_utf8_lossy(&response).into_owned()
}

#[test]
fn a_request_without_a_proper_host_gets_400() {
    let server = server();
    let longest = "x".repeat(253);
    for (version, hosts, status) in [
        ("1.1", "", "400"),
        ("1.0", "", "200"),
        ("1.1", "Host: x\r\n", "200"),
        ("1.1", &format!("Host: {longest}\r\n"), "200"),
        ("1.1", &format!("Host: {longest}x\r\n"), "400"),
        ("1.1", "Host: x\r\nHost: x\r\n", "400"),
        ("1.1", "Host: <b>\r\n", "400"),
        ("1.0", "Host: \r\n", "400"),
    ] {
        for path in ["/", "/live/page.js", &format!("/{}", server.names()[0])] {
            let request = format!("GET {path} HTTP/{version}\r\n{hosts}Connection: close\r\n\r\n");
            let response = raw(&server, &request);
            assert_eq!(response.split(' ').nth(1), Some(status), "{request}");
        }
    }
}

#[test]
fn links_lead_here_whatever_the_server_listens_on() {
    let settings = Settings { listen: ([0, 0, 0, 0], 0).into(), ..settings() };
    let server = Server::start(&settings).unwrap();
    let port = server.address().port();
    assert_eq!(server.api_url(), format!("http://{}/3", server.reachable()));
    for (host, expected) in [
        (String::new(), server.reachable().to_string()),
        (format!("Host: 0.0.0.0:{port}\r\n"), server.reachable().to_string()),
        ("Host: teacher\r\n".to_owned(), "teacher".to_owned()),
    ] {
        let path = format!("/3/album/{ALBUM}/images");
        let request = format!("GET {path} HTTP/1.0\r\n{host}Authorization: Bearer x\r\n\r\n");
        let link = format!("\"link\":\"http://{expected}/{}\"", server.names()[0]);
        assert!(raw(&server, &request).contains(&link), "{host}");
    }
    drop(TcpStream::connect(server.reachable()).unwrap());
}

#[test]
fn head_gets_the_headers_of_get_and_no_body() {
    let server = server();
    let without_date = |response: &str| {
        let lines = response
            .lines()
            .filter(|line| !line.starts_with("date: ") && !line.starts_with("x-ratelimit-"));
        lines.collect::<Vec<_>>().join("\n")
    };
    let image = format!("/{}", server.names()[0]);
    let album = format!("/3/album/{ALBUM}/images");
    for path in [&image, &album, "/nothing.png", "/", "/live/events"] {
        let headers = "Host: x\r\nConnection: close\r\nAuthorization: Client-ID x\r\n";
        let head = raw(&server, &format!("HEAD {path} HTTP/1.1\r\n{headers}\r\n"));
        assert!(head.ends_with("\r\n\r\n"), "{head}");
        if path != "/live/events" {
            let get = raw(&server, &format!("GET {path} HTTP/1.1\r\n{headers}\r\n"));
            let end = get.find("\r\n\r\n").unwrap();
            assert_eq!(without_date(head.trim_end()), without_date(&get[..end]), "{path}");
        }
    }
    assert_eq!(server.observed().in_flight, 0);
}

#[test]
fn other_methods_get_405_and_change_nothing() {
    let server = server();
    let path = format!("/{}", server.names()[0]);
    for (method, path, allow) in [
        ("DELETE", path.as_str(), "GET, HEAD"),
        ("POST", "/3/credits", "GET, HEAD"),
        ("PUT", "/", "GET, HEAD"),
        ("PUT", "/live/controls", "GET, HEAD, POST"),
        ("OPTIONS", "*", "GET, HEAD"),
    ] {
        let request = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let response = raw(&server, &request);
        assert!(response.starts_with("HTTP/1.1 405 "), "{response}");
        assert!(response.contains(&format!("allow: {allow}\r\n")), "{response}");
    }
    assert_eq!(server.observed().requests, 0);
}

#[test]
fn ranges_are_ignored() {
    let server = server();
    let name = &server.names()[0];
    let (status, _, body) = get(&server, &format!("/{name}"), "Range: bytes=5-9\r\n");
    assert_eq!((status, body), (200, server.file(name).unwrap().to_vec()));
}

#[test]
fn the_programs_can_read_the_longest_list() {
    let images = Settings::MAX_IMAGES as usize;
    let server = Server::start(&Settings { images, ..settings() }).unwrap();
    let host = format!("{}:65535", "x".repeat(253));
    // HTTP/1.0 has no chunked bodies, so this one arrives as it is.
    let request = format!(
        "GET /3/album/{ALBUM} HTTP/1.0\r\nHost: {host}\r\nAuthorization: Client-ID x\r\n\r\n"
    );
    let response = raw(&server, &request);
    assert!(response.starts_with("HTTP/1.0 200 "));
    assert_eq!(response.matches(".png\"").count(), images);
    assert!(response.len() < 32 << 20, "{}", response.len());
}

#[test]
fn a_longer_album_repeats_the_pictures_under_other_ids() {
    let server = Server::start(&Settings { images: 100, ..settings() }).unwrap();
    let (_, album) = json(&server, &format!("/3/album/{ALBUM}/images"));
    let file = |index: usize| {
        server.file(&format!("{}.png", album["data"][index]["id"].as_str().unwrap()))
    };
    assert_ne!(album["data"][3]["id"], album["data"][43]["id"]);
    assert_eq!(file(3), file(43));
}
