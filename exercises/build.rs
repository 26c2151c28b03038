//! Finds the tasks, so that a new folder in `tasks` needs no change elsewhere.
//!
//! A task's folder holds `page.md`, `hints.md`, `points`, `starter.rs`, `solution.rs`, `check.rs` and
//! `pitfalls/*.rs`. Any other Rust file in it becomes a module of this crate, for the submissions
//! to that task: `two_albums.rs` is `exercises::two_albums`.
//!
//! The environment variable `EXERCISES_TASKS` names a folder with further tasks.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Names a folder with a teacher's own tasks.
const OWN_TASKS: &str = "EXERCISES_TASKS";

/// The Rust files of a task's folder that are not support modules.
const NO_SUPPORT: [&str; 3] = ["starter", "solution", "check"];

const INFALLIBLE: &str = "writing into a String cannot fail";

/// The generated sources.
#[derive(Default)]
struct Generated {
    /// Modules of the library: the tasks' support.
    support: String,
    /// Modules of the library: the tasks' checks.
    checks: String,
    /// The expressions that describe the tasks.
    tasks: Vec<String>,
    /// Modules of the program `submissions`.
    submissions: String,
    /// The rows of that program's table: a submission's name and its `main`.
    mains: String,
    /// Tests, one for each task.
    tests: String,
}

fn main() -> io::Result<()> {
    let package = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let mut generated = Generated::default();
    for folder in task_folders(&package)? {
        generated.add(&folder)?;
    }
    generated.add_tests(&package.join("tests"))?;
    let tasks = generated.tasks.join(", ");
    // The template is compiled and tested like a task, but not listed.
    generated.add(&package.join("template"))?;
    let template = generated.tasks.pop().expect("it was added just now");

    let Generated { support, checks, submissions, mains, tests, .. } = generated;
    write("support.rs", &support)?;
    write(
        "tasks.rs",
        &format!(
            "{checks}\n/// All tasks, by number.\npub static TASKS: &[Task] = &[{tasks}];\n\
             /// What `new` makes a task from.\npub static TEMPLATE: Task = {template};\n"
        ),
    )?;
    write(
        "submissions.rs",
        &format!("{submissions}\nstatic SUBMISSIONS: &[Submission] = &[\n{mains}];\n"),
    )?;
    write("tests.rs", &tests)
}

/// The folders of all tasks, by number.
fn task_folders(package: &Path) -> io::Result<Vec<PathBuf>> {
    let mut folders = entries(&package.join("tasks"))?;
    println!("cargo::rerun-if-env-changed={OWN_TASKS}");
    if let Some(own) = env::var_os(OWN_TASKS).filter(|own| !own.is_empty()).map(PathBuf::from) {
        if own.is_relative() {
            // This program, the shell and a copy of the workspace have different working folders.
            let message = format!("{OWN_TASKS} must be an absolute path, not {}", own.display());
            return Err(io::Error::other(message));
        }
        folders.extend(entries(&own)?);
    }
    folders.retain(|path| path.is_dir() && is_numbered(&stem(path)));
    folders.sort_by_key(|path| stem(path));
    for pair in folders.windows(2) {
        if stem(&pair[0])[..2] == stem(&pair[1])[..2] {
            let message = format!("{} and {} have the same number", text(&pair[0]), text(&pair[1]));
            return Err(io::Error::other(message));
        }
    }
    Ok(folders)
}

/// Whether a name begins with two digits and a hyphen.
fn is_numbered(name: &str) -> bool {
    matches!(name.as_bytes(), [a, b, b'-', ..] if a.is_ascii_digit() && b.is_ascii_digit())
}

impl Generated {
    fn add(&mut self, folder: &Path) -> io::Result<()> {
        let name = stem(folder);
        let number = name.split('-').next().unwrap_or_default();
        let module = name.replace('-', "_");
        let path = |file: &str| folder.join(file);
        self.tasks.push(format!(
            "Task {{ number: {number:?}, folder: {name:?}, path: {:?}, check: check_{module}::check, \
             page: include_str!({:?}), hints: include_str!({:?}), points: include_str!({:?}), \
             starter: include_str!({:?}), solution: include_str!({:?}) }}",
            text(folder),
            text(&path("page.md")),
            text(&path("hints.md")),
            text(&path("points")),
            text(&path("starter.rs")),
            text(&path("solution.rs")),
        ));
        add_module(&mut self.checks, "", &format!("check_{module}"), &path("check.rs"));
        if name != "template" {
            writeln!(self.tests, "#[test]\nfn kept_{module}() {{ kept({name:?}); }}")
                .expect(INFALLIBLE);
        }
        for file in rust_files(folder)? {
            if !NO_SUPPORT.contains(&stem(&file).as_str()) {
                add_module(&mut self.support, "pub ", &stem(&file), &file);
            }
        }
        let pitfalls = rust_files(&path("pitfalls"))?;
        for file in [path("starter.rs"), path("solution.rs")].iter().chain(&pitfalls) {
            let submission = format!("submission_{module}_{}", stem(file));
            let file_name = file.strip_prefix(folder).expect("it is in the folder").display();
            self.add_submission(&submission, file, &format!("{name}/{file_name}"));
        }
        Ok(())
    }

    /// Adds the submissions in `tests/wrong` and `tests/right`, each in its task's folder.
    fn add_tests(&mut self, tests: &Path) -> io::Result<()> {
        for kind in ["wrong", "right"] {
            for folder in entries(&tests.join(kind))? {
                let name = stem(&folder);
                for file in rust_files(&folder)? {
                    let module = format!("{kind}_{}_{}", name.replace('-', "_"), stem(&file));
                    self.add_submission(
                        &module,
                        &file,
                        &format!("{kind}/{name}/{}.rs", stem(&file)),
                    );
                }
            }
        }
        Ok(())
    }

    /// Adds a module of the program `submissions`, whose `main` runs under this name.
    fn add_submission(&mut self, module: &str, file: &Path, name: &str) {
        add_module(&mut self.submissions, "", module, file);
        let name = name.replace('\\', "/");
        writeln!(self.mains, "(\"{name}\", || exit_code({module}::main)),").expect(INFALLIBLE);
    }
}

fn add_module(source: &mut String, visibility: &str, name: &str, path: &Path) {
    writeln!(source, "#[path = {:?}]\n{visibility}mod {name};", text(path)).expect(INFALLIBLE);
}

fn rust_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = entries(folder)?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    Ok(files)
}

/// What is in a folder, sorted. Cargo runs this program again when it changes.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let entries = fs::read_dir(folder)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", folder.display())))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("paths are text")
}

fn stem(path: &Path) -> String {
    path.file_stem().expect("it has a name").to_string_lossy().into_owned()
}

fn write(name: &str, source: &str) -> io::Result<()> {
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join(name), source)
}
