//! What the commands remember of a submission, tried with a cargo that refuses everything.

#![cfg(unix)]

mod script;

use exercises::task::TASKS;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Output};
use std::thread;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// Like cargo while another one builds, which says so unless it must be quiet. It quotes a line that isn't
/// UTF-8.
const CARGO: &str = "#!/bin/sh
case $* in *--quiet*) ;; *)
    echo '    Blocking waiting for file lock on build directory' >&2
    echo '   Compiling exercises v0.1.0' >&2
esac
printf 'warning: \\377\n' >&2
printf '\\033[1m\\033[91merror\\033[0m: expected expression\n' >&2
echo '  --> src/bin/task-01.rs:1:12' >&2
echo 'error: could not compile `exercises`' >&2
exit 101
";

fn run(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let cargo = folder.join("cargo");
    script::write(&cargo, CARGO);
    let mut command = Command::new(env!("CARGO_BIN_EXE_exercises"));
    let _ = command.args(arguments).env("CARGO", cargo).env("CARGO_MANIFEST_DIR", folder);
    command
}

/// Writes a submission to task 1 that looks older than any build.
fn write(folder: &Path, text: &str) -> SystemTime {
    let file = folder.join("src/bin/task-01.rs");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, text).unwrap();
    let old = SystemTime::now() - Duration::from_hours(1);
    File::options().append(true).open(&file).unwrap().set_modified(old).unwrap();
    fs::metadata(file).unwrap().modified().unwrap()
}

fn modified(folder: &Path) -> SystemTime {
    fs::metadata(folder.join("src/bin/task-01.rs")).unwrap().modified().unwrap()
}

fn state(folder: &Path) -> String {
    let output = run(folder, &[]);
    assert_eq!(output.status.code(), Some(1), "not all have passed");
    let list = String::from_utf8(output.stdout).unwrap();
    let line = list.lines().find(|line| line.contains("Loud failures")).unwrap();
    line.split("Loud failures").nth(1).unwrap().trim().to_owned()
}

#[test]
fn the_list_has_the_groups_of_the_book_and_fits_80_columns() {
    let folder = TempDir::new().unwrap();
    let _ = write(folder.path(), "fn main() {}");
    let output = run(folder.path(), &["list"]);
    assert_eq!(output.status.code(), Some(1), "not all have passed");
    let list = String::from_utf8(output.stdout).unwrap();
    assert!(list.lines().all(|line| line.chars().count() <= 80), "{list}");
    let groups: Vec<_> = list
        .split("\n\n")
        .map(|group| {
            let numbers = group.lines().skip(1).filter_map(|line| line.split_whitespace().next());
            (group.lines().next().unwrap_or_default(), numbers.collect::<Vec<_>>().join(" "))
        })
        .collect();
    let expected = [
        ("Threads", "1 2 3"),
        ("Sharing", "4 5 12 13 15 16 17"),
        ("Processes", "6"),
        ("Tasks", "7 8 10 14"),
        ("Robustness", "9 11"),
    ];
    let expected = expected.map(|(group, numbers)| (group, numbers.to_owned()));
    assert_eq!(groups[..5], expected, "{list}");
    assert!(list.contains("   1  Loud failures             not checked\n"), "{list}");
    assert!(list.contains("  17  Publication               not begun\n"), "{list}");
    let passed = format!("0 of {} passed. This shows task 1", TASKS.len());
    assert!(list.contains(&passed), "{list}");
    assert_eq!(list.as_bytes(), run(folder.path(), &[]).stdout, "without arguments");
}

#[test]
fn the_list_says_when_all_have_passed() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let _ = write(folder, "fn main() {}");
    let _ = run(folder, &["1"]);
    // The same text for all tasks, as if it had passed.
    let bin = folder.join("src/bin");
    let judged = fs::read_to_string(bin.join(".judged.json")).unwrap();
    let judged: serde_json::Value = serde_json::from_str(&judged).unwrap();
    let text = &judged["task-01"]["text"];
    let all = TASKS.iter().map(|task| {
        let program = task.program();
        fs::write(bin.join(format!("{program}.rs")), "fn main() {}").unwrap();
        (program, serde_json::json!({"text": text, "state": "passed"}))
    });
    let all: serde_json::Map<_, _> = all.collect();
    fs::write(bin.join(".judged.json"), serde_json::Value::from(all).to_string()).unwrap();
    let output = run(folder, &[]);
    let list = String::from_utf8(output.stdout).unwrap();
    let count = TASKS.len();
    assert!(list.contains(&format!("{count} of {count} passed. Well done!")), "{list}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn an_old_file_with_another_text_is_built_anew() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    assert_eq!(state(folder), "not begun");

    let old = write(folder, "fn main() {}");
    assert_eq!(state(folder), "not checked");
    let output = run(folder, &["1", "--json", "--seed", "7"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let expected = ("01", "does not compile", 7);
    assert_eq!(
        (&json["task"], &json["state"], &json["seed"]),
        (&expected.0.into(), &expected.1.into(), &expected.2.into())
    );
    assert_eq!(json["points"], 0);
    assert!(json["of"].as_u64().is_some_and(|points| points > 0), "{json}");
    assert_eq!(output.status.code(), Some(1));
    assert!(modified(folder) > old, "cargo would take the program of another text");
    assert_eq!(state(folder), "does not compile");

    let old = write(folder, "fn main() { }");
    assert_eq!(state(folder), "not checked");
    run(folder, &["1"]);
    assert!(modified(folder) > old);

    let text = run(folder, &["text", "1"]);
    assert!(String::from_utf8_lossy(&text.stdout).starts_with("# 1. Loud failures"));
}

#[test]
fn a_wait_for_another_cargo_is_shown() {
    let folder = TempDir::new().unwrap();
    let _ = write(folder.path(), "fn main() {");
    let output = run(folder.path(), &["1"]);
    let messages = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(messages.contains("Blocking waiting for file lock"), "{messages}");
    assert!(messages.contains(": expected expression"), "{messages}");
    assert!(!messages.contains("Compiling"), "{messages}");
}

#[test]
fn a_checkout_that_cannot_be_written_is_named() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("src"), "not a folder").unwrap();
    let output = run(folder.path(), &["1"]);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains("cannot write") && message.contains("task-01.rs"), "{message}");
}

#[test]
fn reset_loses_no_submission() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    assert_eq!(run(folder, &["reset", "1"]).status.code(), Some(1), "there is none");

    let bin = folder.join("src/bin");
    for (number, text) in [(1, "fn main() { 1; }"), (2, "fn main() { 2; }")] {
        let _ = write(folder, text);
        assert_eq!(run(folder, &["reset", "1"]).status.code(), Some(0));
        let kept = fs::read_to_string(bin.join(format!("task-01.rs.old-{number}"))).unwrap();
        assert_eq!(kept, text);
        assert!(fs::read_to_string(bin.join("task-01.rs")).unwrap().contains("// TODO"));
    }
}

/// The command `watch`, which is ended when this value is dropped.
struct Watch(Child);

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn watch_checks_each_new_text() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let _ = write(folder, "fn main() { 1; }");
    let printed = folder.join("printed");
    let file = File::create(&printed).unwrap();
    let _watch = Watch(command(folder, &["watch", "1"]).stdout(file).spawn().unwrap());
    let checks = || fs::read_to_string(&printed).unwrap().matches("It is checked again").count();
    let comes = |number| {
        // A bound for the case that it never comes.
        (0..300).any(|_| {
            thread::sleep(Duration::from_millis(100));
            checks() >= number
        })
    };
    let first = comes(1);
    let _ = write(folder, "fn main() { 2; }");
    let second = comes(2);
    assert!(first && second, "{}", fs::read_to_string(&printed).unwrap());
}

#[test]
fn hints_and_a_solution_are_shown_on_demand() {
    let folder = TempDir::new().unwrap();
    let stdout = |arguments: &[&str], code| {
        let output = run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let hints = ["1", "2", "3"].map(|number| stdout(&["hint", "1", number], 0));
    assert_eq!(stdout(&["hint", "1"], 0), hints[0]);
    assert!(hints[0] != hints[1] && hints[1] != hints[2]);
    assert!(hints[2].contains("solution 1 --anyway"), "{}", hints[2]);
    assert!(stdout(&["solution", "1"], 1).contains("--anyway"));
    assert!(stdout(&["solution", "1", "--anyway"], 0).contains("fn main()"));
}

#[test]
fn help_and_tips_say_what_exists() {
    let folder = TempDir::new().unwrap();
    let help = String::from_utf8(run(folder.path(), &["--help"]).stdout).unwrap();
    for part in ["\nExamples:\n", "\nEnvironment:\n", "\nExit codes:\n"] {
        assert!(help.contains(part), "{help}");
    }
    assert!(!help.contains("--tasks"), "{help}");
    let output = run(folder.path(), &["--tasks", "folder"]);
    let tip = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(tip.contains("EXERCISES_TASKS"), "{tip}");
}

#[test]
fn a_collected_file_that_does_not_compile_has_the_compilers_message() {
    let folder = TempDir::new().unwrap();
    let (class, package) = (folder.path().join("class"), folder.path().join("exercises"));
    fs::create_dir_all(class.join("anna")).unwrap();
    fs::create_dir(&package).unwrap();
    fs::write(class.join("anna/task-01.rs"), "fn main() {").unwrap();
    let class = class.to_str().unwrap();
    let message = "error: expected expression --> src/bin/task-01.rs:1:12";

    let output = run(&package, &["grade", class, "--csv"]);
    let csv = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(csv.contains("\"anna/task-01.rs\",01,does not compile,0,"), "{csv}");
    assert!(csv.ends_with(&format!(",\"{message}\"\n")), "{csv}");
    assert!(output.stderr.is_empty(), "the messages are for students");

    let output = run(&package, &["grade", class, "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json[0]["message"], message);
}

#[test]
fn collected_files_need_a_tasks_name() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("task-99.rs"), "").unwrap();
    let output = run(folder.path(), &["grade", folder.path().to_str().unwrap()]);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains("anna/task-03.rs") && output.status.code() == Some(1), "{message}");
}
