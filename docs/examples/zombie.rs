//! Wrong on purpose: starts a process and never waits for it.
#![expect(clippy::zombie_processes, reason = "the example shows a zombie")]

use std::io;
use std::process::Command;

fn main() {
    let child = Command::new("true").spawn().expect("it starts");
    println!("child {} is started; press Enter to end", child.id());
    io::stdin().read_line(&mut String::new()).expect("stdin can be read");
}
