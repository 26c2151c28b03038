//! What is printed: a line for each file, `--json`, `--quiet`, and output that cannot be written.

use crate::{fast, model, program};
use practice::{Server, Settings};
use serde_json::json;
#[cfg(unix)]
use tests::Program;
use tests::{Response, Stub, fake_image};

#[test]
fn each_file_has_its_line() {
    let server = Server::start(&Settings { images: 3, ..fast() }).unwrap();
    let run = program().at(&server).run().exits(0);
    for name in run.file_names() {
        assert!(run.stdout.contains(&format!(
            "saved {}",
            std::path::Path::new("downloads").join(name).display()
        )));
    }
    assert!(run.stdout.contains("3 of 3 images saved"), "{}", run.stdout);
    assert!(run.stderr.is_empty(), "{}", run.stderr);
    assert!(!run.stdout.contains(['\r', '\u{1b}']));
}

#[test]
fn json_is_one_object_and_nothing_else() {
    let server = Server::start(&Settings { images: 3, ..fast() }).unwrap();
    let run = program().at(&server).args("--json").run().exits(0);
    let mut report = run.json();
    let seconds = report["seconds"].take().as_f64().unwrap();
    assert!(seconds >= 0.0);
    assert!((1..=3).contains(&report["peak_in_flight"].take().as_u64().unwrap()));
    assert!(report["workers"].take().as_u64().unwrap() >= 1);
    let bytes: usize = run.files().values().map(Vec::len).sum();
    let expected = json!({
        "model": model(), "album": "PdA9Amq", "workers": null,
        "images": 3, "saved": 3, "failed": [], "bytes": bytes, "seconds": null, "peak_in_flight": null,
    });
    assert_eq!(report, expected);
}

#[test]
fn json_is_also_printed_after_failures() {
    let stub =
        Stub::with_images([("a.png", vec![Response::ok(fake_image(1, 500))]), ("b.png", vec![])]);
    let run = program().at_url(&stub.api_url()).args("--json").run().exits(1);
    let report = run.json();
    assert_eq!((&report["images"], &report["saved"]), (&json!(2), &json!(1)));
    assert_eq!(report["failed"], json!([{"link": stub.link("b.png"), "error": "404 Not Found"}]));
    assert!(run.stderr.contains(&stub.link("b.png")));

    let report = program().at_url(&stub.api_url()).args("--json abcde").run().exits(1).json();
    assert_eq!((&report["images"], &report["saved"]), (&json!(0), &json!(0)));
    assert_eq!(report["failed"][0]["link"], format!("{}/album/abcde/images", stub.api_url()));
    assert_eq!(report["failed"][0]["error"], "404 Not Found");

    let report = program().env("IMGUR_API_URL", "http://x/").args("--json").run().exits(1).json();
    assert_eq!(report["failed"].as_array().unwrap().len(), 1);
}

#[test]
fn quiet_prints_failures_only() {
    let stub =
        Stub::with_images([("a.png", vec![Response::ok(fake_image(1, 500))]), ("b.png", vec![])]);
    let run = program().at_url(&stub.api_url()).args("--quiet").run().exits(1);
    assert_eq!(run.stdout, "");
    assert_eq!(run.stderr, format!("failed: {}: 404 Not Found\n", stub.link("b.png")));
}

#[test]
fn control_characters_in_a_link_are_not_printed() {
    let stub = Stub::start();
    stub.set_album(&json!([{"id": "a", "link": "gopher://x/\u{1b}[2J\u{9b}\u{202e}\r.png"}]));
    let run = program().at_url(&stub.api_url()).run().exits(1);
    assert!(!run.stderr.contains(['\u{1b}', '\u{9b}', '\u{202e}', '\r']), "{:?}", run.stderr);
}

#[cfg(unix)]
#[test]
fn stdout_and_stderr_may_be_closed() {
    let server = Server::start(&Settings { images: 3, ..fast() }).unwrap();
    for redirection in [">&-", "2>&-", ">&- 2>&-", "| true", "2>&1 | true"] {
        let script = format!("set -o pipefail; {} -o out {redirection}", crate::EXE);
        let run = Program::new("bash").at(&server).arg("-c").arg(script).run();
        assert_eq!(run.files_in("out").len(), 3, "{redirection}: {}", run.stderr);
        assert_eq!(run.code(), Some(0), "{redirection}: {}", run.stderr);
    }
}
