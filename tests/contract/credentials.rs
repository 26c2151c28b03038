//! Where the client id comes from, where it is sent, and that the secret is not sent.

use crate::program;
use mockito::{Matcher, Mock, ServerGuard};
use serde_json::json;
use tests::{Request, Response, Stub, fake_image};

const PATH: &str = "/3/album/PdA9Amq/images";

/// A server whose album lists one image. The mocks fail on a wrong header, a repeated request, or
/// a request for another path.
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
        .with_body(fake_image(1, 500))
        .expect(1)
        .create();
    let other_path = server.mock("GET", Matcher::Any).with_status(404).expect(0).create();
    // Mockito takes the first mock that matches, so the one for all other paths comes last.
    (server, [album, image, other_path])
}

fn api_url(server: &ServerGuard) -> String {
    format!("{}/3", server.url())
}

#[test]
fn the_client_id_is_sent_to_the_api_only() {
    let (server, mocks) = imgur();
    let run = program().at_url(&api_url(&server)).env("CLIENT_SECRET", "s3cret").run().exits(0);
    mocks.iter().for_each(Mock::assert);
    assert_eq!(run.files()["abcdefg.png"], fake_image(1, 500));
}

#[test]
fn the_secret_is_neither_sent_nor_printed() {
    let stub = Stub::with_images([("a.png", vec![Response::ok(fake_image(1, 500))])]);
    let run = program().at_url(&stub.api_url()).env("CLIENT_SECRET", "s3cret").run().exits(0);
    assert_eq!(stub.requests().len(), 2);
    assert!(stub.requests().iter().all(|request| !request.head.contains("s3cret")));
    assert!(!format!("{}{}", run.stdout, run.stderr).contains("s3cret"));
}

#[test]
fn the_api_url_may_end_in_a_slash() {
    let (server, mocks) = imgur();
    drop(program().at_url(&format!("{}/", api_url(&server))).run().exits(0));
    mocks.iter().for_each(Mock::assert);
}

#[test]
fn credentials_are_read_from_a_dotenv_file() {
    let (server, mocks) = imgur();
    let file = format!(
        "# mine\r\n\r\nexport CLIENT_ID=\"some-id\"\r\nCLIENT_SECRET='s3cret'\r\n\
         IMGUR_API_URL={} # here\r\n",
        api_url(&server)
    );
    drop(program().file(".env", file).run().exits(0));
    mocks.iter().for_each(Mock::assert);
}

#[test]
fn the_environment_overrides_the_dotenv_file() {
    let (server, mocks) = imgur();
    let file = "CLIENT_ID=other\nIMGUR_API_URL=http://127.0.0.1:9/3\n";
    drop(program().file(".env", file).at_url(&api_url(&server)).run().exits(0));
    mocks.iter().for_each(Mock::assert);
}

#[test]
fn a_bad_line_of_the_dotenv_file_is_not_printed() {
    let run = program().file(".env", "CLIENT_SECRET=my s3cret is \"this\n").run().exits(1);
    assert!(run.stderr.contains(".env"), "{}", run.stderr);
    assert!(!run.stderr.contains("s3cret"), "{}", run.stderr);
}

#[test]
fn an_api_url_without_a_client_id_is_an_error() {
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
fn a_client_id_that_is_not_a_valid_header_is_an_error_and_not_printed() {
    let stub = Stub::start();
    let run = program().at_url(&stub.api_url()).env("CLIENT_ID", "abc\r\nX-Evil: 1").run().exits(1);
    assert!(!run.stderr.contains("abc"), "{}", run.stderr);
    assert_eq!(stub.album_requests(), 0);
}

#[test]
fn a_redirect_to_another_host_does_not_get_the_client_id() {
    let (here, there) = (Stub::start(), Stub::start());
    let redirect_to =
        |location: &str| Response::new("302 Found", &[&format!("Location: {location}")], "");
    here.respond_to_album(vec![redirect_to("/3/elsewhere")]);
    here.respond("/3/elsewhere", vec![redirect_to(&there.link("3/album/PdA9Amq/images"))]);
    drop(program().at_url(&here.api_url()).run().exits(0));
    let has_client_id = |request: &Request| {
        request.head.to_lowercase().contains("authorization: client-id some-id")
    };
    assert_eq!(here.requests().len(), 2);
    assert!(here.requests().iter().all(has_client_id));
    assert_eq!(there.requests().len(), 1);
    assert!(!there.requests().iter().any(has_client_id));
}
