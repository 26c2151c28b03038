//! Transient errors are retried, permanent ones are not.

use crate::expect::{SIZE, body, fails};
use crate::program;
use serde_json::json;
use tests::{End, Response, Stub, album_entry, fake_image};

fn status(line: &str) -> Response {
    Response::new(line, &[], "no")
}

/// Downloads one image for each of these responses: the first request for the image gets this
/// response, and the second one gets a healthy response, which must be saved.
#[track_caller]
fn saves_at_the_second_attempt(first_responses: &[Response]) {
    let stub = Stub::start();
    let name = |index: usize| format!("{index}.png");
    let list = (0..first_responses.len())
        .map(|index| album_entry(&stub.link(&name(index)), Some(SIZE)))
        .collect();
    stub.set_album(&list);
    for (index, first) in first_responses.iter().enumerate() {
        stub.respond(&format!("/{}", name(index)), vec![first.clone(), Response::ok(body())]);
    }
    // A response that closes its connection can cost the next image an attempt, too.
    let run = program().at_url(&stub.api_url()).args("--retries 3").run().exits(0);
    let files = run.files();
    for (index, first) in first_responses.iter().enumerate() {
        assert!(files[&name(index)] == body(), "{first:?}");
        assert_eq!(stub.requests_for(&format!("/{}", name(index))), 2, "{first:?}");
    }
}

#[test]
fn transient_errors_are_retried() {
    saves_at_the_second_attempt(&[
        status("408 Request Timeout"),
        status("429 Too Many Requests"),
        status("500 Internal Server Error"),
        status("503 Service Unavailable"),
        Response::new("403 Forbidden", &[], "<h1>Imgur is OVER capacity!</h1>"),
        Response::ok(body()).cut_short_by(100),
        Response::from_bytes("").ending(End::Close),
        Response::from_bytes("HTTP/1.1 200 OK\r\nContent-").ending(End::Close),
        Response::raw("200 OK", &["Connection: close"], fake_image(7, SIZE / 2)).ending(End::Close),
        Response::raw("200 OK", &["Transfer-Encoding: chunked"], "100\r\nhalf").ending(End::Close),
    ]);
}

#[test]
fn an_error_403_whose_reason_did_not_arrive_is_retried() {
    let busy = api_error("403 Forbidden", "Imgur is temporarily over capacity.");
    let cut = busy.cut_short_by(30);
    saves_at_the_second_attempt(std::slice::from_ref(&cut));
    fails(vec![cut.clone()], "--retries 1", 2, "403 Forbidden: the body was cut short");
    // Other statuses mean the same without their bodies.
    let missing = api_error("404 Not Found", "There is no such image.").cut_short_by(10);
    fails(vec![missing], "--retries 2", 1, "404 Not Found");

    let stub = Stub::start();
    let list = Response::new("200 OK", &[], json!({"data": [], "success": true}).to_string());
    stub.respond_to_album(vec![cut, list]);
    drop(program().at_url(&stub.api_url()).run().exits(0));
    assert_eq!(stub.album_requests(), 2);
}

#[test]
fn permanent_errors_are_not_retried() {
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
        let response =
            if line.starts_with("204") { Response::raw(line, &[], "") } else { status(line) };
        fails(vec![response], "--retries 2", 1, line);
    }
    let html = ["Content-Type: Text/HTML; charset=utf-8"];
    let page = Response::new("200 OK", &html, "<p>".repeat(2000));
    fails(vec![page], "--retries 2", 1, "HTML page");
    fails(vec![Response::ok("")], "--retries 2", 1, "empty");
    let ssh = Response::from_bytes("SSH-2.0-OpenSSH_9\r\n\r\n").ending(End::Close);
    fails(vec![ssh], "--retries 2", 1, "not valid HTTP");
}

#[test]
fn the_number_of_retries_is_limited() {
    let error = || vec![status("500 Internal Server Error")];
    fails(error(), "--retries 2", 3, "500 Internal Server Error");
    fails(error(), "--retries 0", 1, "500 Internal Server Error");
    fails(vec![Response::ok(body()).cut_short_by(1)], "--retries 1", 2, "cut short");
}

#[test]
fn a_connection_that_closes_without_a_response_is_a_transient_error() {
    let stub = Stub::with_images([("b.png", vec![Response::from_bytes("").ending(End::Close)])]);
    let list = json!({"data": [album_entry(&stub.link("b.png"), None)], "success": true});
    // The request for the image opens a connection of its own.
    let album = Response::new("200 OK", &["Connection: close"], list.to_string());
    stub.respond_to_album(vec![album.ending(End::Close)]);
    let run = program().at_url(&stub.api_url()).args("--json --retries 1").run().exits(1);
    let (_, error) = &run.failures()[0];
    assert!(error.contains("the connection was closed"), "{error}");
    assert_eq!(stub.requests_for("/b.png"), 2);
}

#[test]
fn a_kept_connection_that_was_closed_is_replaced() {
    let names = ["a.png", "b.png", "c.png", "d.png"];
    for end in [End::Close, End::CloseAtNextRequest] {
        let response = Response::ok(body()).ending(end);
        let stub = Stub::with_images(names.map(|name| (name, vec![response.clone()])));
        let run = program().at_url(&stub.api_url()).workers(2).args("--retries 1").run().exits(0);
        assert_eq!(run.file_names(), names);
    }
}

#[test]
fn a_refused_connection_is_a_transient_error() {
    let stub = Stub::start();
    let unused = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    stub.set_album(&json!([album_entry(&format!("http://{unused}/a.png"), None)]));
    let run = program().at_url(&stub.api_url()).args("--json --retries 1").run().exits(1);
    assert_eq!(run.failures()[0].1, "cannot connect: connection refused (2 attempts)");
}

#[test]
fn a_server_that_stops_sending_is_a_timeout() {
    let args = "--retries 0 --timeout 0.3";
    let half = Response::ok(body()).cut_short_by(100).ending(End::Hang);
    fails(vec![half], args, 1, "no data for 0.3 s");
    let nothing = Response::from_bytes("").ending(End::Hang);
    fails(vec![nothing], args, 1, "no response within 0.3 s");
}

fn retry_after(value: &str) -> Response {
    Response::new("429 Too Many Requests", &[&format!("Retry-After: {value}")], "")
}

#[test]
fn after_a_short_retry_after_the_image_is_retried() {
    let mut responses =
        ["0", "-5", "soon", "Sun, 06 Nov 1994 08:49:37 GMT", "1"].map(retry_after).to_vec();
    let ignored = ["X-RateLimit-UserReset: 1795000000", "X-RateLimit-ClientReset: 3600"];
    responses.push(Response::new("429 Too Many Requests", &ignored, ""));
    saves_at_the_second_attempt(&responses);
}

#[test]
fn after_a_long_retry_after_the_image_is_not_retried() {
    fails(vec![retry_after("86400")], "--retries 2", 1, "not before");
    fails(vec![retry_after("Fri, 31 Dec 9999 23:59:59 GMT")], "--retries 2", 1, "retry after");
    fails(vec![retry_after("99999999999999999999")], "--retries 2", 1, "retry after");
}

fn api_error(status: &str, message: &str) -> Response {
    Response::new(status, &[], json!({"data": {"error": message}}).to_string())
}

#[test]
fn transient_errors_of_the_album_are_retried() {
    let stub = Stub::with_images([("a.png", vec![Response::ok(body())])]);
    let list = json!({"data": [album_entry(&stub.link("a.png"), None)], "success": true});
    stub.respond_to_album(vec![
        api_error("403 Forbidden", "Imgur is temporarily over capacity."),
        status("502 Bad Gateway"),
        Response::new("200 OK", &[], list.to_string()),
    ]);
    drop(program().at_url(&stub.api_url()).run().exits(0));
    assert_eq!(stub.album_requests(), 3);
}

#[test]
fn permanent_errors_of_the_album_are_not_retried() {
    let stub = Stub::start();
    stub.respond_to_album(vec![api_error("403 Forbidden", "Invalid client_id")]);
    let run = program().at_url(&stub.api_url()).run().exits(1);
    assert!(run.stderr.contains("403 Forbidden: Invalid client_id"), "{}", run.stderr);
    assert_eq!(stub.album_requests(), 1);
}
