//! A program to compare, its job, and its measurements.

use crate::measure::Sample;
use std::ffi::OsString;
use std::path::PathBuf;

/// What a candidate has to do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// 40 images over the practice network: I/O-bound.
    Waiting,
    /// Images from a server without delay, and a thumbnail of each: CPU-bound.
    Computing,
}

impl Job {
    /// The name in tables and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Computing => "computing",
        }
    }
}

/// A program with its arguments.
pub struct Candidate {
    /// The name in JSON.
    pub name: &'static str,
    /// Maximum number of downloads in flight.
    pub workers: usize,
    /// What it has to do.
    pub job: Job,
    /// The path of its executable.
    pub program: PathBuf,
    /// Its command-line arguments.
    pub arguments: Vec<OsString>,
    /// One for each round.
    pub samples: Vec<Sample>,
}

impl Candidate {
    /// The name in tables and charts.
    pub fn label(&self) -> &'static str {
        match self.name {
            "several" => "async, threads",
            "blocked" => "async, blocked",
            name => name,
        }
    }

    /// A warning if the times vary by more than 10 %.
    pub fn warning(&self) -> Option<String> {
        let [min, median, max] = self.seconds();
        let spread = (max - min) / median * 100.0;
        let (name, workers, job) = (self.label(), self.workers, self.job.name());
        (spread > 10.0).then(|| format!("{name} ({workers}), {job}: times vary by {spread:.0} %"))
    }

    /// Minimum, median and maximum of its times, in seconds.
    pub fn seconds(&self) -> [f64; 3] {
        spread(self.samples.iter().map(|sample| sample.seconds).collect())
    }

    /// The median of a value; `None` if a sample does not have the value.
    pub fn median(&self, value: impl Fn(&Sample) -> Option<f64>) -> Option<f64> {
        let values: Option<Vec<f64>> = self.samples.iter().map(value).collect();
        Some(spread(values?)[1])
    }
}

/// Minimum, median and maximum of at least one value.
pub fn spread(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    let last = values.len() - 1;
    [values[0], f64::midpoint(values[last / 2], values[values.len() / 2]), values[last]]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(seconds: &[f64]) -> Candidate {
        Candidate {
            name: "02-threads",
            workers: 5,
            job: Job::Waiting,
            program: PathBuf::new(),
            arguments: vec![],
            samples: seconds.iter().copied().map(Sample::of_seconds).collect(),
        }
    }

    #[test]
    fn the_median_is_in_the_middle() {
        let spread = |seconds| format!("{:?}", ran(seconds).seconds());
        assert_eq!(spread(&[3.0, 1.0, 2.0]), "[1.0, 2.0, 3.0]");
        assert_eq!(spread(&[4.0, 1.0, 2.0, 8.0]), "[1.0, 3.0, 8.0]");
        assert_eq!(spread(&[2.0]), "[2.0, 2.0, 2.0]");
    }

    #[test]
    fn a_median_needs_the_value_in_every_sample() {
        let candidate = ran(&[3.0, 1.0, 2.0]);
        assert_eq!(
            candidate.median(|it| Some(it.seconds)).map(|it| it.to_string()).as_deref(),
            Some("2")
        );
        assert!(candidate.median(|it| (it.seconds > 1.0).then_some(1.0)).is_none());
    }

    #[test]
    fn times_that_vary_too_much_give_a_warning() {
        assert_eq!(ran(&[1.0, 1.05, 1.09]).warning(), None);
        let warning = ran(&[1.0, 1.0, 1.2]).warning().unwrap();
        assert_eq!(warning, "02-threads (5), waiting: times vary by 20 %");
    }
}
