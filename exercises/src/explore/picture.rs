//! A schedule as text: one column for each thread, and the lines of the submission that it quotes.

use super::report::{Failure, Kind, Report, Step};
use std::collections::BTreeSet;

/// Limits the width of a picture, in columns of the terminal.
const WIDTH: usize = 80;
/// Limits the rows of a picture. Of more steps, the last ones are shown.
const MAX_ROWS: usize = 24;

/// Limits the steps in one round of a loop whose rounds the picture leaves out.
const MAX_ROUND: usize = 8;

/// Steps that make no row: they follow from the others.
const UNSEEN: [&str; 1] = ["starts"];

impl Report {
    /// What was covered, such as `all 90 schedules`.
    pub fn covered(&self) -> String {
        let number = grouped(self.schedules);
        let few = match self.max_interruptions {
            None => String::new(),
            Some(max) => format!(" in which threads are interrupted {max} times at most"),
        };
        match (self.schedules, self.complete) {
            (1, true) => "the only schedule".into(),
            (_, true) => format!("all {number} schedules{few}"),
            (_, false) => format!("the first {number} schedules{few}; there are more"),
        }
    }
}

impl Failure {
    /// The steps as Markdown: a message, how many schedules fail alike, columns, lines of `source`.
    pub fn picture(&self, report: &Report, source: &str) -> String {
        let shown: Vec<_> = self.steps.iter().filter(|step| is_seen(step)).collect();
        let is_endless = self.kind == Kind::Endless;
        let once = if is_endless { without_repeats(&shown) } else { &shown };
        let repeats = once.len() < shown.len();
        let (above, shown) = once.split_at(once.len().saturating_sub(MAX_ROWS));
        let more = match (repeats, above.is_empty()) {
            (true, _) => " (its last lines repeat over and over)",
            (false, true) => "",
            (false, false) => " (its last steps)",
        };
        let mut text = format!("{}\n\n{}{more}:\n\n```text\n", self.message, self.count(report));
        text.push_str(&self.columns(shown));
        text.push_str("```");
        let quoted = quoted(shown, source);
        if !quoted.is_empty() {
            text.push_str("\n\nThe lines in it:\n\n```text\n");
            text.push_str(&quoted);
            text.push_str("```");
        }
        text
    }

    fn count(&self, report: &Report) -> String {
        match report {
            _ if self.kind == Kind::Unknown => return "Up to there".into(),
            Report { schedules: 1, complete: true, .. } => {
                return "The only schedule ends like this".into();
            }
            Report { schedules: 1, .. } => return "The first schedule ends like this".into(),
            Report { .. } => (),
        }
        let ends = if self.schedules == 1 { "ends" } else { "end" };
        let covered = report.covered();
        let of = covered.trim_start_matches("all ").trim_end_matches("; there are more");
        format!("{} of {of} {ends} like this. The shortest", grouped(self.schedules))
    }

    fn columns(&self, steps: &[&Step]) -> String {
        let threads: BTreeSet<_> = steps.iter().map(|step| step.thread).collect();
        let width = (WIDTH - 6) / threads.len().max(1);
        let row = |line: &str, at: usize, cell: &str| {
            let before = threads.iter().take_while(|thread| **thread < at).count() * width;
            let cell = cut(cell, WIDTH - 6 - before);
            format!("{line:>4}  {:before$}{cell}\n", "")
        };
        let names = threads.iter().map(|thread| format!("{:width$}", self.threads[*thread]));
        let mut text = format!("line  {}\n", names.collect::<String>().trim_end());
        for step in steps {
            let line = step.line.map_or_else(String::new, |line| line.to_string());
            text.push_str(&row(&line, step.thread, &cell(step)));
        }
        text
    }
}

/// The steps up to the second round of a loop that never ends.
fn without_repeats<'a, 'b>(mut steps: &'a [&'b Step]) -> &'a [&'b Step] {
    let is_repeated = |steps: &[&Step], round: usize| {
        let mut rounds = steps.rchunks_exact(round);
        let last = rounds.next();
        last.is_some() && rounds.next() == last && rounds.next() == last
    };
    let Some(round) = (1..=MAX_ROUND).find(|round| is_repeated(steps, *round)) else {
        return steps;
    };
    while is_repeated(steps, round) {
        steps = &steps[..steps.len() - round];
    }
    steps
}

fn is_seen(step: &Step) -> bool {
    let joins = step.action == "waits for" && step.object == "the other threads";
    !joins && !UNSEEN.contains(&step.action.as_str())
}

fn cell(step: &Step) -> String {
    let Step { action, object, value, ordering, .. } = step;
    let value = value.as_ref().map_or_else(String::new, |value| format!(": {value}"));
    let ordering = ordering.as_ref().map_or_else(String::new, |it| format!(" ({it})"));
    format!("{action} {object}").trim_end().to_owned() + &value + &ordering
}

/// The lines of the submission that the steps name, once each.
fn quoted(steps: &[&Step], source: &str) -> String {
    let lines: BTreeSet<_> = steps.iter().filter_map(|step| step.line).collect();
    let text = |line: u32| source.lines().nth(line as usize - 1).unwrap_or_default().trim();
    let quote = |line| format!("{line:>4}  {}\n", cut(text(line), WIDTH - 6));
    if source.is_empty() { String::new() } else { lines.into_iter().map(quote).collect() }
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.into();
    }
    text.chars().take(width - 1).chain(['…']).collect()
}

/// A number with a comma before each three digits.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
