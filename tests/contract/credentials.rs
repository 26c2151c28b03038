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
    assert!(stub.requests().iter().all(|request| !request.headers.contains("s3cret")));
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
fn a_client_id_never_goes_to_a_server_from_another_source() {
    let stub = Stub::start();
    let file = format!("IMGUR_API_URL={}\n", stub.api_url());
    // The id is for Imgur. A proxy that does not exist keeps the request from getting there.
    let run = program().file(".env", file).env("CLIENT_ID", "some-id");
    let run = run.env("all_proxy", "http://127.0.0.1:9").args("--retries 0").run().exits(1);
    assert!(run.stderr.contains("api.imgur.com"), "{}", run.stderr);
    assert!(stub.requests().is_empty());
}

#[test]
fn the_dotenv_file_is_named_and_its_other_lines_do_no_harm() {
    let (server, mocks) = imgur();
    let url = api_url(&server);
    let file = format!("X='open\nA B\nCLIENT_ID=some-id\nIMGUR_API_URL={url}\n=\n");
    let run = program().file(".env", file).run().exits(0);
    mocks.iter().for_each(Mock::assert);
    assert!(run.stderr.lines().any(|line| line.starts_with("reading ")), "{}", run.stderr);
}

#[test]
fn a_server_on_the_command_line_needs_no_variables() {
    let stub = Stub::with_images([("a.png", vec![Response::ok(fake_image(1, 500))])]);
    let server = stub.api_url().replace("/3", "");
    let program = program().env("CLIENT_ID", "other").env("IMGUR_API_URL", "http://127.0.0.1:9/3");
    let run = program.args(&format!("--server {server} --name Zoe")).run().exits(0);
    assert_eq!(run.file_names(), ["a.png"]);
    let album = &stub.requests()[0].headers.to_lowercase();
    assert!(album.contains("authorization: client-id practice"), "{album}");
    assert!(album.contains("name=zoe"), "{album}");
}

#[test]
fn a_password_in_the_api_url_is_an_error_and_not_printed() {
    let run = program().at_url("http://me:s3cret@127.0.0.1:9/3").run().exits(1);
    assert!(run.stderr.contains("IMGUR_API_URL"), "{}", run.stderr);
    assert!(!run.stderr.contains("s3cret"), "{}", run.stderr);
}

#[test]
fn a_bad_line_of_the_dotenv_file_is_not_printed() {
    let run = program().file(".env", "CLIENT_SECRET=my s3cret is \"this\n").run().exits(1);
    assert!(run.stderr.contains(".env, line 1: CLIENT_SECRET"), "{}", run.stderr);
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
        request.headers.to_lowercase().contains("authorization: client-id some-id")
    };
    assert_eq!(here.requests().len(), 2);
    assert!(here.requests().iter().all(has_client_id));
    assert_eq!(there.requests().len(), 1);
    assert!(!there.requests().iter().any(has_client_id));
}
