//! Limits the length of the four `main.rs` and their differences from `01-sync`, because readers
//! compare them.
//!
//! Blank lines and comments do not count.

use std::fs;

const PROGRAMS: [&str; 4] = ["01-sync", "02-threads", "03-processes", "04-async"];

/// Maximum number of lines of code in a `main.rs`.
const MAX_MAIN: usize = 59;
/// Maximum number of lines of code in each file beside a `main.rs`.
const MAX_OTHER: usize = 149;
/// Maximum number of lines that the diff from `01-sync` adds and removes.
const MAX_CHANGED: [(&str, usize); 3] =
    [("02-threads", 16), ("03-processes", 30), ("04-async", 30)];

/// The lines of code in a file of the workspace.
fn code(file: &str) -> Vec<String> {
    let path = format!("{}/../{file}", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let lines = text.lines().map(str::trim_end);
    lines
        .filter(|line| !line.is_empty() && !line.trim().starts_with("//"))
        .map(str::to_owned)
        .collect()
}

fn main_of(program: &str) -> Vec<String> {
    code(&format!("{program}/src/main.rs"))
}

/// The number of lines that `diff` adds and removes: all but the longest common subsequence.
fn changed_lines(from: &[String], to: &[String]) -> usize {
    let mut above = vec![0; to.len() + 1];
    for line in from {
        let mut row = vec![0];
        for (index, other) in to.iter().enumerate() {
            row.push(if line == other {
                above[index] + 1
            } else {
                above[index + 1].max(row[index])
            });
        }
        above = row;
    }
    from.len() + to.len() - 2 * above[to.len()]
}

#[test]
fn each_main_differs_from_sync_by_few_lines() {
    let sync = main_of("01-sync");
    for (program, max) in MAX_CHANGED {
        let changed = changed_lines(&sync, &main_of(program));
        assert!(changed <= max, "{program} differs from 01-sync in {changed} lines, max {max}");
    }
}

#[test]
fn each_main_is_short() {
    for program in PROGRAMS {
        let lines = main_of(program).len();
        assert!(lines <= MAX_MAIN, "{program}/src/main.rs has {lines} lines, max {MAX_MAIN}");
    }
}

#[test]
fn the_other_files_of_a_program_are_short() {
    let mut seen = 0;
    for program in PROGRAMS {
        for file in rust_files(&format!("{program}/src")) {
            let lines = code(&file).len();
            assert!(lines <= MAX_OTHER, "{file} has {lines} lines, max {MAX_OTHER}");
            seen += 1;
        }
    }
    assert!(seen > PROGRAMS.len(), "only {seen} files were found");
}

/// The paths of all Rust files in a folder of the workspace and in the folders below it.
fn rust_files(folder: &str) -> Vec<String> {
    let path = format!("{}/../{folder}", env!("CARGO_MANIFEST_DIR"));
    let entries = fs::read_dir(path).expect("each program has this folder");
    let mut files = Vec::new();
    for entry in entries.map(|entry| entry.expect("an entry")) {
        let name = format!("{folder}/{}", entry.file_name().display());
        if entry.path().is_dir() {
            files.extend(rust_files(&name));
        } else if entry.path().extension().is_some_and(|it| it == "rs") {
            files.push(name);
        }
    }
    files
}

#[test]
fn changed_lines_counts_as_diff_does() {
    let lines = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
    assert_eq!(changed_lines(&lines("abcd"), &lines("abcd")), 0);
    assert_eq!(changed_lines(&lines("abcd"), &lines("axcd")), 2);
    assert_eq!(changed_lines(&lines("abcd"), &lines("abxycd")), 2);
}
