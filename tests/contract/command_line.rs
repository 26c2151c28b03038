//! The options, and what is refused before anything is asked of anybody.

use crate::practice_mode::fast;
use crate::{model, program};
use practice::Server;
use tests::Stub;

#[test]
fn wrong_usage_is_refused_with_code_2() {
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
    for name in ["", "  ", "a\tb", "a\u{202e}b", &"é".repeat(41)] {
        let run = program().at_url(&stub.api_url()).arg("--name").arg(name).run();
        assert_eq!(run.code(), Some(2), "{name:?}: {}", run.stderr);
    }
    for album in ["", "PdA 9Amq", "PdA9Amq\n", "../x"] {
        let run = program().at_url(&stub.api_url()).arg(album).run();
        assert_eq!(run.code(), Some(2), "{album:?}: {}", run.stderr);
    }
    assert!(stub.asked().is_empty());
}

#[test]
fn only_the_concurrent_programs_have_workers() {
    let help = program().args("--help").run().exits(0).stdout;
    for option in
        ["ALBUM", "--out", "--limit", "--timeout", "--retries", "--practice", "--json", "--quiet"]
    {
        assert!(help.contains(option), "{help}");
    }
    assert_eq!(help.contains("--workers"), model() != "01-sync", "{help}");
    if model() == "01-sync" {
        drop(program().args("--workers 3").run().exits(2));
    }
}

#[test]
fn an_album_may_be_named_by_its_address() {
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
        assert_eq!(stub.album_times(), 1, "{address}");
    }
}

#[test]
fn a_limit_takes_the_first_images_only() {
    let server = Server::start(&fast()).unwrap();
    let few = program().at(&server).args("--limit 3 -o few").run().exits(0);
    assert_eq!(few.files_in("few").len(), 3);
    assert_eq!(server.observed().requests, 4);
    drop(program().at(&server).args("--limit 0").run().exits(0));
}

#[test]
fn an_unknown_album_is_a_failure() {
    let server = Server::start(&fast()).unwrap();
    let run = program().at(&server).args("abcde").run().exits(1);
    assert!(run.stderr.contains("Unable to find an album with the id, abcde."), "{}", run.stderr);
}

#[test]
fn every_request_names_the_program_and_its_user() {
    let server = Server::start(&fast()).unwrap();
    drop(program().at(&server).workers(3).args("--limit 4").run().exits(0));
    let name = format!("José; (x) {}", "é".repeat(30));
    let run = program().at(&server).workers(3).args("--limit 4 --name").arg(name);
    drop(run.run().exits(0));
    let workers = if model() == "01-sync" { 1 } else { 3 };
    let program = format!("{}/{} (workers={workers}; ", model(), env!("CARGO_PKG_VERSION"));
    let agents = server.observed().log.into_iter().map(|seen| seen.user_agent);
    let agents = agents.collect::<Vec<_>>();
    assert_eq!(agents.len(), 10);
    for (run, start) in [(0, "run="), (5, "name=Jos%C3%A9%3B%20%28x%29%20%C3%A9%C3%A9")] {
        assert!(agents[run].starts_with(&format!("{program}{start}")), "{agents:?}");
        // All requests of a run name the same run, those of worker processes included.
        assert!(agents[run..run + 5].iter().all(|agent| *agent == agents[run]), "{agents:?}");
    }
    let run = |agent: &str| agent.rsplit_once("run=").map(|(_, run)| run.to_owned());
    assert_ne!(run(&agents[0]), run(&agents[5]));
    assert!(run(&agents[5]).is_some(), "a long name cuts nothing off");
}
