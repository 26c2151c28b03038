//! Tests the tasks themselves: each starter fails, each solution passes, and each pitfall is
//! refused with a message about its own mistake. So is each submission in `tests/wrong`, and each in
//! `tests/right` passes.
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
use std::collections::BTreeSet;
use std::iter;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock};
use std::thread;
use std::{env, fs};

/// How many submissions to one task run at the same time. They spend most of their time waiting.
const PARALLEL: usize = 8;
/// The check of this task measures times, so its submissions are judged while no others are.
const MEASURES_TIMES: &str = "11-retries";
static JUDGING: RwLock<()> = RwLock::new(());

include!(concat!(env!("OUT_DIR"), "/tests.rs"));

/// A submission that is kept in the repository.
struct Kept {
    /// Its name in the program `submissions`, such as `02-own-pool/pitfalls/batches_of_five.rs`.
    name: String,
    source: String,
    /// What the check's message must contain. `None` if the submission must pass.
    words: Option<String>,
}

impl Kept {
    /// The submission in a file, whose name begins below `root`.
    fn read(root: &Path, path: &Path) -> Self {
        let name = path.strip_prefix(root).expect("it is below").to_str().expect("it is text");
        let name = name.replace('\\', "/");
        let source = fs::read_to_string(path).expect("it is kept");
        let words =
            source.split("//! The check says: \"").nth(1).and_then(|it| it.split('"').next());
        // A starter may be refused in any words.
        let words = if name.ends_with("/starter.rs") { Some("") } else { words };
        let words = words.map(str::to_owned);
        let must_pass = name.ends_with("/solution.rs") || name.starts_with("right/");
        assert_eq!(words.is_none(), must_pass, "{name}: does it say what the check says?");
        Self { name, source, words }
    }

    fn is_pitfall(&self) -> bool {
        self.name.contains("/pitfalls/")
    }

    /// Judges it, and counts its points.
    fn judge(&self, task: &Task) -> (Verdict, usize) {
        let source = Source::new(self.source.clone());
        let program = env!("CARGO_BIN_EXE_submissions");
        let submission = Submission::kept(program, &self.name, source, self.seed());
        task.check_for_points(&submission)
    }

    /// The seed for its check, which `--seed` accepts. It depends on the submission's name and on the
    /// number in `EXERCISES_SEED`.
    fn seed(&self) -> u64 {
        let number = env::var("EXERCISES_SEED").unwrap_or_default();
        let number: u64 = match number.as_str() {
            "" => 0,
            number => number.parse().expect("EXERCISES_SEED is a number"),
        };
        let add = |seed: u64, byte: u8| seed.wrapping_mul(31).wrapping_add(byte.into());
        self.name.bytes().fold(number, add) % 1_000_000
    }
}

/// All submissions to a task: those in its folder, and those in `tests/wrong` and `tests/right`.
fn submissions(task: &Task) -> Vec<Kept> {
    let folder = Path::new(task.path);
    let tasks = folder.parent().expect("it is in a folder");
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let own = ["starter.rs", "solution.rs"].map(|file| Kept::read(tasks, &folder.join(file)));
    let others = [
        (tasks, folder.join("pitfalls")),
        (&tests, tests.join("wrong").join(task.folder)),
        (&tests, tests.join("right").join(task.folder)),
    ];
    let others = others.iter().flat_map(|(root, folder)| {
        let files = fs::read_dir(folder).into_iter().flatten();
        files.map(|file| Kept::read(root, &file.expect("an entry").path()))
    });
    own.into_iter().chain(others).collect()
}

/// Judges all submissions to the task in this folder.
fn kept(folder: &str) {
    let task = TASKS.iter().find(|task| task.folder == folder).expect("it is in the table");
    assert!(task.starter().contains("// TODO"), "the starter has no TODO");

    let submissions = submissions(task);
    let judged = judge_all(task, &submissions);
    let misjudged: Vec<_> = judged.iter().filter_map(misjudged).collect();
    assert!(misjudged.is_empty(), "{}", misjudged.join("\n\n"));
    pitfalls_have_words_of_their_own(&judged);
    only_correct_submissions_get_all_points(task, &judged);
    is_complete(task);
    is_listed(task);
}

/// A submission, the verdict on it, and its points.
type Judged<'a> = (&'a Kept, (Verdict, usize));

fn judge_all<'a>(task: &Task, submissions: &'a [Kept]) -> Vec<Judged<'a>> {
    let next = AtomicUsize::new(0);
    let work = || {
        let next = iter::from_fn(|| submissions.get(next.fetch_add(1, Ordering::Relaxed)));
        next.map(|kept| (kept, kept.judge(task))).collect::<Vec<_>>()
    };
    let judge = || {
        thread::scope(|scope| {
            let workers: Vec<_> = (0..PARALLEL).map(|_| scope.spawn(work)).collect();
            workers.into_iter().flat_map(|worker| worker.join().expect("no check panics")).collect()
        })
    };
    if task.folder == MEASURES_TIMES {
        let _alone = JUDGING.write().unwrap_or_else(PoisonError::into_inner);
        judge()
    } else {
        let _with_others = JUDGING.read().unwrap_or_else(PoisonError::into_inner);
        judge()
    }
}

/// What is wrong with the verdict on a submission.
fn misjudged((kept, (verdict, _)): &Judged) -> Option<String> {
    let (name, seed) = (&kept.name, kept.seed());
    match (verdict, &kept.words) {
        (Ok(_), None) => None,
        (Err(message), Some(words)) if message.contains(words) => None,
        (Ok(message), Some(_)) => Some(format!("{name} passes (seed {seed}): {message}")),
        (Err(message), Some(words)) => {
            Some(format!("{name} is not refused with {words:?} (seed {seed}): {message}"))
        }
        (Err(message), None) => Some(format!("{name} fails (seed {seed}): {message}")),
    }
}

fn pitfalls_have_words_of_their_own(judged: &[Judged]) {
    let pitfalls: Vec<_> = judged.iter().filter(|(kept, _)| kept.is_pitfall()).collect();
    let words: BTreeSet<_> = pitfalls.iter().filter_map(|(kept, _)| kept.words.as_ref()).collect();
    let count = words.len();
    assert!(count >= 3, "a task needs at least three pitfalls with different messages: {words:?}");
    for (kept, (verdict, _)) in pitfalls {
        let message = verdict.as_ref().expect_err("it is refused");
        let foreign =
            words.iter().find(|it| Some(**it) != kept.words.as_ref() && message.contains(**it));
        let name = &kept.name;
        assert_eq!(foreign, None, "{name} is refused in the words of another pitfall: {message}");
    }
}

fn only_correct_submissions_get_all_points(task: &Task, judged: &[Judged]) {
    let all = task.points();
    let (correct, refused): (Vec<_>, Vec<_>) =
        judged.iter().partition(|(kept, _)| kept.words.is_none());
    for (kept, (_, points)) in correct {
        let name = &kept.name;
        assert_eq!(*points, all, "{name} passes: the file {}/points must say {points}", task.path);
    }
    for (kept, (_, points)) in refused {
        let name = &kept.name;
        assert!(*points < all, "{name} has {points} of {all} points, but is refused");
    }
}

#[test]
fn the_template_compiles_and_fails_for_a_stated_reason() {
    is_complete(&TEMPLATE);
    let submissions = submissions(&TEMPLATE);
    let message = |name: &str| {
        let kept = submissions.iter().find(|kept| kept.name == name).expect("it is kept");
        kept.judge(&TEMPLATE).0.expect_err("it is refused")
    };
    let solution = message("template/solution.rs");
    let why = "write the check of NN-name in exercises/tasks/NN-name/check.rs";
    assert!(solution.contains(why), "{solution}");
    let pitfall = message("template/pitfalls/saves_nothing.rs");
    assert!(pitfall.contains("files are missing"), "{pitfall}");
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
