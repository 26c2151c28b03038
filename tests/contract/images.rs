//! Which responses are saved as an image: encodings, lengths, redirects, links.

use crate::expect::{SIZE, body, fails, saves};
use crate::program;
use serde_json::json;
use std::io::Write;
use tests::{End, Response, Stub, album_entry};

#[test]
fn bytes_after_the_body_belong_to_no_image() {
    let forged = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL";
    let length = format!("Content-Length: {SIZE}");
    let response = Response::raw("200 OK", &[&length], [&body(), &forged[..]].concat());
    let names: Vec<String> = (0..8).map(|number| format!("{number}.png")).collect();
    let stub = Stub::with_images(names.iter().map(|name| (&**name, vec![response.clone()])));
    let run = program().at_url(&stub.api_url()).run().exits(0);
    assert_eq!(run.file_names(), names);
    assert!(run.files().values().all(|bytes| *bytes == body()));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn gzip_is_decoded() {
    let zipped = gzip(&body());
    saves(vec![Response::new("200 OK", &["Content-Encoding: gzip"], &zipped)], 1);
    let headers = ["Content-Encoding: gzip", "Connection: close"];
    let half = Response::raw("200 OK", &headers, &zipped[..40]).ending(End::Close);
    saves(vec![half, Response::ok(body())], 2);
}

#[test]
fn other_encodings_fail() {
    for encoding in ["Content-Encoding: gzip", "Content-Encoding: br"] {
        let response = Response::new("200 OK", &[encoding], body());
        fails(vec![response], "--retries 2", 1, "cannot be decoded");
    }
}

#[test]
fn several_encoding_lines_are_one_list() {
    let lines = ["Content-Encoding: identity", "Content-Encoding: gzip"];
    saves(vec![Response::new("200 OK", &lines, gzip(&body()))], 1);
    let twice = ["Content-Encoding: gzip", "Content-Encoding: gzip"];
    let body = gzip(&gzip(&body()));
    fails(vec![Response::new("200 OK", &twice, body)], "--retries 2", 1, "cannot be decoded");
}

#[test]
fn unknown_framing_is_not_saved_as_an_image() {
    let framed = [b"bb8\r\n", &body()[..], b"\r\n0\r\n\r\n"].concat();
    let gzipped = ["Transfer-Encoding: gzip, chunked"];
    let response = Response::raw("200 OK", &gzipped, &framed).ending(End::Close);
    fails(vec![response], "--retries 0", 1, "not valid HTTP");
    let old = [&b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"[..], &framed].concat();
    let response = Response::from_bytes(old).ending(End::Close);
    fails(vec![response], "--retries 0", 1, "not valid HTTP");
}

#[test]
fn a_page_or_json_that_calls_itself_an_image_fails() {
    let body = |start: &str| format!("{start}{}", "x".repeat(SIZE));
    for (start, reason) in [
        ("<!DOCTYPE html>", "HTML page"),
        ("\u{feff}\r\n <html>", "HTML page"),
        ("{\"data\":", "JSON"),
    ] {
        fails(vec![Response::ok(body(start))], "--retries 2", 1, reason);
        let zipped =
            Response::new("200 OK", &["Content-Encoding: gzip"], gzip(body(start).as_bytes()));
        fails(vec![zipped], "--retries 2", 1, reason);
    }
}

#[test]
fn an_image_over_256_mib_fails() {
    let announced =
        Response::raw("200 OK", &["Content-Length: 300000000"], body()).ending(End::Hang);
    fails(vec![announced], "--retries 2", 1, "larger than 256 MiB");
    // Compressed, this is a quarter of a megabyte.
    let bomb = gzip(&vec![0; (256 << 20) + 1]);
    let bomb = Response::new("200 OK", &["Content-Encoding: gzip"], bomb);
    fails(vec![bomb], "--retries 2", 1, "larger than 256 MiB");
}

fn redirect_to(target: &str) -> Response {
    Response::new("302 Found", &[&format!("Location: {target}")], "")
}

#[test]
fn a_redirect_is_followed_and_does_not_change_the_name() {
    let stub = Stub::with_images([("a.png", vec![redirect_to("/b/moved.jpg?x#y")])]);
    stub.respond("/b/moved.jpg", vec![Response::ok(body())]);
    let run = program().at_url(&stub.api_url()).run().exits(0);
    assert_eq!(run.file_names(), ["a.png"]);
}

#[test]
fn some_redirects_fail() {
    fails(vec![redirect_to("/removed.png")], "", 1, "removed");
    fails(
        vec![redirect_to("ftp://127.0.0.1/x.png")],
        "",
        1,
        "redirected to an address that is neither http nor https",
    );
    fails(vec![redirect_to("/b.png")], "", 11, "too many redirects");
}

#[test]
fn a_link_that_is_not_http_fails() {
    let stub = Stub::start();
    let links = [
        "ftp://127.0.0.1/a.png",
        "file:///etc/passwd",
        "a.png",
        "//127.0.0.1/a.png",
        "javascript:alert(1)",
        "http://",
    ];
    stub.set_album(&links.iter().map(|link| album_entry(link, None)).collect());
    let run = program().at_url(&stub.api_url()).args("--json").run().exits(1);
    assert_eq!(run.failures().len(), links.len());
    assert!(run.file_names().is_empty());
}

#[test]
fn the_same_link_is_downloaded_once() {
    let stub = Stub::with_images([("a.png", vec![Response::ok(body())])]);
    let image = album_entry(&stub.link("a.png"), None);
    stub.set_album(&json!([image, image, image]));
    let run = program().at_url(&stub.api_url()).args("--json").run().exits(0);
    assert_eq!(run.json()["images"], 1);
    assert_eq!(stub.requests_for("/a.png"), 1);
}

#[test]
fn an_animated_image_may_be_smaller_than_the_album_says() {
    let stub = Stub::with_images([("a.gif", vec![Response::ok(body())])]);
    let mut image = album_entry(&stub.link("a.gif"), Some(25_000_000));
    image["animated"] = true.into();
    stub.set_album(&json!([image]));
    let run = program().at_url(&stub.api_url()).run().exits(0);
    assert_eq!(run.files()["a.gif"], body());
}
