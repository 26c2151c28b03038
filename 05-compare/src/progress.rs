//! What runs now, which of how many, and how long the rest will take: one line on stderr.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// The progress of a measurement whose steps, and about how long each takes, are known.
pub struct Progress {
    started: Instant,
    /// Expected seconds of the steps that have not started, the next one last.
    rest: Vec<f64>,
    /// Expected seconds of all steps.
    all: f64,
    steps: usize,
}

impl Progress {
    /// Begins with the expected seconds of each step. Only their ratios matter.
    pub fn new(mut expected: Vec<f64>) -> Self {
        expected.reverse();
        let (all, steps) = (expected.iter().sum(), expected.len());
        Self { started: Instant::now(), rest: expected, all, steps }
    }

    /// Says that the next step starts. On a terminal, it replaces the line of the step before.
    pub fn step(&mut self, what: &str) {
        let left = self.rest.iter().sum();
        let step = self.steps - self.rest.len() + 1;
        let _ = self.rest.pop();
        let left = time_left(self.started.elapsed(), self.all - left, left);
        let line = format!("[{step}/{}] {what}{left}", self.steps);
        let mut stderr = io::stderr();
        let _ = if stderr.is_terminal() {
            write!(stderr, "\r\x1b[2K{line}").and_then(|()| stderr.flush())
        } else {
            writeln!(stderr, "{line}")
        };
    }

    /// Skips the next step.
    pub fn skip(&mut self) {
        self.all -= self.rest.pop().unwrap_or(0.0);
    }
}

impl Drop for Progress {
    /// Clears the line on a terminal.
    fn drop(&mut self) {
        let mut stderr = io::stderr();
        if stderr.is_terminal() {
            let _ = write!(stderr, "\r\x1b[2K");
        }
    }
}

/// How long the rest takes, if it goes on as before; nothing before the first step has ended.
fn time_left(elapsed: Duration, expected_done: f64, expected_left: f64) -> String {
    if expected_done <= 0.0 {
        return String::new();
    }
    let seconds = elapsed.as_secs_f64() / expected_done * expected_left;
    match seconds.round() as u64 {
        seconds @ 0..90 => format!(", about {} s left", seconds.max(1)),
        seconds => format!(", about {} min left", (seconds + 30) / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_follows_from_what_is_done() {
        let seconds = Duration::from_secs;
        assert_eq!(time_left(seconds(1), 0.0, 9.0), "");
        assert_eq!(time_left(seconds(10), 5.0, 20.0), ", about 40 s left");
        assert_eq!(time_left(seconds(60), 60.0, 121.0), ", about 2 min left");
        assert_eq!(time_left(seconds(60), 60.0, 0.1), ", about 1 s left");
    }

    #[test]
    fn skipped_steps_are_not_waited_for() {
        let mut progress = Progress::new(vec![1.0, 2.0, 3.0]);
        progress.step("first");
        progress.skip();
        assert_eq!((progress.all, progress.rest.len()), (4.0, 1));
    }
}
