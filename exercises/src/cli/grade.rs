//! `grade FOLDER`: judges collected submissions one after another, in a copy of the workspace.

use super::commands::{Judged, judge_file};
use super::submission::{SubmissionFile, package};
use super::terminal::say;
use exercises::task::{TASKS, Task};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::{fs, io};
use tempfile::TempDir;

/// The copy, which a signal removes.
static COPY: Mutex<Option<TempDir>> = Mutex::new(None);

/// How the results are printed.
#[derive(Clone, Copy)]
pub enum Format {
    Table,
    Json,
    Csv,
}

/// Judges all files in a folder, at any depth, whose name ends with `task-NN.rs`. Returns whether all
/// pass.
pub fn grade(folder: &Path, format: Format) -> io::Result<bool> {
    let mut files = Vec::new();
    find(folder, &mut files)?;
    files.sort_by(|a, b| a.0.cmp(&b.0));
    if files.is_empty() {
        return Err(io::Error::other(format!(
            "{} has no file whose name ends with task-NN.rs, such as anna/task-03.rs",
            folder.display()
        )));
    }
    let judged = judge(folder, files, format);
    remove_copy();
    judged
}

fn judge(folder: &Path, files: Vec<(PathBuf, &Task)>, format: Format) -> io::Result<bool> {
    let copy = copy_workspace()?;
    let target = package().join("../target");
    if matches!(format, Format::Csv) {
        say("file,task,state,points,of,seed,seconds,message\n");
    }
    let (mut rows, mut all) = (Vec::new(), true);
    for (path, task) in files {
        let file = SubmissionFile::copied(task, copy.join("exercises"), target.clone());
        file.replace(&fs::read(&path)?)?;
        let judged = judge_file(task, &file, super::commands::draw(), false)?;
        file.remove()?;
        all &= judged.state == "passed";
        let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
        match format {
            Format::Json => rows.push(with_file(&judged, task, &name)),
            Format::Csv => say(&csv(&judged, task, &name)),
            Format::Table => say(&row(&judged, task, &name)),
        }
    }
    if matches!(format, Format::Json) {
        say(&format!("{}\n", Value::Array(rows)));
    }
    Ok(all)
}

/// Removes the copy of the workspace, if there is one.
pub fn remove_copy() {
    drop(COPY.lock().unwrap_or_else(PoisonError::into_inner).take());
}

fn row(judged: &Judged, task: &Task, name: &str) -> String {
    let first = judged.message.split(". ").next().unwrap_or_default();
    let Judged { state, points, seconds, .. } = judged;
    format!(
        "{name:<40} {state:<17} {points:>2} of {:<2} {seconds:>5.1} s  {first}\n",
        task.points()
    )
}

fn csv(judged: &Judged, task: &Task, name: &str) -> String {
    // A quote is doubled (RFC 4180).
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    format!(
        "{},{},{},{},{},{},{:.1},{}\n",
        quoted(name),
        task.number,
        judged.state,
        judged.points,
        task.points(),
        judged.seed,
        judged.seconds,
        quoted(&judged.message)
    )
}

fn with_file(judged: &Judged, task: &Task, name: &str) -> Value {
    let mut value = judged.to_json(task);
    value["file"] = name.into();
    value
}

/// The submissions below a folder, with their tasks. Links are not followed.
fn find(folder: &Path, found: &mut Vec<(PathBuf, &'static Task)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            find(&path, found)?;
            continue;
        }
        let name = entry.file_name().to_string_lossy().into_owned();
        let task = TASKS.iter().find(|task| name.ends_with(&format!("{}.rs", task.program())));
        if let Some(task) = task.filter(|_| entry.file_type().is_ok_and(|kind| kind.is_file())) {
            found.push((path, task));
        }
    }
    Ok(())
}

/// Copies the workspace without what was built, and without the submissions that are there.
fn copy_workspace() -> io::Result<PathBuf> {
    let dir = TempDir::new()?;
    let path = dir.path().to_owned();
    *COPY.lock().unwrap_or_else(PoisonError::into_inner) = Some(dir);
    copy(&package().join(".."), &path)?;
    Ok(path)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_left_out = name == "target" || name == ".git" || from.ends_with("exercises/src/bin");
        if is_left_out {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to.join(name))?;
        } else if entry.file_type()?.is_file() {
            // The file keeps its time, so cargo builds the copy once.
            let copied = to.join(name);
            let _ = fs::copy(entry.path(), &copied)?;
            let modified = entry.metadata()?.modified()?;
            fs::File::options().write(true).open(copied)?.set_modified(modified)?;
        }
    }
    Ok(())
}
