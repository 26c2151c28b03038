//! Options, album addresses, and wrong usage, which ends the program before its first request.

use crate::{fast, model, program};
use practice::Server;
use tests::Stub;

#[test]
fn wrong_usage_exits_with_2_and_sends_nothing() {
    let stub = Stub::start();
    for args in [
        "--frobnicate",
        "--limit x",
        "--limit -1",
        "--timeout soon",
        "--timeout 0",
        "--timeout -1",
        "--timeout nan",
        "--timeout inf",
        "--timeout 1e99",
        "--retries -1",
        "--retries x",
        "one two",
        "--out",
        "--workers 0",
        "--workers many",
        "--workers -1",
        "--worker 5",
        "worker-process",
        "--worker",
        "https://example.com/a/PdA9Amq",
        "https://imgur.com/PdA9Amq",
        "https://imgur.com/a/",
        "https://imgur.com/a/a/b",
        "ftp://imgur.com/a/PdA9Amq",
        "https://imgur.com@x.org/a/PdA9Amq",
        "x/../../3/credits",
        "PdA9Amq?x=1",
        "PdA9Amq/",
        "caf\u{e9}",
        "aaaaaaaaaaaaaaaaaaaaa",
    ] {
        let run = program().at_url(&stub.api_url()).args(args).run();
        assert_eq!(run.code(), Some(2), "{args}: {}", run.stderr);
        assert!(!run.stderr.is_empty() && run.stdout.is_empty(), "{args}");
    }
    let marks = format!("e{}", "\u{301}".repeat(3_000));
    for name in ["", "  ", "a\tb", "a\u{202e}b", &"é".repeat(41), &marks] {
        let run = program().at_url(&stub.api_url()).arg("--name").arg(name).run();
        assert_eq!(run.code(), Some(2), "{name:?}: {}", run.stderr);
    }
    for album in ["", " ", "PdA 9Amq", "PdA\n9Amq", "../x"] {
        let run = program().at_url(&stub.api_url()).arg(album).run();
        assert_eq!(run.code(), Some(2), "{album:?}: {}", run.stderr);
    }
    assert!(stub.requests().is_empty());
}

#[test]
fn blanks_around_the_album_do_not_count() {
    let stub = Stub::start();
    for album in [" PdA9Amq", "https://imgur.com/a/PdA9Amq\n"] {
        drop(program().at_url(&stub.api_url()).arg(album).run().exits(0));
    }
    let targets = stub.requests().into_iter().map(|request| request.target);
    assert!(targets.eq(["/3/album/PdA9Amq/images"; 2]));
}

#[test]
fn all_programs_have_the_same_options_except_workers() {
    let help = program().args("--help").run().exits(0).stdout;
    for option in [
        "ALBUM",
        "--out",
        "--limit",
        "--timeout",
        "--retries",
        "--practice",
        "--json",
        "--quiet",
        "--watch",
    ] {
        assert!(help.contains(option), "{help}");
    }
    assert_eq!(help.contains("--workers"), model() != "01-sync", "{help}");
}

#[test]
fn options_of_other_programs_get_a_tip() {
    if model() == "01-sync" {
        let run = program().args("--workers 3").run().exits(2);
        assert!(run.stderr.contains("'02-threads'"), "{}", run.stderr);
    }
    let run = program().args("--listen 0.0.0.0:8080").run().exits(2);
    assert!(run.stderr.contains("'practice-server'"), "{}", run.stderr);
}

#[test]
fn help_fits_80_columns() {
    let help = program().env("COLUMNS", "80").args("--help").run().exits(0).stdout;
    let longest = help.lines().map(|line| line.chars().count()).max();
    assert!(longest <= Some(80), "{help}");
    for part in ["\nExamples:\n", "\nEnvironment", "\nExit codes:\n"] {
        assert!(help.contains(part), "{help}");
    }
}

#[test]
fn an_album_can_be_given_by_its_address() {
    for address in [
        "PdA9Amq",
        "https://imgur.com/a/PdA9Amq",
        "http://imgur.com/a/PdA9Amq/",
        "imgur.com/a/PdA9Amq",
        "www.imgur.com/gallery/PdA9Amq",
        "https://m.imgur.com/a/some-title-PdA9Amq?x=y#3",
        "HTTPS://IMGUR.COM/gallery/a-b-PdA9Amq/",
    ] {
        let stub = Stub::start();
        drop(program().at_url(&stub.api_url()).args(address).run().exits(0));
        assert_eq!(stub.album_requests(), 1, "{address}");
    }
}

#[test]
fn limit_takes_the_first_images() {
    let server = Server::start(&fast()).unwrap();
    let few = program().at(&server).args("--limit 3 -o few").run().exits(0);
    assert_eq!(few.files_in("few").len(), 3);
    assert_eq!(server.observed().requests, 4);
    drop(program().at(&server).args("--limit 0").run().exits(0));
}

#[test]
fn an_unknown_album_exits_with_1() {
    let server = Server::start(&fast()).unwrap();
    let run = program().at(&server).args("abcde").run().exits(1);
    assert!(run.stderr.contains("abcde"), "{}", run.stderr);
}

#[test]
fn the_user_agent_of_each_request_names_program_and_run() {
    let server = Server::start(&fast()).unwrap();
    drop(program().at(&server).workers(3).args("--limit 4").run().exits(0));
    let name = format!("José; (x) {}", "é".repeat(30));
    let run = program().at(&server).workers(3).args("--limit 4 --name").arg(name);
    drop(run.run().exits(0));
    let workers = if model() == "01-sync" { 1 } else { 3 };
    let program = format!("{}/{} (workers={workers}; ", model(), env!("CARGO_PKG_VERSION"));
    let agents: Vec<String> =
        server.observed().log.into_iter().map(|request| request.user_agent).collect();
    assert_eq!(agents.len(), 10);
    let (unnamed, named) = agents.split_at(5);
    for (agents, start) in
        [(unnamed, "run="), (named, "name=Jos%C3%A9%3B%20%28x%29%20%C3%A9%C3%A9")]
    {
        assert!(agents[0].starts_with(&format!("{program}{start}")), "{agents:?}");
        // All requests of a run name the same run, even those of worker processes.
        assert!(agents.iter().all(|agent| *agent == agents[0]), "{agents:?}");
    }
    let run_id = |agent: &str| agent.rsplit_once("run=").map(|(_, id)| id.to_owned());
    assert!(run_id(&named[0]).is_some(), "the long name has displaced the run: {named:?}");
    assert_ne!(run_id(&unnamed[0]), run_id(&named[0]));
}
