//! The tasks: the table that `build.rs` generates, and the parts of a task.

use crate::judge::{Submission, Verdict, count_met};

include!(concat!(env!("OUT_DIR"), "/tasks.rs"));

/// The book's chapter, with a section for each group of tasks.
const CHAPTER: &str = include_str!("../../docs/exercises/README.md");
/// The group of the tasks that are not in it.
const OWN: &str = "Your own";

/// A task of the course.
pub struct Task {
    /// Two digits, such as `03`.
    pub number: &'static str,
    /// The name of its folder, such as `03-lock-held`.
    pub folder: &'static str,
    /// That folder: in `exercises/tasks`, or among a teacher's own tasks.
    pub path: &'static str,
    starter: &'static str,
    solution: &'static str,
    hints: &'static str,
    page: &'static str,
    points: &'static str,
    check: fn(&Submission) -> Verdict,
}

/// All tasks, group by group, in the order of the book's chapter.
pub fn groups() -> Vec<(&'static str, Vec<&'static Task>)> {
    let mut groups: Vec<_> =
        CHAPTER.split("\n### ").skip(1).filter_map(|it| it.lines().next()).collect();
    groups.push(OWN);
    let of = |group| (group, TASKS.iter().filter(|task| task.group() == group).collect::<Vec<_>>());
    groups.into_iter().map(of).filter(|(_, tasks)| !tasks.is_empty()).collect()
}

impl Task {
    /// The task with this number.
    pub fn find(number: u8) -> Option<&'static Self> {
        TASKS.iter().find(|task| task.number.parse() == Ok(number))
    }

    /// Judges a submission. It takes a few seconds, and up to half a minute if the submission hangs.
    pub fn check(&self, submission: &Submission) -> Verdict {
        self.check_for_points(submission).0
    }

    /// Judges a submission, and counts its points: one for each expectation of the check that it
    /// meets, up to the first one that it doesn't meet, and one for passing.
    pub fn check_for_points(&self, submission: &Submission) -> (Verdict, usize) {
        let (verdict, met) = count_met(|| (self.check)(submission));
        let points = met + usize::from(verdict.is_ok());
        (verdict, points)
    }

    /// The points of a submission that passes: what the file `points` says.
    pub fn points(&self) -> usize {
        self.points.trim().parse().unwrap_or_default()
    }

    /// The name of the program that a student writes, such as `task-03`.
    pub fn program(&self) -> String {
        format!("task-{}", self.number)
    }

    /// What a student begins with.
    pub fn starter(&self) -> String {
        as_program(self.starter)
    }

    /// One correct submission.
    pub fn solution(&self) -> String {
        as_program(self.solution)
    }

    /// Its name, from the heading of its page.
    pub fn title(&self) -> &'static str {
        let first = self.page.lines().next().unwrap_or_default();
        first.trim_start_matches(|letter: char| !letter.is_alphabetic())
    }

    /// Its group, such as `Sharing`: the section of the book's chapter that lists it. A teacher's own
    /// tasks are in a group of their own.
    pub fn group(&self) -> &'static str {
        let link = format!("/tasks/{}/page.md)", self.folder);
        let lists_it = |section: &&str| section.contains(&link);
        let section = CHAPTER.split("\n### ").skip(1).find(lists_it);
        section.and_then(|section| section.lines().next()).unwrap_or(OWN)
    }

    /// Its text: the page up to the section "Afterwards".
    pub fn text(&self) -> &'static str {
        self.parts().0
    }

    /// The section "Afterwards", without the notes for the teacher.
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

/// The source of a program from that of a module of `submissions`, where `main` must be `pub`.
fn as_program(module: &str) -> String {
    module.replacen("pub fn main", "fn main", 1).replacen("pub async fn main", "async fn main", 1)
}
