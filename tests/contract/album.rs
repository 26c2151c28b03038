//! Which API responses are accepted as an album, and how the API's errors are shown.

use crate::program;
use serde_json::{Value, json};
use tests::{Response, Stub, fake_image};

/// What the program prints on stderr after this response to its only request for the album.
#[track_caller]
fn error_after(response: Response) -> String {
    let stub = Stub::start();
    stub.respond_to_album(vec![response]);
    let run = program().at_url(&stub.api_url()).args("--retries 0").run().exits(1);
    assert_eq!(stub.image_requests(), 0);
    assert!(run.file_names().is_empty());
    assert!(run.stderr.contains("PdA9Amq"), "{}", run.stderr);
    run.stderr
}

fn json_response(status: &str, body: &Value) -> Response {
    Response::new(status, &["Content-Type: application/json"], body.to_string())
}

#[test]
fn the_message_of_an_api_error_is_shown() {
    let failure = |data: Value| json!({"data": data, "success": false, "status": 400});
    let text = failure(json!({"error": "Unable to find it.", "request": "/3/x", "method": "GET"}));
    let object = json!({"code": 429, "message": "Too fast.", "type": "Imgur", "exception": []});
    let object = failure(json!({"error": object}));
    let list = json!({"id": "legacy", "code": "429", "status": "No", "detail": "Slow down."});
    let list = json!({"errors": [list]});
    let scalar = failure(json!("An error occurred."));
    let nothing = failure(json!(false));
    for (status, body, message) in [
        ("404 Not Found", text, "404 Not Found: Unable to find it."),
        ("400 Bad Request", object, "400 Bad Request: Too fast."),
        ("429 Too Many Requests", list, "429 Too Many Requests: Slow down."),
        ("500 Internal Server Error", scalar, "500 Internal Server Error: An error occurred."),
        ("500 Internal Server Error", nothing, "500 Internal Server Error\n"),
    ] {
        let error = error_after(json_response(status, &body));
        assert!(error.contains(message), "{error} does not contain {message}");
    }
    let error =
        error_after(Response::new("502 Bad Gateway", &["Content-Type: text/html"], "<h1>Oh"));
    assert!(error.contains("502 Bad Gateway\n"), "{error}");
}

#[test]
fn control_characters_in_a_message_are_not_printed() {
    let error = error_after(json_response(
        "404 Not Found",
        &json!({"data": {"error": "no \u{1b}[31m\u{7}\nalbum"}}),
    ));
    assert!(error.contains("album"), "{error}");
    assert!(!error.contains(['\u{1b}', '\u{7}']), "{error:?}");
}

#[test]
fn status_200_with_another_body_is_an_error() {
    let failure = json!({"data": {"error": "Album is private"}, "success": false, "status": 403});
    assert!(error_after(json_response("200 OK", &failure)).contains("Album is private"));
    for data in [json!(false), json!(null), json!({"images": []}), json!("x")] {
        let error = error_after(json_response("200 OK", &json!({"data": data, "success": true})));
        assert!(error.contains("list of images"), "{error}");
    }
    for body in ["", "<!doctype html>", "{\"data\":[", "[]", "{\"success\":true}"] {
        drop(error_after(Response::new("200 OK", &["Content-Type: application/json"], body)));
    }
}

#[test]
fn a_malformed_image_fails_and_the_others_are_saved() {
    let stub = Stub::with_images([
        ("a.png", vec![Response::ok(fake_image(1, 500))]),
        ("b.png", vec![Response::ok(fake_image(2, 500))]),
    ]);
    stub.set_album(&json!([
        {"id": "a", "link": stub.link("a.png")},
        {"id": "no-link"},
        {"id": "number-as-link", "link": 5},
        {"link": stub.link("no-id.png")},
        7,
        null,
        [],
        {
            "id": "b", "link": stub.link("b.png"),
            "size": "12", "bandwidth": 1e300, "animated": 3, "nsfw": {"x": []},
        },
    ]));
    let run = program().at_url(&stub.api_url()).args("--json").run().exits(1);
    assert_eq!(run.file_names(), ["a.png", "b.png"]);
    assert_eq!(run.json()["images"], 8);
    assert_eq!(run.json()["saved"], 2);
    assert_eq!(run.failures().len(), 6);
}

#[test]
fn an_empty_album_is_reported_and_is_not_a_failure() {
    let stub = Stub::start();
    let run = program().at_url(&stub.api_url()).run().exits(0);
    assert!(run.stdout.contains("empty"), "{}", run.stdout);
}

#[test]
fn an_album_over_32_mib_is_an_error() {
    let stub = Stub::start();
    let row = json!({"id": "abcdefg", "link": stub.link("a.png")}).to_string();
    let list = vec![row; (40 << 20) / 60].join(",");
    let body = format!("{{\"success\":true,\"data\":[{list}]}}");
    stub.respond_to_album(vec![Response::new("200 OK", &[], body)]);
    let run = program().at_url(&stub.api_url()).run().exits(1);
    assert!(run.stderr.contains("larger than 32 MiB"), "{}", run.stderr);
}
