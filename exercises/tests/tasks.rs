//! Tests the tasks themselves: each starter fails, each solution passes, and each pitfall is
//! refused with a message about its own mistake.
//!
//! A check draws albums, failures and orders at random. Here it draws the same ones in each run, because
//! the seed comes from the submission's name. Set the environment variable `EXERCISES_SEED` to a number
//! to make all checks draw others:
//!
//! ```console
//! $ EXERCISES_SEED=$RANDOM cargo test -p exercises --test tasks
//! ```

use exercises::judge::{Source, Submission, Verdict};
use exercises::task::{TASKS, TEMPLATE, Task};
use std::collections::{BTreeMap, BTreeSet};
use std::iter;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock};
use std::thread;
use std::{env, fs};

/// How many submissions to one task run at the same time. They spend most of their time waiting.
const PARALLEL: usize = 6;
/// The check of this task measures times, so its submissions are judged while no others are.
const MEASURES_TIMES: &str = "11-retries";
static JUDGING: RwLock<()> = RwLock::new(());

include!(concat!(env!("OUT_DIR"), "/tests.rs"));

/// Runs what judges submissions to this task, alone if it has to be.
fn judging<T>(folder: &str, judge: impl FnOnce() -> T) -> T {
    if folder == MEASURES_TIMES {
        let _alone = JUDGING.write().unwrap_or_else(PoisonError::into_inner);
        judge()
    } else {
        let _with_others = JUDGING.read().unwrap_or_else(PoisonError::into_inner);
        judge()
    }
}

/// Judges all submissions that are kept in this folder.
fn kept(folder: &str) {
    let task = TASKS.iter().find(|task| task.folder == folder).expect("it is in the table");
    assert!(task.starter().contains("// TODO"), "the starter has no TODO");
    let pitfalls = pitfalls(task);
    let files = ["starter.rs", "solution.rs"].into_iter();
    let files: Vec<_> = files.chain(pitfalls.iter().map(|(file, _)| file.as_str())).collect();
    let (verdicts, points) = judging(folder, || check_all(task, &files));

    if let Ok(observed) = &verdicts["starter.rs"] {
        panic!("the starter passes: {observed}");
    }
    if let Err(message) = &verdicts["solution.rs"] {
        panic!("the solution fails: {message}");
    }
    let all = points["solution.rs"];
    assert_eq!(task.points(), all, "the file {}/points must say {all}", task.path);
    let most = points.iter().filter(|(file, _)| *file != "solution.rs").max_by_key(|(_, it)| **it);
    assert!(
        most.is_some_and(|(_, points)| *points < all),
        "{most:?} of {all} points, but not passed"
    );
    let words: BTreeSet<&str> = pitfalls.iter().map(|(_, words)| words.as_str()).collect();
    let count = words.len();
    assert!(count >= 3, "a task needs at least three pitfalls with different messages: {words:?}");
    for (file, own) in &pitfalls {
        let Err(message) = &verdicts[file] else {
            panic!("{file} passes, but must be refused");
        };
        assert!(message.contains(own), "{file} is not refused in its own words {own:?}: {message}");
        for other in words.iter().filter(|words| *words != own) {
            assert!(
                !message.contains(other),
                "{file} is refused in the words of another pitfall, {other:?}: {message}"
            );
        }
    }
    is_complete(task);
    is_listed(task);
}

/// The verdicts on several submissions to a task, and their points, by file.
fn check_all(task: &Task, files: &[&str]) -> (BTreeMap<String, Verdict>, BTreeMap<String, usize>) {
    let next = AtomicUsize::new(0);
    let work = || {
        let files = iter::from_fn(|| files.get(next.fetch_add(1, Ordering::Relaxed)));
        let judged = files.map(|file| ((*file).to_owned(), check(task, file)));
        let judged =
            judged.map(|(file, (verdict, points))| ((file.clone(), verdict), (file, points)));
        judged.collect::<Vec<_>>()
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..PARALLEL).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("no check panics")).unzip()
    })
}

fn check(task: &Task, file: &str) -> (Verdict, usize) {
    judge(task, &format!("{}/{file}", task.folder), &Path::new(task.path).join(file))
}

/// Judges a submission that the program `submissions` has under this name, and counts its points.
fn judge(task: &Task, name: &str, file: &Path) -> (Verdict, usize) {
    let source = Source::new(fs::read_to_string(file).expect("it is kept"));
    let seed = seed(name);
    let program = env!("CARGO_BIN_EXE_submissions");
    let submission = Submission::kept(program, name, source, seed);
    let (verdict, points) = task.check_for_points(&submission);
    (verdict.map_err(|message| format!("{message} (seed {seed})")), points)
}

/// The seed for a submission's check, which `--seed` accepts. It depends on the submission's name and on
/// the number in `EXERCISES_SEED`.
fn seed(name: &str) -> u64 {
    let number = env::var("EXERCISES_SEED").unwrap_or_default();
    let number: u64 = match number.as_str() {
        "" => 0,
        number => number.parse().expect("EXERCISES_SEED is a number"),
    };
    name.bytes().fold(number, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into()))
        % 1_000_000
}

/// Judges all submissions in `tests/wrong` and `tests/right` to this task.
fn listed(folder: &str) {
    let task = TASKS.iter().find(|task| task.folder == folder).expect("it is in the table");
    let names = ["wrong", "right"].map(|kind| {
        let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(kind).join(folder);
        let files = fs::read_dir(files).into_iter().flatten().flatten();
        files
            .map(|file| format!("{kind}/{folder}/{}", file.file_name().display()))
            .collect::<Vec<_>>()
    });
    let names = names.concat();
    let next = AtomicUsize::new(0);
    let work = || {
        let names = iter::from_fn(|| names.get(next.fetch_add(1, Ordering::Relaxed)));
        names.filter_map(|name| misjudged(task, name)).collect::<Vec<_>>()
    };
    let misjudged: Vec<String> = judging(folder, || {
        thread::scope(|scope| {
            let workers: Vec<_> = (0..PARALLEL).map(|_| scope.spawn(work)).collect();
            workers.into_iter().flat_map(|worker| worker.join().expect("no check panics")).collect()
        })
    });
    assert!(misjudged.is_empty(), "{}", misjudged.join("\n\n"));
}

/// What is wrong with the verdict on a wrong or right submission.
fn misjudged(task: &Task, name: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name);
    let words = words(&fs::read_to_string(&path).expect("a file"));
    match (judge(task, name, &path).0, words) {
        (Ok(_), None) => None,
        (Err(message), Some(words)) if message.contains(&words) => None,
        (Ok(message), Some(_)) => Some(format!("{name} passes: {message}")),
        (Err(message), words) => Some(format!("{name} should say {words:?}: {message}")),
    }
}

/// What the check says of a wrong submission, by its second line.
fn words(text: &str) -> Option<String> {
    let words = text.split("//! The check says: \"").nth(1).and_then(|it| it.split('"').next());
    words.map(str::to_owned)
}

/// The pitfalls of a task, each with the words that the check's message must contain.
fn pitfalls(task: &Task) -> Vec<(String, String)> {
    let entries = fs::read_dir(Path::new(task.path).join("pitfalls")).expect("a folder");
    let pitfall = |entry: fs::DirEntry| {
        let text = fs::read_to_string(entry.path()).expect("a file");
        let words = words(&text);
        let name = entry.file_name().into_string().expect("a name");
        let words = words.unwrap_or_else(|| panic!("{name} does not say what the check says"));
        (format!("pitfalls/{name}"), words)
    };
    entries.map(|entry| pitfall(entry.expect("an entry"))).collect()
}

#[test]
fn the_template_compiles_and_fails_for_a_stated_reason() {
    let message = check(&TEMPLATE, "solution.rs").0.expect_err("it has no check");
    assert!(message.contains("write the check of NN-name in exercises/tasks/NN-name/check.rs"));
    let message = check(&TEMPLATE, "pitfalls/saves_nothing.rs").0.expect_err("it saves nothing");
    assert!(message.contains("files are missing"), "{message}");
    is_complete(&TEMPLATE);
}

#[test]
fn every_task_has_its_hints_and_its_page() {
    TASKS.iter().for_each(is_complete);
}

#[test]
fn the_book_lists_every_task() {
    TASKS.iter().for_each(is_listed);
}

/// Asserts that the table in the book's chapter has a row for the task, unless it is a teacher's own.
fn is_listed(task: &Task) {
    if !Path::new(task.path).starts_with(env!("CARGO_MANIFEST_DIR")) {
        return;
    }
    let minutes = task.text().split('*').nth(1).and_then(|line| line.split(' ').next());
    let number = task.number.trim_start_matches('0');
    let row = format!(
        "| [{number}. {}](../../exercises/tasks/{}/page.md) | {} | ",
        task.title(),
        task.folder,
        minutes.unwrap_or_default(),
    );
    let chapter = include_str!("../../docs/exercises/README.md");
    assert!(chapter.contains(&row), "the table in docs/exercises/README.md has no row {row:?}");
}

fn is_complete(task: &Task) {
    assert_eq!(task.hints().len(), 3, "{}", task.folder);
    assert!(!task.title().is_empty(), "{}", task.folder);
    for part in ["minutes.", "## The task", "## How it is checked"] {
        assert!(task.text().contains(part), "{}: {part}", task.folder);
    }
    assert!(!task.afterwards().is_empty(), "{}", task.folder);
}
