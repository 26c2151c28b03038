//! `cargo run -p exercises -- new 12-my-task`, tried in a folder that holds only the template.
//! `tasks.rs` tests that the template itself compiles and fails as it should.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// A package with the template and no tasks.
fn package() -> TempDir {
    let package = TempDir::new().unwrap();
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("template");
    fs::create_dir(package.path().join("tasks")).unwrap();
    fs::create_dir_all(package.path().join("template/pitfalls")).unwrap();
    for (name, text) in texts(&template) {
        fs::write(package.path().join("template").join(name), text).unwrap();
    }
    package
}

fn new(package: &TempDir, folder: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_exercises"));
    let command = command.args(["new", folder]).env("CARGO_MANIFEST_DIR", package.path());
    command.env_remove("EXERCISES_TASKS").output().unwrap()
}

/// The files in a folder of a task, by path.
fn texts(folder: &Path) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for inside in ["", "pitfalls/"] {
        for entry in fs::read_dir(folder.join(inside)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = path.file_name().unwrap().to_str().unwrap();
                let _ = texts.insert(format!("{inside}{name}"), fs::read_to_string(&path).unwrap());
            }
        }
    }
    texts
}

#[test]
fn a_new_task_is_the_template_with_its_names() {
    let package = package();
    let output = new(&package, "42-my-task");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (made, template) =
        (texts(&package.path().join("tasks/42-my-task")), texts(&package.path().join("template")));
    assert!(made.keys().eq(template.keys()), "{:?}", made.keys());
    for (name, text) in &made {
        assert!(!text.contains("NN") && !text.contains("TITLE"), "{name}: {text}");
    }
    assert!(made["page.md"].starts_with("# 42. My task\n"), "{}", made["page.md"]);
    let reason = "write the check of 42-my-task in exercises/tasks/42-my-task/check.rs";
    assert!(made["check.rs"].contains(reason), "{}", made["check.rs"]);
}

#[test]
fn nothing_is_overwritten() {
    let package = package();
    let folder = package.path().join("tasks/42-my-task");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("check.rs"), "mine").unwrap();
    let output = new(&package, "42-my-task");
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && message.contains("42-my-task"), "{message}");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    assert_eq!(fs::read_to_string(folder.join("check.rs")).unwrap(), "mine");
}

#[test]
fn a_name_that_is_none_is_refused() {
    let package = package();
    for name in [
        "my-task",
        "42",
        "42-",
        "4-task",
        "042-task",
        "00-task",
        "42-My-task",
        "42_task",
        "42-a--b",
        "42-ä",
        "42-../x",
        "03-again",
    ] {
        let output = new(&package, name);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{name}");
        let expected = if name == "03-again" { "task 3 exists" } else { "is not a task name" };
        assert!(message.contains(expected), "{name}: {message}");
    }
    assert_eq!(fs::read_dir(package.path().join("tasks")).unwrap().count(), 0);
}

#[test]
fn an_own_task_is_made_among_the_own_tasks() {
    let (package, own) = (package(), TempDir::new().unwrap());
    let mut command = Command::new(env!("CARGO_BIN_EXE_exercises"));
    let command = command.args(["new", "42-my-task"]).env("CARGO_MANIFEST_DIR", package.path());
    let output = command.env("EXERCISES_TASKS", own.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(own.path().join("42-my-task/check.rs").is_file());
    assert!(!package.path().join("tasks/42-my-task").exists());
}
