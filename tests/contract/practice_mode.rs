//! Without credentials, the album comes from a practice server inside the program.

use crate::{fast, program};
use practice::Server;

/// Nothing listens on this port.
const NO_SERVER: &str = "http://127.0.0.1:9";

#[test]
fn without_credentials_the_practice_album_is_downloaded() {
    let run = program().run().exits(0);
    assert!(run.stderr.contains("practice"), "{}", run.stderr);
    assert!(run.stdout.contains("40 of 40 images saved in downloads"), "{}", run.stdout);
    assert!(run.stdout.contains("seen by the practice server: requests 41"), "{}", run.stdout);
    assert_eq!(run.files().len(), 40);
}

#[test]
fn the_saved_files_are_the_ones_that_the_server_sent() {
    let server = Server::start(&fast()).unwrap();
    let files = program().at(&server).run().exits(0).files();
    assert_eq!(files.len(), 40);
    assert!(files.iter().all(|(name, bytes)| server.file(name).unwrap() == *bytes));
}

#[test]
fn the_option_practice_overrides_credentials() {
    let api_url = format!("{NO_SERVER}/3");
    let run = program().at_url(&api_url).args("--practice --limit 2").run().exits(0);
    assert_eq!(run.files().len(), 2);
}

#[test]
fn blank_variables_count_as_not_set() {
    let run = program().env("CLIENT_ID", " ").env("IMGUR_API_URL", "").args("--limit 1");
    assert!(run.run().exits(0).stderr.contains("practice"));
}

#[test]
fn loopback_addresses_never_go_through_a_proxy() {
    let mut run = program().args("--limit 1");
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"] {
        run = run.env(name, NO_SERVER);
    }
    assert_eq!(run.run().exits(0).files().len(), 1);
}
