//! What a class's practice server learns of a verdict, tried with a cargo that builds a script.

#![cfg(unix)]

mod script;

use practice::{Server, Settings};
use serde_json::{Value, json};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

fn script(path: &Path, text: &str) {
    script::write(path, &format!("#!/bin/sh\n{text}\n"));
}

/// Judges task 1. The submission writes its environment into a file, and downloads nothing.
fn judge(folder: &Path, arguments: &[&str], class: &str) -> Output {
    let (cargo, program) = (folder.join("cargo"), folder.join("program"));
    script(&program, &format!("env > '{}'", folder.join("environment").display()));
    let built = json!({"target": {"name": "task-01"}, "executable": program});
    script(&cargo, &format!("echo '{built}'"));
    Command::new(env!("CARGO_BIN_EXE_exercises"))
        .arg("1")
        .args(arguments)
        .env("CARGO", cargo)
        .env("CARGO_MANIFEST_DIR", folder)
        .env("CLIENT_ID", "practice")
        .env("IMGUR_API_URL", format!("{class}/3"))
        .output()
        .unwrap()
}

/// The progress as the server's pages get it.
fn progress(server: &Server) -> Value {
    let mut connection = TcpStream::connect(server.address()).unwrap();
    let request = "GET /live/progress HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    connection.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    let _ = connection.read_to_string(&mut response).unwrap();
    serde_json::from_str(response.split_once("\r\n\r\n").unwrap().1).unwrap()
}

#[test]
fn only_what_is_printed_is_reported_and_only_with_a_name() {
    let folder = TempDir::new().unwrap();
    let server = Server::start(&Settings::default()).unwrap();
    let class = format!("http://{}", server.address());

    let silent = judge(folder.path(), &[], &class);
    assert_eq!(silent.status.code(), Some(1), "{silent:?}");
    assert_eq!(progress(&server), json!({"students": [], "refusals": {}}));

    let reported = judge(folder.path(), &["--name", "Zoë", "--json"], &class);
    assert_eq!(reported.status.code(), Some(1), "{reported:?}");
    let verdict: Value = serde_json::from_slice(&reported.stdout).unwrap();
    let refusal = verdict["message"].as_str().unwrap().lines().next().unwrap();
    let mut shown = progress(&server);
    assert_eq!(shown["students"], json!([{"name": "Zoë", "tasks": {"01": false}}]));
    // The server keeps its beginning.
    let message = shown["refusals"]["01"]["message"].take();
    let beginning = message.as_str().unwrap_or_default().trim_end_matches('…');
    assert!(!beginning.is_empty() && refusal.starts_with(beginning), "{message}");
    assert_eq!(shown["refusals"]["01"]["students"], 1);
    let sent = json!({"name": "Zoë", "task": "01", "passed": false, "message": refusal});
    let printed = String::from_utf8_lossy(&reported.stderr).into_owned();
    assert!(printed.contains(&format!("Reported to the class at {class}: {sent}")), "{printed}");
    let environment = fs::read_to_string(folder.path().join("environment")).unwrap();
    let address = server.address().to_string();
    assert!(environment.contains("IMGUR_API_URL=") && !environment.contains(&address));
    assert!(!environment.contains("Zoë"), "{environment}");
}

#[test]
fn a_report_that_fails_changes_no_verdict() {
    let folder = TempDir::new().unwrap();
    let server = Server::start(&Settings::default()).unwrap();
    let class = format!("http://{}", server.address());
    drop(server);
    let without = judge(folder.path(), &["--json", "--seed", "7"], &class);
    let name = ["--name", "Zoë", "--json", "--seed", "7"];
    for (class, reason) in [
        (&*class, "refused"),
        ("https://api.imgur.com", "no practice server is given"),
        ("nonsense", "IMGUR_API_URL is not"),
    ] {
        let output = judge(folder.path(), &name, class);
        assert_eq!(output.status.code(), without.status.code());
        let printed = String::from_utf8_lossy(&output.stderr).into_owned();
        let line = printed.lines().find(|line| line.starts_with("Not reported to the class: "));
        assert!(line.is_some_and(|line| line.contains(reason)), "{printed}");
        let [one, other] = [&without, &output].map(|output| {
            let mut verdict: Value = serde_json::from_slice(&output.stdout).unwrap();
            verdict["seconds"] = Value::Null;
            verdict
        });
        assert_eq!(one, other);
    }
}

#[test]
fn a_server_needs_a_name_and_both_need_a_task() {
    for arguments in [
        &["1", "--server", "http://127.0.0.1:8080"][..],
        &["--name", "Zoë"],
        &["1", "--name", "Zoë", "--server", "127.0.0.1:8080"],
        &["1", "--name", ""],
    ] {
        let run = Command::new(env!("CARGO_BIN_EXE_exercises")).args(arguments).output().unwrap();
        assert_eq!(run.status.code(), Some(2), "{arguments:?}");
    }
}
