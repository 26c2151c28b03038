//! The course itself is tried: starters fail, solutions pass, and each pitfall is refused with
//! words about its own mistake. Answers of yours in `src/bin/` have to pass, too.

use exercises::attempt::Attempt;
use exercises::seen::Verdict;
use exercises::task::{TASKS, Task};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The tests of each task: what is kept of it, and your own answer.
macro_rules! tasks {
    ($($number:literal $kept:ident $own:ident)*) => {
        $(
            #[test]
            fn $kept() {
                what_is_kept(task($number));
            }

            /// Passes as long as it is not begun: then there is no such program.
            #[test]
            fn $own() {
                if let Some(program) = option_env!(concat!("CARGO_BIN_EXE_task-", $number)) {
                    let verdict = task($number).check(&Attempt::new(program));
                    verdict.unwrap_or_else(|message| panic!("{message}"));
                }
            }
        )*

        #[test]
        fn every_task_is_tried() {
            let tried = [$($number),*];
            assert!(TASKS.iter().map(|task| task.number).eq(tried));
        }
    };
}

tasks! {
    "01" kept_01 task_01
    "02" kept_02 task_02
    "03" kept_03 task_03
    "04" kept_04 task_04
    "05" kept_05 task_05
    "06" kept_06 task_06
    "07" kept_07 task_07
    "08" kept_08 task_08
    "09" kept_09 task_09
    "10" kept_10 task_10
    "11" kept_11 task_11
}

fn task(number: &str) -> &'static Task {
    TASKS.iter().find(|task| task.number == number).expect("it is in the table")
}

fn what_is_kept(task: &Task) {
    assert!(task.starter().contains("// TODO"), "the starter says what is to be done");
    if let Ok(observed) = check(task, "starter.rs") {
        panic!("the starter passes: {observed}");
    }
    check(task, "solution.rs").unwrap_or_else(|message| panic!("the solution fails: {message}"));

    let pitfalls = pitfalls(task);
    let words: BTreeSet<String> = pitfalls.iter().map(|(_, words)| words.clone()).collect();
    assert!(words.len() >= 3, "{} pitfalls differ by their words", words.len());
    for (file, own) in &pitfalls {
        let message = check(task, file).expect_err(file);
        for words in &words {
            // Only what is said of its own mistake is said.
            assert_eq!(message.contains(words), words == own, "{file}, {words:?}: {message}");
        }
    }
}

fn check(task: &Task, file: &str) -> Verdict {
    let name = format!("{}/{file}", task.folder);
    task.check(&Attempt::named(env!("CARGO_BIN_EXE_attempts"), &name))
}

/// The pitfalls of a task, and the words with which the check has to refuse each.
fn pitfalls(task: &Task) -> Vec<(String, String)> {
    let folder = tasks().join(task.folder).join("pitfalls");
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let pitfall = |entry: fs::DirEntry| {
        let text = fs::read_to_string(entry.path()).expect("a file");
        let words = text.split("//! The check says: \"").nth(1).and_then(|it| it.split('"').next());
        let name = entry.file_name().into_string().expect("a name");
        let words = words.unwrap_or_else(|| panic!("{name} says no words"));
        (format!("pitfalls/{name}"), words.to_owned())
    };
    entries.map(pitfall).collect()
}

fn tasks() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tasks")
}

#[test]
fn every_folder_is_in_the_table() {
    let entries = fs::read_dir(tasks()).expect("a folder").map(|entry| entry.expect("an entry"));
    let folders = entries.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name());
    let folders: BTreeSet<_> = folders.map(|name| name.into_string().expect("a name")).collect();
    assert!(folders.iter().eq(TASKS.iter().map(|task| task.folder)));
}

#[test]
fn every_task_has_its_hints_and_its_page() {
    for task in TASKS {
        assert_eq!(task.hints().len(), 3, "{}", task.folder);
        assert!(!task.title().is_empty());
        for part in ["minutes.", "## The task", "## How it is checked"] {
            assert!(task.text().contains(part), "{}: {part}", task.folder);
        }
        assert!(!task.afterwards().is_empty(), "{}", task.folder);
    }
}
