//! What the build script makes of `EXERCISES_TASKS`, a folder with a teacher's own tasks.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// Runs the build script on its own. Returns the table of tasks that it writes, or its message.
fn generate(own: &Path) -> Result<String, String> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = TempDir::new().unwrap();
    let program = out.path().join(format!("build-script{EXE_SUFFIX}"));
    let mut rustc = Command::new("rustc");
    let _ = rustc.args(["--edition", "2024", "-o"]).args([&program, &package.join("build.rs")]);
    assert!(rustc.status().unwrap().success());
    let mut command = Command::new(program);
    let _ = command.env("CARGO_MANIFEST_DIR", package).env("OUT_DIR", out.path());
    let output = command.env("EXERCISES_TASKS", own).output().unwrap();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(fs::read_to_string(out.path().join("tasks.rs")).unwrap())
}

/// A folder with one task, and with another folder that is none.
fn folder_with(task: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join(task).join("pitfalls")).unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    folder
}

#[test]
fn own_tasks_are_added_by_their_number() {
    let folder = folder_with("42-my-task");
    let tasks = generate(folder.path()).unwrap();
    let path = format!("path: {:?}", folder.path().join("42-my-task"));
    let (own, first) = (tasks.find(&path).unwrap(), tasks.find("folder: \"01-").unwrap());
    assert!(own > first, "{tasks}");
    assert!(!tasks.contains(".git"), "{tasks}");
}

#[test]
fn a_number_that_is_taken_is_refused() {
    let folder = folder_with("03-my-task");
    let message = generate(folder.path()).unwrap_err();
    assert!(message.contains("03-lock-held") && message.contains("03-my-task"), "{message}");
    assert!(message.contains("have the same number"), "{message}");
}

#[test]
fn a_relative_path_is_refused() {
    let message = generate(Path::new("my-tasks")).unwrap_err();
    assert!(message.contains("EXERCISES_TASKS must be an absolute path"), "{message}");
}
