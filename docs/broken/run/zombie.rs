//! Wrong on purpose: it starts a process and never asks what became of it.
#![expect(clippy::zombie_processes, reason = "that is what it shows, and clippy sees it")]

use std::io;
use std::process::Command;

fn main() {
    let child = Command::new("true").spawn().expect("it starts");
    println!("child {} is started; press Enter to end", child.id());
    io::stdin().read_line(&mut String::new()).expect("stdin can be read");
}
