//! Builds the programs in release, and learns from cargo where they are.

use serde_json::Value;
use std::collections::HashMap;
use std::error::Error;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The programs' paths, by their names.
pub type Programs = HashMap<String, PathBuf>;

/// What is measured. A student's answer to an exercise may not even compile.
pub const NAMES: [&str; 5] = ["01-sync", "02-threads", "03-processes", "04-async", "blocked"];

/// Builds the programs that are measured.
pub fn release() -> Result<Programs, Box<dyn Error>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    // What `cargo run` tells this program about itself would make cargo build some crates anew.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            let _ = command.env_remove(&name);
        }
    }
    let output = command
        .args(["build", "--release", "--message-format=json-render-diagnostics"])
        .args(NAMES.iter().flat_map(|name| ["--bin", name]))
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err("the programs cannot be built".into());
    }
    let messages = String::from_utf8(output.stdout)?;
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let executables = messages.filter_map(|message| {
        let path = PathBuf::from(message["executable"].as_str()?);
        Some((message["target"]["name"].as_str()?.to_owned(), path))
    });
    Ok(executables.collect())
}
