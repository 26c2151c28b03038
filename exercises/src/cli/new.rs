//! A new task, for its author: a copy of the folder `exercises/template`, among the tasks of the
//! repository or, if `EXERCISES_TASKS` is set, in that folder.

use super::submission::package;
use super::terminal::{COMMAND, say};
use exercises::task::Task;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Creates the folder of a new task, such as `12-my-task`.
pub fn make(folder: &str) -> io::Result<()> {
    let (number, title) = parts(folder).ok_or_else(|| {
        io::Error::other(format!(
            "{folder:?} is not a task name: use two digits, a hyphen and a lower-case name, such as \
             12-my-task"
        ))
    })?;
    if let Some(task) = Task::find(number) {
        return Err(io::Error::other(format!("task {number} exists: {}", task.folder)));
    }
    let own = env::var_os("EXERCISES_TASKS").filter(|own| !own.is_empty()).map(PathBuf::from);
    let tasks = own.unwrap_or_else(|| package().join("tasks"));
    let target = tasks.join(folder);
    copy(&package().join("template"), &target, &|text| {
        text.replace("NN-name", folder)
            .replace("task-NN", &format!("task-{number:02}"))
            .replace("NN", &number.to_string())
            .replace("TITLE", &title)
    })?;
    say(&format!(
        "{} is the new task. Write its check, its solution and its page;\n\
         `cargo test -p exercises kept_{}` tests them, and `{COMMAND} {number}` shows them.\n",
        target.display(),
        folder.replace('-', "_"),
    ));
    Ok(())
}

/// The number and the title in a folder's name, or `None` if it isn't the name of a task.
fn parts(folder: &str) -> Option<(u8, String)> {
    let (digits, name) = folder.split_once('-')?;
    let number = digits.parse().ok().filter(|number| format!("{number:02}") == digits)?;
    let is_name = name.split('-').all(|word| {
        !word.is_empty()
            && word.bytes().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
    });
    if number == 0 || !is_name {
        return None;
    }
    let (first, rest) = name.split_at(1);
    Some((number, format!("{}{}", first.to_uppercase(), rest.replace('-', " "))))
}

/// Copies a folder of text files, applying `change` to each. Fails if `target` exists, and
/// overwrites nothing.
fn copy(source: &Path, target: &Path, change: &impl Fn(&str) -> String) -> io::Result<()> {
    let named = |path: &Path, error: io::Error| {
        io::Error::new(error.kind(), format!("{}: {error}", path.display()))
    };
    fs::create_dir(target).map_err(|error| named(target, error))?;
    for entry in fs::read_dir(source).map_err(|error| named(source, error))? {
        let entry = entry?;
        let (from, to) = (entry.path(), target.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to, change)?;
        } else {
            let text = fs::read_to_string(&from).map_err(|error| named(&from, error))?;
            fs::write(&to, change(&text)).map_err(|error| named(&to, error))?;
        }
    }
    Ok(())
}
