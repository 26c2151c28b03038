//! Without credentials the album comes from a server inside the program.

use crate::program;
use practice::{Server, Settings};
use std::time::Duration;

/// A practice server without delays, for tests of something else.
pub fn fast() -> Settings {
    Settings { latency: Duration::ZERO, link_rate: None, ..Settings::default() }
}

#[test]
fn without_credentials_the_practice_album_is_downloaded() {
    let run = program().run().exits(0);
    assert!(run.stderr.contains("practice"), "{}", run.stderr);
    assert!(run.stdout.contains("40 of 40 images saved in downloads"), "{}", run.stdout);
    assert!(run.stdout.contains("seen by the practice server: requests 41"), "{}", run.stdout);
    assert_eq!(run.files().len(), 40);
}

#[test]
fn the_files_are_those_that_the_server_has() {
    let server = Server::start(&fast()).unwrap();
    let files = program().at(&server).run().exits(0).files();
    assert_eq!(files.len(), 40);
    assert!(files.iter().all(|(name, bytes)| server.file(name).unwrap() == *bytes));
}

#[test]
fn credentials_do_not_matter_with_practice() {
    let run = program().at_url("http://127.0.0.1:9/3").args("--practice --limit 2").run().exits(0);
    assert_eq!(run.files().len(), 2);
}

#[test]
fn blank_variables_count_as_not_set() {
    let run = program().env("CLIENT_ID", " ").env("IMGUR_API_URL", "").args("--limit 1");
    assert!(run.run().exits(0).stderr.contains("practice"));
}

#[test]
fn proxies_are_not_asked_for_what_is_on_this_machine() {
    let mut run = program().args("--limit 1");
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"] {
        run = run.env(name, "http://127.0.0.1:9");
    }
    assert_eq!(run.run().exits(0).files().len(), 1);
}
