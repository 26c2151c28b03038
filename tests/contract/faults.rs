//! What goes wrong with an image, and what becomes of it: the same in all four programs.

use crate::practice_mode::fast;
use crate::program;
use practice::{Server, TROUBLE};
use std::io::Write;
use tests::{Answer, Outcome, Stub, Then, listed, picture};

/// The image between two healthy ones.
const SIZE: usize = 3_000;

fn body() -> Vec<u8> {
    picture(7, SIZE)
}

/// Downloads three images, the second of which is answered like this.
fn download(answers: Vec<Answer>, args: &str) -> (Outcome, Stub) {
    let healthy = || vec![Answer::ok(picture(1, 500))];
    let stub = Stub::with([("a.png", healthy()), ("b.png", answers), ("c.png", healthy())]);
    let run = program().at_url(&stub.api_url()).args("--json").args(args).run();
    (run, stub)
}

/// The image is saved, after so many tries.
#[track_caller]
fn saves(answers: Vec<Answer>, tries: usize) {
    let (run, stub) = download(answers, "--retries 2");
    let run = run.exits(0);
    assert_eq!(run.names(), ["a.png", "b.png", "c.png"]);
    assert!(run.files()["b.png"] == body());
    assert_eq!(stub.times("/b.png"), tries);
}

/// The image fails with this reason after so many tries; the others are saved, and nothing else
/// is left.
#[track_caller]
fn fails(answers: Vec<Answer>, args: &str, tries: usize, reason: &str) {
    let (run, stub) = download(answers, args);
    let run = run.exits(1);
    let failures = run.failures();
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert_eq!(failures[0].0, "b.png");
    assert!(failures[0].1.contains(reason), "{failures:?} does not say {reason}");
    assert!(run.stderr.contains(&stub.link("b.png")), "{}", run.stderr);
    assert_eq!(run.names(), ["a.png", "c.png"]);
    assert_eq!(stub.times("/b.png"), tries);
}

fn status(line: &str) -> Answer {
    Answer::new(line, &[], "no")
}

#[test]
fn faults_that_may_pass_are_tried_again() {
    for passing in [
        status("408 Request Timeout"),
        status("429 Too Many Requests"),
        status("500 Internal Server Error"),
        status("503 Service Unavailable"),
        Answer::new("403 Forbidden", &[], "<h1>Imgur is OVER capacity!</h1>"),
        Answer::ok(body()).cut(-100),
        Answer::bytes("").then(Then::Close),
        Answer::bytes("HTTP/1.1 200 OK\r\nContent-").then(Then::Close),
        Answer::raw("200 OK", &["Connection: close"], picture(7, SIZE / 2)).then(Then::Close),
        Answer::raw("200 OK", &["Transfer-Encoding: chunked"], "100\r\nhalf").then(Then::Close),
    ] {
        let stub = Stub::with([("b.png", vec![passing.clone(), Answer::ok(body())])]);
        stub.album(&serde_json::json!([listed(&stub.link("b.png"), Some(SIZE))]));
        let run = program().at_url(&stub.api_url()).run();
        assert_eq!(run.code(), Some(0), "{passing:?}: {}", run.stderr);
        assert!(run.files()["b.png"] == body(), "{passing:?}");
        assert_eq!(stub.times("/b.png"), 2, "{passing:?}");
    }
}

#[test]
fn all_other_faults_fail_at_once() {
    for line in [
        "204 No Content",
        "206 Partial Content",
        "400 Bad Request",
        "401 Unauthorized",
        "403 Forbidden",
        "404 Not Found",
        "410 Gone",
        "416 Range Not Satisfiable",
    ] {
        let answer =
            if line.starts_with("204") { Answer::raw(line, &[], "") } else { status(line) };
        fails(vec![answer], "--retries 2", 1, line);
    }
    let page =
        Answer::new("200 OK", &["Content-Type: Text/HTML; charset=utf-8"], "<p>".repeat(2000));
    fails(vec![page], "--retries 2", 1, "HTML page");
    fails(vec![Answer::ok("")], "--retries 2", 1, "empty");
    fails(
        vec![Answer::bytes("SSH-2.0-OpenSSH_9\r\n\r\n").then(Then::Close)],
        "--retries 2",
        1,
        "not valid HTTP",
    );
}

#[test]
fn tries_come_to_an_end() {
    let error = || vec![status("500 Internal Server Error")];
    fails(error(), "--retries 2", 3, "500 Internal Server Error");
    fails(error(), "--retries 0", 1, "500 Internal Server Error");
    fails(vec![Answer::ok(body()).cut(-1)], "--retries 1", 2, "cut short");

    // On a connection that has answered before, this would be no try of its own.
    let stub = Stub::with([("b.png", vec![Answer::bytes("").then(Then::Close)])]);
    let list = serde_json::json!({"data": [listed(&stub.link("b.png"), None)], "success": true});
    let closing = Answer::new("200 OK", &["Connection: close"], list.to_string());
    stub.answer_album(vec![closing.then(Then::Close)]);
    let run = program().at_url(&stub.api_url()).args("--json --retries 1").run().exits(1);
    assert_eq!(
        run.failures()[0].1,
        "the connection was closed before a response arrived (2 attempts)"
    );
    assert_eq!(stub.times("/b.png"), 2);
}

#[test]
fn a_server_that_asks_for_patience_gets_it_or_is_left_alone() {
    let busy =
        |after: &str| Answer::new("429 Too Many Requests", &[&format!("Retry-After: {after}")], "");
    for after in ["0", "-5", "soon", "Sun, 06 Nov 1994 08:49:37 GMT", "1"] {
        saves(vec![busy(after), Answer::ok(body())], 2);
    }
    fails(vec![busy("86400")], "--retries 2", 1, "not before");
    fails(vec![busy("Fri, 31 Dec 9999 23:59:59 GMT")], "--retries 2", 1, "retry after");
    fails(vec![busy("99999999999999999999")], "--retries 2", 1, "retry after");
    let limits = ["X-RateLimit-UserReset: 1795000000", "X-RateLimit-ClientReset: 3600"];
    saves(vec![Answer::new("429 Too Many Requests", &limits, ""), Answer::ok(body())], 2);
}

#[test]
fn the_albums_request_follows_the_same_rules() {
    let stub = Stub::with([("a.png", vec![Answer::ok(body())])]);
    let list = serde_json::json!({"data": [listed(&stub.link("a.png"), None)], "success": true});
    let good = Answer::new("200 OK", &[], list.to_string());
    let capacity = Answer::new(
        "403 Forbidden",
        &[],
        "{\"data\":{\"error\":\"Imgur is temporarily over capacity.\"}}",
    );
    stub.answer_album(vec![capacity, status("502 Bad Gateway"), good]);
    drop(program().at_url(&stub.api_url()).run().exits(0));
    assert_eq!(stub.album_times(), 3);

    let stub = Stub::start();
    stub.answer_album(vec![Answer::new(
        "403 Forbidden",
        &[],
        "{\"data\":{\"error\":\"Invalid client_id\"}}",
    )]);
    let run = program().at_url(&stub.api_url()).run().exits(1);
    assert!(run.stderr.contains("403 Forbidden: Invalid client_id"), "{}", run.stderr);
    assert_eq!(stub.album_times(), 1);
}

#[test]
fn silence_is_not_waited_for_and_slowness_is() {
    let silent = Answer::ok(body()).cut(-100).then(Then::Silence);
    fails(vec![silent], "--retries 0 --timeout 0.3", 1, "no data for 0.3 s");
    fails(
        vec![Answer::bytes("").then(Then::Silence)],
        "--retries 0 --timeout 0.3",
        1,
        "no response within 0.3 s",
    );
    let server = Server::start(&fast()).unwrap();
    let run = program().at(&server).args("--timeout 0.5 --retries 0 trouble").run().exits(1);
    // It takes two seconds in all.
    assert!(run.names().contains(&"slow-but-steady.png".to_owned()), "{}", run.stderr);
}

#[test]
fn nobody_there_is_a_fault_that_may_pass() {
    let stub = Stub::start();
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    stub.album(&serde_json::json!([listed(&format!("http://{closed}/a.png"), None)]));
    let run = program().at_url(&stub.api_url()).args("--json --retries 1").run().exits(1);
    assert_eq!(run.failures()[0].1, "cannot connect: connection refused (2 attempts)");
}

#[test]
fn a_retry_opens_a_new_connection() {
    let names: Vec<String> = (0..6).map(|number| format!("{number}.png")).collect();
    // Every connection that is used again fails. With a single retry, it must not meet another one.
    for end in [Then::Close, Then::Deaf] {
        let answer = Answer::ok(body()).then(end);
        let stub = Stub::with(names.iter().map(|name| (name.as_str(), vec![answer.clone()])));
        let run = program().at_url(&stub.api_url()).workers(2).args("--retries 1").run().exits(0);
        assert_eq!(run.names().len(), names.len());
    }
}

#[test]
fn what_comes_after_the_body_is_nobodys() {
    let forged = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL";
    let mut answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {SIZE}\r\n\r\n").into_bytes();
    answer.extend_from_slice(&body());
    answer.extend_from_slice(forged.as_bytes());
    let names: Vec<String> = (0..8).map(|number| format!("{number}.png")).collect();
    let stub =
        Stub::with(names.iter().map(|name| (name.as_str(), vec![Answer::bytes(answer.clone())])));
    let run = program().at_url(&stub.api_url()).run().exits(0);
    assert!(run.files().values().all(|bytes| *bytes == body()));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn compressed_bodies_are_decoded() {
    let zipped = gzip(&body());
    saves(vec![Answer::new("200 OK", &["Content-Encoding: gzip"], &zipped)], 1);
    let half =
        Answer::raw("200 OK", &["Content-Encoding: gzip", "Connection: close"], &zipped[..40]);
    saves(vec![half.then(Then::Close), Answer::ok(body())], 2);
    let not = Answer::new("200 OK", &["Content-Encoding: gzip"], body());
    fails(vec![not], "--retries 2", 1, "cannot be decoded");
    let unknown = Answer::new("200 OK", &["Content-Encoding: br"], body());
    fails(vec![unknown], "--retries 2", 1, "unknown encoding");
}

#[test]
fn what_is_too_large_is_refused() {
    let announced =
        Answer::raw("200 OK", &["Content-Length: 300000000"], body()).then(Then::Silence);
    fails(vec![announced], "--retries 2", 1, "larger than 256 MiB");
    // A quarter of a megabyte on the wire.
    let bomb = gzip(&vec![0; (256 << 20) + 1]);
    fails(
        vec![Answer::new("200 OK", &["Content-Encoding: gzip"], bomb)],
        "--retries 2",
        1,
        "larger than 256 MiB",
    );
}

#[test]
fn redirects_are_followed_but_not_everywhere() {
    let to = |target: &str| Answer::new("302 Found", &[&format!("Location: {target}")], "");
    let stub = Stub::with([
        ("a.png", vec![to("/b/moved.jpg?x#y")]),
        ("b/moved.jpg", vec![Answer::ok(body())]),
    ]);
    stub.album(&serde_json::json!([listed(&stub.link("a.png"), None)]));
    let run = program().at_url(&stub.api_url()).run().exits(0);
    assert_eq!(run.names(), ["a.png"], "the name comes from the link");

    fails(vec![to("/removed.png")], "", 1, "removed");
    fails(vec![to("ftp://127.0.0.1/x.png")], "", 1, "redirected to an address that is not http");
    fails(vec![to("/b.png")], "", 11, "too many redirects");
}

#[test]
fn links_that_are_not_http_are_never_opened() {
    let stub = Stub::start();
    let links = [
        "ftp://127.0.0.1/a.png",
        "file:///etc/passwd",
        "a.png",
        "//127.0.0.1/a.png",
        "javascript:alert(1)",
        "http://",
    ];
    stub.album(&links.iter().map(|link| listed(link, None)).collect());
    let run = program().at_url(&stub.api_url()).args("--json").run().exits(1);
    assert_eq!(run.failures().len(), links.len());
    assert!(run.names().is_empty());
}

#[test]
fn the_same_link_is_downloaded_once() {
    let stub = Stub::with([("a.png", vec![Answer::ok(body())])]);
    let image = listed(&stub.link("a.png"), None);
    stub.album(&serde_json::json!([image, image, image]));
    let run = program().at_url(&stub.api_url()).args("--json").run().exits(0);
    assert_eq!(run.json()["images"], 1);
    assert_eq!(stub.times("/a.png"), 1);
}

#[test]
fn an_animated_image_may_be_smaller_than_the_album_says() {
    let stub = Stub::with([("a.gif", vec![Answer::ok(body())])]);
    let mut image = listed(&stub.link("a.gif"), Some(25_000_000));
    image["animated"] = true.into();
    stub.album(&serde_json::json!([image]));
    drop(program().at_url(&stub.api_url()).run().exits(0));
}

/// The album `trouble`: every fault once.
#[test]
fn trouble_ends_the_same_in_all_programs() {
    let server = Server::start(&fast()).unwrap();
    let run = program().at(&server).args("--json --timeout 1").args(TROUBLE).run().exits(1);
    let failed = [
        ("not-found.png", "404 Not Found"),
        ("gone.png", "410 Gone"),
        ("always-down.png", "503 Service Unavailable (3 attempts)"),
        ("cut-short.png", "the body was cut short (3 attempts)"),
        ("half-of-it.png", "received 12018 bytes, the album says 24036 (3 attempts)"),
        ("chunks-cut.png", "the body was cut short (3 attempts)"),
        ("a-page.png", "received an HTML page instead of an image"),
        ("empty.png", "the image is empty"),
        ("was-removed.png", "the image was removed"),
        ("goes-silent.png", "timeout: no data for 1 s (3 attempts)"),
        ("ftp.png", "the link is neither http nor https"),
    ];
    let failures = run.failures();
    for (failure, (name, reason)) in failures.iter().zip(failed) {
        assert_eq!((failure.0.as_str(), failure.1.as_str()), (name, reason));
    }
    assert_eq!(failures.len(), failed.len());
    let saved = [
        "%2f..%2f.hostile_[31m.png",
        "Twin.png",
        "busy-for-a-second.png",
        "has-moved.png",
        "healthy.png",
        "numbered.png",
        "slow-but-steady.png",
        "stumbles-once.png",
        "twin-2.png",
    ];
    assert_eq!(run.names(), saved);
    assert_eq!(run.json()["images"], 20);
    assert_eq!(run.json()["saved"], saved.len());
}
