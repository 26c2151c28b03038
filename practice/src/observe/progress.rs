//! Which exercises the students of a class have passed, as their own machines report it.

use super::agent::{shown_name, shown_text};
use super::names::Names;
use super::recent::Recent;
use crate::limits::{MAX_MESSAGE_CHARACTERS, MAX_REMOVED_MESSAGES, MAX_REPORTING_STUDENTS};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// What a student's machine reports of a task that was just judged.
#[derive(Deserialize)]
pub struct Report {
    name: String,
    /// Two digits.
    task: String,
    passed: bool,
    /// Why it was refused.
    message: String,
}

/// The reports of a class.
pub struct Progress {
    /// By the name in lower case.
    students: BTreeMap<String, Student>,
    /// The last messages that were removed. Pages don't show them.
    removed: Recent<String>,
    /// Increases with each change of what pages show.
    pub revision: usize,
}

struct Student {
    name: String,
    tasks: BTreeMap<String, Task>,
    /// The revision of the last report.
    last: usize,
}

#[derive(Default)]
struct Task {
    passed: bool,
    /// Why it was refused the last time; empty if it never was.
    refusal: String,
}

impl Progress {
    pub fn new() -> Self {
        Self { students: BTreeMap::new(), removed: Recent::new(MAX_REMOVED_MESSAGES), revision: 0 }
    }

    /// Adds a report. With too many students, the one whose last report is the oldest is forgotten.
    ///
    /// # Errors
    /// If the report has no name, or none of a task.
    pub fn add(&mut self, report: &Report) -> Result<(), &'static str> {
        let name = shown_name(&report.name);
        if name.is_empty() {
            return Err("a name is needed");
        }
        let is_task = report.task.len() == 2 && report.task.bytes().all(|it| it.is_ascii_digit());
        if !is_task {
            return Err("a task's number has two digits");
        }
        self.revision += 1;
        let student = self.students.entry(name.to_lowercase()).or_insert_with(|| Student {
            name,
            tasks: BTreeMap::new(),
            last: 0,
        });
        student.last = self.revision;
        let task = student.tasks.entry(report.task.clone()).or_default();
        task.passed = report.passed;
        if !report.passed {
            task.refusal = shorten(&report.message);
        }
        if self.students.len() > MAX_REPORTING_STUDENTS {
            let oldest = self.students.iter().min_by_key(|(_, student)| student.last);
            if let Some(key) = oldest.map(|(key, _)| key.clone()) {
                self.students.remove(&key);
            }
        }
        Ok(())
    }

    /// Removes a message from what pages show. It doesn't come back with another report.
    ///
    /// # Errors
    /// If pages show no such message.
    pub fn remove_message(&mut self, message: String) -> Result<(), &'static str> {
        let mut tasks = self.students.values().flat_map(|student| student.tasks.values());
        let is_shown = !message.is_empty() && !self.is_removed(&message);
        if !is_shown || !tasks.any(|task| task.refusal == message) {
            return Err("there is no such message now");
        }
        drop(self.removed.push(message));
        self.revision += 1;
        Ok(())
    }

    fn is_removed(&self, message: &str) -> bool {
        self.removed.iter().any(|(_, removed)| removed == message)
    }

    /// As pages show it: each student's tasks and whether they passed, and for each task the message
    /// that has refused most students, with their number.
    pub fn to_json(&self, names: &Names) -> Value {
        let students = self.students.values().map(|Student { name, tasks, .. }| {
            let tasks: BTreeMap<_, _> =
                tasks.iter().map(|(number, task)| (number, task.passed)).collect();
            json!({"name": names.shown(name), "tasks": tasks})
        });
        let students: Vec<Value> = students.collect();
        let mut refusals: BTreeMap<&str, HashMap<&str, usize>> = BTreeMap::new();
        for (number, task) in self.students.values().flat_map(|student| &student.tasks) {
            if !task.refusal.is_empty() && !self.is_removed(&task.refusal) {
                *refusals.entry(number).or_default().entry(&task.refusal).or_default() += 1;
            }
        }
        let most = refusals.into_iter().map(|(number, counts)| {
            // Of several with the same number, always the same one.
            let most = counts.into_iter().max_by_key(|(message, count)| (*count, *message));
            let (message, students) = most.expect("it has a message");
            (number, json!({"message": message, "students": students}))
        });
        let most: BTreeMap<_, _> = most.collect();
        json!({"students": students, "refusals": most})
    }
}

/// A message as it is shown: on one line, with an ellipsis for what exceeds the limit.
fn shorten(message: &str) -> String {
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = shown_text(&line, MAX_MESSAGE_CHARACTERS + 1);
    if line.chars().count() <= MAX_MESSAGE_CHARACTERS {
        return line;
    }
    line.chars().take(MAX_MESSAGE_CHARACTERS - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(name: &str, task: &str, refusal: Option<&str>) -> Report {
        let (name, task) = (name.to_owned(), task.to_owned());
        Report { name, task, passed: refusal.is_none(), message: refusal.unwrap_or("").to_owned() }
    }

    #[test]
    fn the_message_that_refuses_most_students_is_shown() {
        let mut progress = Progress::new();
        for (name, task, refusal) in [
            ("Ada", "03", Some("the lock is held\nfor too\u{202e} long")),
            ("Ben", "03", Some("the lock is held for too\u{202e}  long")),
            ("Cem", "03", Some("an image is missing")),
            ("Cem", "03", Some("an image is missing")),
            ("ada", "03", None),
            ("Cem", "01", None),
        ] {
            progress.add(&report(name, task, refusal)).unwrap();
        }
        let mut names = Names::default();
        names.hide("ben").unwrap();
        let expected = json!({
            "students": [
                {"name": "Ada", "tasks": {"03": true}},
                {"name": "student 1", "tasks": {"03": false}},
                {"name": "Cem", "tasks": {"01": true, "03": false}},
            ],
            "refusals": {"03": {"message": "the lock is held for too\u{fffd} long", "students": 2}},
        });
        assert_eq!((progress.to_json(&names), progress.revision), (expected, 6));
    }

    #[test]
    fn a_removed_message_stays_removed() {
        let mut progress = Progress::new();
        let names = Names::default();
        for (name, message) in [("Ada", "rude"), ("Ben", "rude"), ("Cem", "too long")] {
            progress.add(&report(name, "03", Some(message))).unwrap();
        }
        assert_eq!(progress.to_json(&names)["refusals"]["03"]["message"], "rude");
        progress.remove_message("rude".into()).unwrap();
        let too_long = json!({"03": {"message": "too long", "students": 1}});
        assert_eq!((&progress.to_json(&names)["refusals"], progress.revision), (&too_long, 4));
        progress.add(&report("Dan", "03", Some("rude"))).unwrap();
        assert_eq!(progress.to_json(&names)["refusals"], too_long);
        assert!(progress.remove_message("unknown".into()).is_err());
        assert!(progress.remove_message(String::new()).is_err());

        for number in 1..MAX_REMOVED_MESSAGES {
            progress.add(&report("Eva", "01", Some(&format!("{number}")))).unwrap();
            progress.remove_message(format!("{number}")).unwrap();
        }
        assert!(progress.remove_message("rude".into()).is_err(), "it is removed already");
        assert_eq!(progress.to_json(&names)["refusals"], too_long);
        progress.add(&report("Eva", "01", Some("another"))).unwrap();
        progress.remove_message("another".into()).unwrap();
        assert_eq!(progress.to_json(&names)["refusals"]["03"]["message"], "rude", "the oldest");
        assert_eq!(progress.to_json(&names)["refusals"].get("01"), None);
    }

    #[test]
    fn memory_is_bounded_and_what_is_no_report_is_refused() {
        let mut progress = Progress::new();
        for (name, task) in [("", "03"), (" ", "03"), ("Ada", "3"), ("Ada", "003"), ("Ada", "é")] {
            assert!(progress.add(&report(name, task, None)).is_err(), "{name:?} {task:?}");
        }
        let long = "x".repeat(100_000);
        progress.add(&report(&long, "01", Some(&long))).unwrap();
        let text = progress.to_json(&Names::default()).to_string();
        assert!(text.len() < 1_000, "{}", text.len());
        for number in 0..2 * MAX_REPORTING_STUDENTS {
            progress.add(&report(&format!("{number}"), "01", None)).unwrap();
            progress.add(&report("always here", "02", None)).unwrap();
            assert!(progress.students.len() <= MAX_REPORTING_STUDENTS);
        }
        assert!(progress.students.contains_key("always here"));
        let last = format!("{}", 2 * MAX_REPORTING_STUDENTS - 1);
        assert!(progress.students.contains_key(&last) && !progress.students.contains_key("0"));
    }

    #[test]
    fn a_long_message_ends_with_an_ellipsis() {
        let longest = "x".repeat(MAX_MESSAGE_CHARACTERS);
        assert_eq!(shorten(&longest), longest);
        let cut = shorten(&format!("{longest}y"));
        assert_eq!(cut.chars().count(), MAX_MESSAGE_CHARACTERS);
        assert!(cut.ends_with("x…"), "{cut}");
    }
}
