//! Signals, and a system that gives less than it is asked for.

use crate::practice_mode::fast;
use crate::{model, program};
use practice::{Server, Settings};
use std::process::Command;
use std::time::Duration;
use tests::{Answer, Program, Running, Stub, Then, await_that, picture};

/// A program in the middle of its downloads: two images are saved, the others have begun and will
/// never end.
fn in_the_middle() -> (Running, Stub) {
    let names: Vec<String> = (0..12).map(|number| format!("{number}.png")).collect();
    let silent = Answer::ok(picture(1, 900)).cut(-100).then(Then::Silence);
    let images = names.iter().enumerate().map(|(number, name)| {
        let answer = if number < 2 { Answer::ok(picture(1, 900)) } else { silent.clone() };
        (name.as_str(), vec![answer])
    });
    let stub = Stub::with(images);
    let running = program().at_url(&stub.api_url()).workers(4).start();
    await_that("two images to be saved", || running.stdout().matches("saved ").count() == 2);
    let begun = || std::fs::read_dir(running.dir().join("downloads")).unwrap().count();
    await_that("others to be begun", || begun() > 2);
    (running, stub)
}

fn send(signal: &str, id: u32) {
    let sent = Command::new("kill").args(["-s", signal, &id.to_string()]).status().unwrap();
    assert!(sent.success());
}

#[test]
fn a_signal_ends_the_program_properly() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let (running, _stub) = in_the_middle();
        #[cfg(target_os = "linux")]
        let children = tests::children(running.id());
        send(signal, running.id());
        let run = running.wait().exits(code);
        // Worker processes end when their parent has ended, and remove their files then.
        await_that("the temporary files to go", || run.names() == ["0.png", "1.png"]);
        let last = run.stderr.lines().last().unwrap_or_default();
        assert_eq!(last, "stopped: 2 of 12 images saved in downloads");
        #[cfg(target_os = "linux")]
        await_that("the workers to end", || !children.iter().any(|id| tests::is_alive(*id)));
    }
}

/// The program, run by a shell that limits what it may have.
fn limited(limit: &str, server: &Server) -> Program {
    let script = format!("{limit}; exec \"$0\" \"$@\"");
    Program::new("bash").at(server).arg("-c").arg(script).arg(crate::EXE)
}

#[test]
fn few_open_files_mean_fewer_at_a_time() {
    let server = Server::start(&Settings { images: 100, ..fast() }).unwrap();
    let workers = if model() == "01-sync" { "" } else { "--workers 100" };
    let run = limited("ulimit -n 64", &server).args(workers).run().exits(0);
    assert_eq!(run.names().len(), 100);
    if model() != "01-sync" {
        assert!(
            run.stderr.contains("instead of 100: the system allows 64 open files"),
            "{}",
            run.stderr
        );
        assert!(server.observed().peak_in_flight < 30);
    }
}

#[test]
fn a_limit_that_may_be_raised_is_raised() {
    let server =
        Server::start(&Settings { images: 100, latency: Duration::from_millis(50), ..fast() })
            .unwrap();
    let workers = if model() == "01-sync" { "" } else { "--workers 20" };
    let run = limited("ulimit -S -n 40", &server).args(workers).run().exits(0);
    assert_eq!(run.stderr, "");
}

#[test]
fn a_file_that_may_not_be_so_large_is_a_failure() {
    let server = Server::start(&fast()).unwrap();
    let script = "trap '' XFSZ; ulimit -f 100";
    let run = limited(script, &server).args("--json --retries 0").run().exits(1);
    let report = run.json();
    assert_eq!(
        report["saved"].as_u64().unwrap() + report["failed"].as_array().unwrap().len() as u64,
        40
    );
    assert!(
        run.failures().iter().all(|(_, reason)| reason.contains("cannot write")),
        "{:?}",
        run.failures()
    );
    assert!(run.names().iter().all(|name| !name.starts_with('.')));
}
