//! What is asked of Imgur, by whose word, and what its answers mean.

use crate::program;
use mockito::{Matcher, Mock, ServerGuard};
use serde_json::{Value, json};
use tests::{Answer, Stub, picture};

const PATH: &str = "/3/album/PdA9Amq/images";

/// An Imgur that lists one image and serves it, if the requests are as they should be.
fn imgur() -> (ServerGuard, [Mock; 3]) {
    let mut server = mockito::Server::new();
    let list = json!([{"id": "abcdefg", "link": format!("{}/abcdefg.png", server.url())}]);
    let album = server
        .mock("GET", PATH)
        .match_header("authorization", "Client-ID some-id")
        .with_header("content-type", "application/json")
        .with_body(json!({"data": list, "success": true, "status": 200}).to_string())
        .expect(1)
        .create();
    let image = server
        .mock("GET", "/abcdefg.png")
        .match_header("authorization", Matcher::Missing)
        .match_header("cookie", Matcher::Missing)
        .match_header("accept-encoding", "gzip")
        .with_body(picture(1, 500))
        .expect(1)
        .create();
    let other = server.mock("GET", Matcher::Any).with_status(404).expect(0).create();
    // The first mock that fits answers; the one for the rest comes last.
    (server, [album, image, other])
}

fn api_url(server: &ServerGuard) -> String {
    format!("{}/3", server.url())
}

#[test]
fn the_client_id_goes_to_the_api_and_nothing_else_goes_anywhere() {
    let (server, mocks) = imgur();
    let run = program().at_url(&api_url(&server)).env("CLIENT_SECRET", "s3cret").run().exits(0);
    mocks.iter().for_each(Mock::assert);
    assert_eq!(run.files()["abcdefg.png"], picture(1, 500));
}

#[test]
fn the_secret_is_neither_sent_nor_printed() {
    let stub = Stub::with([("a.png", vec![Answer::ok(picture(1, 500))])]);
    let run = program().at_url(&stub.api_url()).env("CLIENT_SECRET", "s3cret").run().exits(0);
    assert!(stub.asked().iter().all(|asked| !asked.head.contains("s3cret")));
    assert!(!format!("{}{}", run.stdout, run.stderr).contains("s3cret"));
}

#[test]
fn a_closing_slash_of_the_address_does_no_harm() {
    let (server, mocks) = imgur();
    drop(program().at_url(&format!("{}/", api_url(&server))).run().exits(0));
    mocks.iter().for_each(Mock::assert);
}

#[test]
fn credentials_may_stand_in_a_file() {
    let (server, mocks) = imgur();
    let file = format!(
        "# mine\r\n\r\nexport CLIENT_ID=\"some-id\"\r\nCLIENT_SECRET='s3cret'\r\nIMGUR_API_URL={} # here\r\n",
        api_url(&server)
    );
    drop(program().file(".env", file).run().exits(0));
    mocks.iter().for_each(Mock::assert);
}

#[test]
fn the_environment_wins_over_the_file() {
    let (server, mocks) = imgur();
    let file = "CLIENT_ID=other\nIMGUR_API_URL=http://127.0.0.1:9/3\n";
    drop(program().file(".env", file).at_url(&api_url(&server)).run().exits(0));
    mocks.iter().for_each(Mock::assert);
}

#[test]
fn a_file_that_cannot_be_read_is_not_quoted() {
    let run = program().file(".env", "CLIENT_SECRET=my s3cret is \"this\n").run().exits(1);
    assert!(run.stderr.contains(".env"), "{}", run.stderr);
    assert!(!run.stderr.contains("s3cret"), "{}", run.stderr);
}

#[test]
fn an_address_without_a_client_id_is_an_error() {
    for id in [None, Some("  ")] {
        let mut run = program().env("IMGUR_API_URL", "http://127.0.0.1:9/3");
        if let Some(id) = id {
            run = run.env("CLIENT_ID", id);
        }
        let run = run.run().exits(1);
        assert!(run.stderr.contains("CLIENT_ID"), "{}", run.stderr);
    }
}

#[test]
fn a_client_id_that_fits_no_header_is_an_error_and_not_shown() {
    let stub = Stub::start();
    let run = program().at_url(&stub.api_url()).env("CLIENT_ID", "abc\r\nX-Evil: 1").run().exits(1);
    assert!(!run.stderr.contains("abc"), "{}", run.stderr);
    assert_eq!(stub.album_times(), 0);
}

/// What a program says to an answer of the API, without further tries.
fn said_to(answer: Answer) -> String {
    let stub = Stub::start();
    stub.answer_album(vec![answer]);
    let run = program().at_url(&stub.api_url()).args("--retries 0").run().exits(1);
    assert_eq!(stub.image_times(), 0);
    assert!(run.names().is_empty());
    assert!(run.stderr.contains("PdA9Amq"), "{}", run.stderr);
    run.stderr
}

fn json_answer(status: &str, body: &Value) -> Answer {
    Answer::new(status, &["Content-Type: application/json"], body.to_string())
}

#[test]
fn errors_are_understood_in_all_of_imgurs_shapes() {
    let text = json!({"data": {"error": "Unable to find it.", "request": "/3/x", "method": "GET"}, "success": false, "status": 404});
    let object = json!({"data": {"error": {"code": 429, "message": "Too fast.", "type": "ImgurException", "exception": []}}, "success": false, "status": 400});
    let list = json!({"errors": [{"id": "legacy", "code": "429", "status": "Too Many Requests", "detail": "Slow down."}]});
    let scalar = json!({"data": "An error occurred.", "success": false, "status": 500});
    let nothing = json!({"data": false, "success": false, "status": 500});
    for (status, body, words) in [
        ("404 Not Found", text, "404 Not Found: Unable to find it."),
        ("400 Bad Request", object, "400 Bad Request: Too fast."),
        ("429 Too Many Requests", list, "429 Too Many Requests: Slow down."),
        ("500 Internal Server Error", scalar, "500 Internal Server Error: An error occurred."),
        ("500 Internal Server Error", nothing, "500 Internal Server Error\n"),
    ] {
        let said = said_to(json_answer(status, &body));
        assert!(said.contains(words), "{said} does not say {words}");
    }
    let said = said_to(Answer::new("502 Bad Gateway", &["Content-Type: text/html"], "<h1>Oh"));
    assert!(said.contains("502 Bad Gateway\n"), "{said}");
}

#[test]
fn what_imgur_says_is_made_harmless() {
    let said = said_to(json_answer(
        "404 Not Found",
        &json!({"data": {"error": "no \u{1b}[31m\u{7}\nalbum"}}),
    ));
    assert!(said.contains("album"), "{said}");
    assert!(!said.contains(['\u{1b}', '\u{7}']), "{said:?}");
}

#[test]
fn a_200_is_not_enough() {
    let failure = json!({"data": {"error": "Album is private"}, "success": false, "status": 403});
    assert!(said_to(json_answer("200 OK", &failure)).contains("Album is private"));
    for data in [json!(false), json!(null), json!({"images": []}), json!("x")] {
        let said = said_to(json_answer("200 OK", &json!({"data": data, "success": true})));
        assert!(said.contains("list of images"), "{said}");
    }
    for body in ["", "<!doctype html>", "{\"data\":[", "[]", "{\"success\":true}"] {
        drop(said_to(Answer::new("200 OK", &["Content-Type: application/json"], body)));
    }
}

#[test]
fn one_bad_image_spoils_no_other() {
    let stub = Stub::with([
        ("a.png", vec![Answer::ok(picture(1, 500))]),
        ("b.png", vec![Answer::ok(picture(2, 500))]),
    ]);
    stub.album(&json!([
        {"id": "a", "link": stub.link("a.png")},
        {"id": "nolink"}, {"id": "numlink", "link": 5}, {"link": stub.link("no-id.png")}, 7, null, [],
        {"id": "b", "link": stub.link("b.png"), "size": "12", "bandwidth": 1e300, "animated": 3, "nsfw": {"x": []}},
    ]));
    let run = program().at_url(&stub.api_url()).args("--json").run().exits(1);
    assert_eq!(run.names(), ["a.png", "b.png"]);
    assert_eq!(run.json()["images"], 8);
    assert_eq!(run.json()["saved"], 2);
    assert_eq!(run.failures().len(), 6);
}

#[test]
fn an_empty_album_is_said_and_no_failure() {
    let stub = Stub::start();
    let run = program().at_url(&stub.api_url()).run().exits(0);
    assert!(run.stdout.contains("empty"), "{}", run.stdout);
}

#[test]
fn an_answer_without_end_is_not_read_to_its_end() {
    let stub = Stub::start();
    let row = json!({"id": "abcdefg", "link": stub.link("a.png")}).to_string();
    let list = vec![row; (40 << 20) / 60].join(",");
    let body = format!("{{\"success\":true,\"data\":[{list}]}}");
    stub.answer_album(vec![Answer::new("200 OK", &[], body)]);
    let run = program().at_url(&stub.api_url()).run().exits(1);
    assert!(run.stderr.contains("larger than 32 MiB"), "{}", run.stderr);
}

#[test]
fn the_api_may_be_moved_but_the_client_id_stays() {
    let (here, there) = (Stub::start(), Stub::start());
    let moved =
        |location: String| Answer::new("302 Found", &[&format!("Location: {location}")], "");
    here.answer_album(vec![moved("/3/elsewhere".into())]);
    here.answer("/3/elsewhere", vec![moved(there.link("3/album/PdA9Amq/images"))]);
    drop(program().at_url(&here.api_url()).run().exits(0));
    let sent = |asked: &tests::Asked| {
        asked.head.to_lowercase().contains("authorization: client-id some-id")
    };
    assert_eq!(here.asked().len(), 2);
    assert!(here.asked().iter().all(sent));
    assert_eq!(there.asked().len(), 1);
    assert!(!there.asked().iter().any(sent));
}
