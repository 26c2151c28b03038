//! The lanes that a terminal shows during a run.

use crate::{gated_server, program, worker_count};
use serde_json::json;
use tests::{Response, Stub, Terminal, fake_image, wait_until};

const ROWS: u16 = 24;
/// One row is for the total, and the last one stays empty.
const MAX_LANES: usize = ROWS as usize - 2;

/// The number of lanes in which a download waits for its response.
fn waiting(rows: &[String]) -> usize {
    rows.iter().filter(|line| line.ends_with(" waiting")).count()
}

#[test]
fn each_download_in_progress_has_a_lane_if_there_is_room() {
    let terminal = Terminal::new(ROWS, 80);
    let server = gated_server(2 * worker_count());
    let program = program().at(&server).workers(worker_count()).env("TERM", "xterm");
    let running = program.start_on(&terminal);
    wait_until("a request from each worker", || server.observed().in_flight == worker_count());
    let screen = terminal
        .wait_for_screen("a lane for each", |rows| waiting(rows) == worker_count().min(MAX_LANES));
    let total = screen.iter().find(|row| row.starts_with("total ")).expect("a row for the total");
    assert!(total.starts_with(&format!("total 0 of {}", 2 * worker_count())), "{total}");
    if worker_count() > MAX_LANES {
        assert!(total.ends_with(&format!(" {} more lanes", worker_count() - MAX_LANES)), "{total}");
    }

    // The next event redraws the lanes in the new size.
    terminal.resize(ROWS / 2, 40);
    server.open_gate();
    drop(running.wait().exits(0));
    let screen =
        terminal.wait_for_screen("the summary", |rows| rows.concat().contains("images saved in"));
    assert!(
        !screen.iter().any(|line| line.starts_with("total ")),
        "the lanes are still shown: {screen:?}"
    );
}

#[test]
fn there_are_no_lanes_in_a_plain_terminal_nor_with_quiet_or_json() {
    for (term, arguments) in [("dumb", ""), ("xterm", "--quiet"), ("xterm", "--json")] {
        let terminal = Terminal::new(ROWS, 80);
        let stub = Stub::with_images([
            ("a.png", vec![Response::ok(fake_image(1, 500))]),
            ("b.png", vec![]),
        ]);
        let program = program().at_url(&stub.api_url()).args(arguments);
        let program = program.env("TERM", term);
        drop(program.start_on(&terminal).wait().exits(1));
        let _ =
            terminal.wait_for_screen("the failure", |rows| rows.concat().contains("404 Not Found"));
        let raw = terminal.raw();
        let lines = String::from_utf8_lossy(&raw).replace("\r\n", "\n");
        assert!(lines.chars().all(|char| char == '\n' || !char.is_control()), "{lines:?}");
    }
}

#[test]
fn a_timeline_has_colours_in_a_terminal_unless_they_are_not_wanted() {
    for (no_color, arguments, expected) in [
        ("", "--timeline", true),
        // To stderr: stdout holds only the JSON.
        ("", "--timeline --json", true),
        ("1", "--timeline", false),
    ] {
        let terminal = Terminal::new(ROWS, 80);
        let stub = Stub::with_images([("a.png", vec![Response::ok(fake_image(1, 500))])]);
        let program = program().at_url(&stub.api_url()).args(arguments);
        let program = program.env("TERM", "xterm").env("NO_COLOR", no_color);
        drop(program.start_on(&terminal).wait().exits(0));
        let _ = terminal
            .wait_for_screen("the legend", |rows| rows.concat().contains("the album's image 7"));
        let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
        assert_eq!(raw.contains("\x1b[36m·"), expected, "{no_color:?} {arguments}: {raw:?}");
    }
}

#[test]
fn control_characters_in_a_link_do_not_reach_the_terminal() {
    let terminal = Terminal::new(ROWS, 80);
    let stub = Stub::start();
    let link = format!("{}\u{202e}\u{9b}2J.png", stub.link("a"));
    stub.set_album(&json!([{"id": "a", "link": link}]));
    let program = program().at_url(&stub.api_url()).env("TERM", "xterm");
    drop(program.start_on(&terminal).wait().exits(1));
    let _ = terminal.wait_for_screen("the failure", |rows| rows.concat().contains("failed: "));
    let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
    assert!(!raw.contains(['\u{202e}', '\u{9b}']), "{raw:?}");
}

#[test]
fn a_lane_shows_that_it_waits_for_a_retry() {
    let terminal = Terminal::new(ROWS, 80);
    let names: Vec<String> = (0..worker_count()).map(|number| format!("{number}.png")).collect();
    let busy = || Response::new("503 Busy", &["Retry-After: 60"], "");
    let stub = Stub::with_images(names.iter().map(|name| (name.as_str(), vec![busy()])));
    let program = program().at_url(&stub.api_url()).workers(worker_count()).env("TERM", "xterm");
    let running = program.start_on(&terminal);
    let _ = terminal.wait_for_screen("a failed attempt in each lane", |rows| {
        let failed = rows.iter().filter(|line| line.ends_with(" failed, will retry")).count();
        failed == worker_count().min(MAX_LANES)
    });
    drop(running);
}
