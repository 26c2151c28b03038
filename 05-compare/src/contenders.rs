//! Who runs: the four programs with several numbers of workers, and what people would use instead.

use crate::build::Programs;
use crate::lab::Lab;
use crate::measure::Sample;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread::available_parallelism;

/// What there is to do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// 40 images over the practice network: work that waits.
    Waiting,
    /// Images from a server without any delay, and a thumbnail of each: work that computes.
    Computing,
}

impl Job {
    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Computing => "computing",
        }
    }
}

/// A program with its arguments, and what was measured of it.
pub struct Contender {
    /// What it is called.
    pub name: String,
    /// How many downloads it may have in progress at once.
    pub workers: usize,
    /// What it has to do.
    pub job: Job,
    /// How it is started.
    pub program: PathBuf,
    /// How it is told what to do.
    pub arguments: Vec<OsString>,
    /// One for each round.
    pub samples: Vec<Sample>,
}

/// The numbers of workers with which the mechanisms are compared.
pub const WORKERS: [usize; 5] = [1, 2, 5, 10, 40];
/// How many workers each program has in the article's table.
pub fn articles_workers(program: &str) -> usize {
    match program {
        "01-sync" => 1,
        "02-threads" => 5,
        "03-processes" => cores(),
        _ => 100,
    }
}

/// As many as compute at the same time.
pub fn cores() -> usize {
    available_parallelism().map_or(1, usize::from)
}

/// The four programs, each with every number of workers that a table needs.
pub fn ours(programs: &Programs) -> Vec<Contender> {
    let mut contenders = Vec::new();
    let mut add = |program: &str, workers: usize, job: Job| {
        let mut arguments = vec!["--quiet".to_owned()];
        if program != "01-sync" {
            arguments.push(format!("--workers={workers}"));
        }
        if job == Job::Computing && program != "blocked" {
            arguments.push("--thumbnails".to_owned());
        }
        contenders.push(Contender {
            name: program.to_owned(),
            workers,
            job,
            program: programs[program].clone(),
            arguments: arguments.into_iter().map(OsString::from).collect(),
            samples: Vec::new(),
        });
    };
    for program in ["01-sync", "02-threads", "03-processes", "04-async"] {
        let workers = articles_workers(program);
        add(program, workers, Job::Waiting);
        let others = WORKERS.into_iter().filter(|it| *it != workers && program != "01-sync");
        others.for_each(|workers| add(program, workers, Job::Waiting));
    }
    add("01-sync", 1, Job::Computing);
    add("02-threads", cores(), Job::Computing);
    // More than there are cores.
    add("02-threads", 5 * cores(), Job::Computing);
    add("03-processes", cores(), Job::Computing);
    add("04-async", 100, Job::Computing);
    add("blocked", 100, Job::Computing);
    contenders
}

/// What people would use instead, and the names of what is not installed.
///
/// curl, aria2c and wget2 know no albums: they are given the list of links.
pub fn peers(lab: &Lab) -> (Vec<Contender>, Vec<&'static str>) {
    // What is called `python3` may be a script that looks for it.
    let python = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output();
    let python = python.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let paths = [
        ("LINKS", lab.path("links.txt").to_string_lossy().into_owned()),
        ("URLS", lab.path("links.curl").to_string_lossy().into_owned()),
        ("PEERS", concat!(env!("CARGO_MANIFEST_DIR"), "/peers").to_owned()),
        ("PYTHON", python.unwrap_or_default()),
    ];
    let candidates = [
        ("curl", 1, "curl -sSf --remote-name-all --config URLS"),
        ("curl -Z", 5, "curl -sSf --remote-name-all -Z --parallel-max 5 --config URLS"),
        ("curl -Z", 40, "curl -sSf --remote-name-all -Z --parallel-max 40 --config URLS"),
        ("xargs -P curl", 5, "xargs -a LINKS -n 1 -P 5 curl -sSf --remote-name-all"),
        ("aria2c", 5, "aria2c --quiet -j 5 -i LINKS"),
        ("wget2", 5, "wget2 --quiet --max-threads=5 -i LINKS"),
        ("Python, sync", 1, "PYTHON PEERS/sync.py"),
        ("Python, threads", 5, "PYTHON PEERS/threads.py 5"),
        ("Python, processes", 5, "PYTHON PEERS/processes.py 5"),
        ("Python, aiohttp", 100, "PYTHON PEERS/tasks.py 100"),
    ];
    let mut contenders = Vec::new();
    let mut missing = Vec::new();
    for (name, workers, command) in candidates {
        // A path may hold spaces, so it takes its place after the words are split.
        let words = command.split(' ').map(|word| {
            paths.iter().fold(word.to_owned(), |word, (name, path)| word.replace(name, path))
        });
        let mut words: Vec<String> = words.collect();
        let program = words.remove(0);
        let test = match name {
            "Python, aiohttp" => vec!["-c", "import aiohttp"],
            _ => vec!["--version"],
        };
        if !runs(&program, &test) || (name == "xargs -P curl" && !runs("curl", &["--version"])) {
            missing.push(name);
            continue;
        }
        contenders.push(Contender {
            name: name.to_owned(),
            workers,
            job: Job::Waiting,
            program: program.into(),
            arguments: words.into_iter().map(OsString::from).collect(),
            samples: Vec::new(),
        });
    }
    (contenders, missing)
}

/// Whether a program can be started like this and succeeds.
fn runs(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    let command = command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
    command.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

impl Contender {
    /// What it is called where people read it.
    pub fn label(&self) -> &str {
        if self.name == "blocked" { "async, no blocking pool" } else { &self.name }
    }

    /// Why its numbers are not to be trusted, if so.
    pub fn warning(&self) -> Option<String> {
        let [least, median, most] = self.spread(|sample| sample.seconds);
        let spread = (most - least) / median * 100.0;
        let (name, workers, job) = (self.label(), self.workers, self.job.name());
        (spread > 10.0)
            .then(|| format!("{name} ({workers}), {job}: the times differ by {spread:.0} %"))
    }

    /// The least, the median and the most of something.
    pub fn spread(&self, value: impl Fn(&Sample) -> f64) -> [f64; 3] {
        let mut values: Vec<f64> = self.samples.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        let middle = values.len() / 2;
        let median = if values.len().is_multiple_of(2) {
            f64::midpoint(values[middle - 1], values[middle])
        } else {
            values[middle]
        };
        [values[0], median, values[values.len() - 1]]
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::build::NAMES;

    /// A run that took so long.
    pub(crate) fn sample(seconds: f64) -> Sample {
        Sample { seconds, processor_seconds: None, peak: None, connections: 1, in_flight: 1 }
    }

    fn ran(seconds: &[f64]) -> Contender {
        Contender {
            name: "02-threads".into(),
            workers: 5,
            job: Job::Waiting,
            program: PathBuf::new(),
            arguments: vec![],
            samples: seconds.iter().copied().map(sample).collect(),
        }
    }

    fn spread(seconds: &[f64]) -> String {
        format!("{:?}", ran(seconds).spread(|sample| sample.seconds))
    }

    #[test]
    fn the_median_stands_in_the_middle() {
        assert_eq!(spread(&[3.0, 1.0, 2.0]), "[1.0, 2.0, 3.0]");
        assert_eq!(spread(&[4.0, 1.0, 2.0, 8.0]), "[1.0, 3.0, 8.0]");
        assert_eq!(spread(&[2.0]), "[2.0, 2.0, 2.0]");
    }

    #[test]
    fn times_that_differ_too_much_are_pointed_out() {
        assert_eq!(ran(&[1.0, 1.05, 1.09]).warning(), None);
        let warning = ran(&[1.0, 1.0, 1.2]).warning().unwrap();
        assert_eq!(warning, "02-threads (5), waiting: the times differ by 20 %");
    }

    #[test]
    fn each_table_finds_its_contenders() {
        let programs = NAMES.map(|name| (name.to_owned(), PathBuf::from(name)));
        let ours = ours(&programs.into());
        for program in ["02-threads", "03-processes", "04-async"] {
            for workers in WORKERS.into_iter().chain([articles_workers(program)]) {
                let found = ours.iter().filter(|it| {
                    it.name == program && it.workers == workers && it.job == Job::Waiting
                });
                assert_eq!(found.count(), 1, "{program} {workers}");
            }
        }
    }
}
