//! Wrong on purpose: writes all of a program's input before it reads any of the program's output. See
//! `docs/processes.md`.

use std::env;
use std::io::{self, Write};
use std::process::{Command, Stdio};

fn main() -> io::Result<()> {
    let program = env::args().nth(1).expect("a program");
    let mut command = Command::new(program);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut input = child.stdin.take().expect("it's a pipe");
    input.write_all("pear\nfig\n".repeat(50_000).as_bytes())?;
    drop(input); // The child sees the end of its input.
    let output = child.wait_with_output()?;
    println!("{} bytes came back", output.stdout.len());
    Ok(())
}
