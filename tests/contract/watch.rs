//! `--watch`: the run begins when the practice server's page is open, and the page stays until Enter.

use crate::program;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use tests::{Running, wait_until};

/// The program, waiting for a page, and the address of the page's server.
fn waiting() -> (Running, String) {
    let running = program().with_stdin().args("--practice --watch --limit 3").start();
    wait_until("the page's address", || running.stderr().contains("/\n"));
    let stderr = running.stderr();
    let (_, address) = stderr.split_once("waiting for the page http://").expect("an address");
    let address = address.split_once('/').expect("its end").0.to_owned();
    (running, address)
}

/// Follows the live view, as the page does. Also returns the first event, a snapshot.
fn open_page(address: &str) -> (BufReader<TcpStream>, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET /live/events HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while !line.starts_with("data: ") {
        line.clear();
        assert_ne!(stream.read_line(&mut line).unwrap(), 0, "the stream has ended");
    }
    (stream, line)
}

#[test]
fn the_run_begins_with_the_page_and_the_page_stays_until_enter() {
    let (mut running, address) = waiting();
    let (_page, snapshot) = open_page(&address);
    assert!(!snapshot.contains(crate::model()), "it has sent a request: {snapshot}");
    wait_until("the end of the run", || running.stderr().contains("press Enter to end"));
    assert!(running.stdout().contains("3 of 3 images saved"), "{}", running.stdout());
    let (_another_page, snapshot) = open_page(&address);
    assert!(snapshot.contains(crate::model()), "the page shows no run: {snapshot}");
    running.press_enter();
    assert_eq!(running.wait().exits(0).files().len(), 3);
}

#[test]
fn a_port_in_use_is_left_alone() {
    // Fails if another program has the port, which is as good.
    let _taken = TcpListener::bind("127.0.0.1:8080");
    let (_running, address) = waiting();
    assert_ne!(address, "127.0.0.1:8080");
    assert!(address.starts_with("127.0.0.1:8"), "{address}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_ends_the_wait() {
    let (running, _) = waiting();
    let status = format!("/proc/{}/status", running.id());
    wait_until("the handler of SIGINT", || {
        let status = std::fs::read_to_string(&status).unwrap();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
        u64::from_str_radix(caught.trim(), 16).unwrap() & 0b10 != 0
    });
    tests::send_signal("INT", running.id());
    let run = running.wait().exits(130);
    assert!(run.stderr.contains("0 of 0 images"), "it did not wait: {}", run.stderr);
    assert!(run.file_names().is_empty());
}

#[test]
fn other_servers_have_no_page_to_wait_for() {
    let run = program().at_url("http://127.0.0.1:9/3").args("--watch").run().exits(1);
    assert!(run.stderr.contains("--watch needs the practice album"), "{}", run.stderr);
    drop(program().args("--watch --server http://127.0.0.1:9").run().exits(2));
}
