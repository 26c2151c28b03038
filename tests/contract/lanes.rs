//! The lanes that a terminal shows while a program runs.

use crate::concurrency::{closed, workers};
use crate::program;
use serde_json::json;
use tests::{Answer, Stub, Terminal, await_that, picture};

const ROWS: u16 = 24;

fn waiting(screen: &[String]) -> usize {
    screen.iter().filter(|line| line.ends_with(" waiting")).count()
}

#[test]
fn each_download_in_progress_has_a_lane_and_the_rest_is_counted() {
    let terminal = Terminal::new(ROWS, 80);
    let server = closed(2 * workers());
    let program = program().at(&server).workers(workers()).env("TERM", "xterm");
    let running = program.start_on(&terminal);
    await_that("all workers to ask", || server.observed().in_flight == workers());
    // A line for the total, and one that stays empty.
    let room = usize::from(ROWS) - 2;
    let screen = terminal.await_screen("a lane for each", |it| waiting(it) == workers().min(room));
    let total = screen.iter().find(|line| line.starts_with("total ")).expect("there is a total");
    assert!(total.starts_with(&format!("total 0 of {}", 2 * workers())), "{total}");
    if workers() > room {
        assert!(total.ends_with(&format!(" {} more now", workers() - room)), "{total}");
    }

    // What fits a smaller window is found out with the next event.
    terminal.resize(ROWS / 2, 40);
    server.open_gate();
    drop(running.wait().exits(0));
    let screen =
        terminal.await_screen("the last line", |it| it.concat().contains("images saved in"));
    assert!(
        !screen.iter().any(|line| line.starts_with("total ")),
        "the lanes are gone: {screen:?}"
    );
}

#[test]
fn nothing_is_drawn_where_nobody_wants_it() {
    for (term, no_color, arguments) in
        [("xterm", "1", ""), ("dumb", "", ""), ("xterm", "", "--quiet"), ("xterm", "", "--json")]
    {
        let terminal = Terminal::new(ROWS, 80);
        let stub = Stub::with([("a.png", vec![Answer::ok(picture(1, 500))]), ("b.png", vec![])]);
        let program = program().at_url(&stub.api_url()).args(arguments);
        let program = program.env("TERM", term).env("NO_COLOR", no_color);
        drop(program.start_on(&terminal).wait().exits(1));
        let _ = terminal.await_screen("the failure", |it| it.concat().contains("404 Not Found"));
        let raw = terminal.raw();
        let lines = String::from_utf8_lossy(&raw).replace("\r\n", "\n");
        assert!(lines.chars().all(|it| it == '\n' || !it.is_control()), "{lines:?}");
    }
}

#[test]
fn names_from_the_network_are_never_printed_raw() {
    let terminal = Terminal::new(ROWS, 80);
    let stub = Stub::start();
    let link = format!("{}\u{202e}\u{9b}2J.png", stub.link("a"));
    stub.album(&json!([{"id": "a", "link": link}]));
    let program = program().at_url(&stub.api_url()).env("TERM", "xterm");
    drop(program.start_on(&terminal).wait().exits(1));
    let _ = terminal.await_screen("the failure", |it| it.concat().contains("failed: "));
    let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
    assert!(!raw.contains(['\u{202e}', '\u{9b}']), "{raw:?}");
}

#[test]
fn a_lane_that_waits_for_another_try_says_so() {
    let terminal = Terminal::new(ROWS, 80);
    let names: Vec<String> = (0..workers()).map(|number| format!("{number}.png")).collect();
    let busy = || Answer::new("503 Busy", &["Retry-After: 60"], "");
    let stub = Stub::with(names.iter().map(|name| (name.as_str(), vec![busy()])));
    let program = program().at_url(&stub.api_url()).workers(workers()).env("TERM", "xterm");
    let running = program.start_on(&terminal);
    let room = usize::from(ROWS) - 2;
    let _ = terminal.await_screen("all of them to pause", |screen| {
        let failed = screen.iter().filter(|line| line.ends_with(" failed, will retry")).count();
        failed == workers().min(room)
    });
    drop(running);
}
