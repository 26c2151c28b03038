//! The tasks: the one table, and what belongs to each.

use crate::attempt::Attempt;
use crate::seen::Verdict;

#[path = "../tasks/08-blocked-loop/check.rs"]
mod blocked_loop;
#[path = "../tasks/04-counting-bytes/check.rs"]
mod counting_bytes;
#[path = "../tasks/09-give-up/check.rs"]
mod give_up;
#[path = "../tasks/03-lock-held/check.rs"]
mod lock_held;
#[path = "../tasks/01-loud-failures/check.rs"]
mod loud_failures;
#[path = "../tasks/02-own-pool/check.rs"]
mod own_pool;
#[path = "../tasks/07-polite-client/check.rs"]
mod polite_client;
#[path = "../tasks/06-pool-of-processes/check.rs"]
mod pool_of_processes;
#[path = "../tasks/11-retries/check.rs"]
mod retries;
#[path = "../tasks/05-two-locks/check.rs"]
mod two_locks;
#[path = "../tasks/10-waiting-or-computing/check.rs"]
mod waiting_or_computing;

/// A task of the course.
pub struct Task {
    /// Two digits, such as `03`.
    pub number: &'static str,
    /// Its folder in `exercises/tasks`.
    pub folder: &'static str,
    starter: &'static str,
    solution: &'static str,
    hints: &'static str,
    page: &'static str,
    check: fn(&Attempt) -> Verdict,
}

macro_rules! task {
    ($number:literal, $name:literal, $check:ident) => {
        Task {
            number: $number,
            folder: concat!($number, "-", $name),
            starter: include_str!(concat!("../tasks/", $number, "-", $name, "/starter.rs")),
            solution: include_str!(concat!("../tasks/", $number, "-", $name, "/solution.rs")),
            hints: include_str!(concat!("../tasks/", $number, "-", $name, "/hints.md")),
            page: include_str!(concat!("../../docs/exercises/", $number, ".md")),
            check: $check::check,
        }
    };
}

/// All tasks, in the order in which they are to be done.
pub static TASKS: &[Task] = &[
    task!("01", "loud-failures", loud_failures),
    task!("02", "own-pool", own_pool),
    task!("03", "lock-held", lock_held),
    task!("04", "counting-bytes", counting_bytes),
    task!("05", "two-locks", two_locks),
    task!("06", "pool-of-processes", pool_of_processes),
    task!("07", "polite-client", polite_client),
    task!("08", "blocked-loop", blocked_loop),
    task!("09", "give-up", give_up),
    task!("10", "waiting-or-computing", waiting_or_computing),
    task!("11", "retries", retries),
];

impl Task {
    /// The task with this number.
    pub fn find(number: u8) -> Option<&'static Self> {
        TASKS.iter().find(|task| task.number.parse() == Ok(number))
    }

    /// Judges an attempt, within 20 seconds.
    pub fn check(&self, attempt: &Attempt) -> Verdict {
        (self.check)(attempt)
    }

    /// The name of the program that a student writes, such as `task-03`.
    pub fn program(&self) -> String {
        format!("task-{}", self.number)
    }

    /// What a student begins with.
    pub fn starter(&self) -> String {
        as_program(self.starter)
    }

    /// One way to do it right.
    pub fn solution(&self) -> String {
        as_program(self.solution)
    }

    /// Its name, as its page says.
    pub fn title(&self) -> &'static str {
        let first = self.page.lines().next().unwrap_or_default();
        first.trim_start_matches(|letter: char| !letter.is_alphabetic())
    }

    /// Its text: the page up to what is to be discussed afterwards.
    pub fn text(&self) -> &'static str {
        self.parts().0
    }

    /// What is to be discussed afterwards, without the notes for the teacher.
    pub fn afterwards(&self) -> &'static str {
        let rest = self.parts().1;
        rest.split("<details>").next().unwrap_or_default().trim()
    }

    fn parts(&self) -> (&'static str, &'static str) {
        let (text, rest) = self.page.split_once("## Afterwards").unwrap_or((self.page, ""));
        (text.trim(), rest)
    }

    /// The hints, each of which gives away more than the one before it.
    pub fn hints(&self) -> Vec<&'static str> {
        self.hints.split("## ").skip(1).map(str::trim).collect()
    }
}

/// What is kept are modules of the program `attempts`, so their `main` has to be `pub`. In a program
/// of its own it has not.
fn as_program(module: &str) -> String {
    module.replacen("pub fn main", "fn main", 1).replacen("pub async fn main", "async fn main", 1)
}
