//! A signal ends the judge together with the submission that runs, and removes its folder.

#![cfg(target_os = "linux")]

mod script;

use rustix::process::{Pid, Signal, kill_process};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{fs, thread};
use tempfile::TempDir;

/// Stands in for cargo: reports a program that exists already, and builds nothing.
const CARGO: &str = r#"#!/bin/sh
echo '{"target":{"name":"task-01"},"executable":"'"$SUBMISSION_FOLDER"'/submission"}'
"#;

/// A submission that waits for a process that it has started.
const SUBMISSION: &str = r#"#!/bin/sh
sleep 1000 &
echo $$ $! >"$SUBMISSION_FOLDER/new"
mv "$SUBMISSION_FOLDER/new" "$SUBMISSION_FOLDER/ids"
wait
"#;

fn start(folder: &Path) -> Child {
    for (name, text) in [("cargo", CARGO), ("submission", SUBMISSION)] {
        script::write(&folder.join(name), text);
    }
    fs::create_dir(folder.join("tmp")).unwrap();
    Command::new(env!("CARGO_BIN_EXE_exercises"))
        .arg("1")
        .env("CARGO", folder.join("cargo"))
        .env("CARGO_MANIFEST_DIR", folder)
        .env("SUBMISSION_FOLDER", folder)
        .env("TMPDIR", folder.join("tmp"))
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn a_signal_ends_the_submission_and_removes_its_folder() {
    for (signal, code) in [(Signal::HUP, 129), (Signal::INT, 130), (Signal::TERM, 143)] {
        let folder = TempDir::new().unwrap();
        let mut judge = start(folder.path());
        let ids = folder.path().join("ids");
        assert!(comes(|| ids.exists()), "no submission was started");
        kill_process(Pid::from_child(&judge), signal).unwrap();
        assert_eq!(judge.wait().unwrap().code(), Some(code));
        // Task 1 runs its submission several times in parallel. The file holds the ids of the last
        // run to write it.
        let ids = fs::read_to_string(ids).unwrap();
        for id in ids.split_whitespace() {
            assert!(comes(|| !is_alive(id)), "process {id} still runs after {signal:?}");
        }
        assert_eq!(fs::read_dir(folder.path().join("tmp")).unwrap().count(), 0);
    }
}

fn comes(mut condition: impl FnMut() -> bool) -> bool {
    (0..6_000).any(|_| {
        thread::sleep(Duration::from_millis(10));
        condition()
    })
}

/// Whether a process runs. A zombie does not.
fn is_alive(id: &str) -> bool {
    let status = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let state = status.rsplit(") ").next().and_then(|rest| rest.chars().next());
    !matches!(state, None | Some('Z' | 'X'))
}
