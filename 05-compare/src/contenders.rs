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
    /// What it is called in tables.
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
    add("03-processes", cores(), Job::Computing);
    add("04-async", 100, Job::Computing);
    add("blocked", 100, Job::Computing);
    contenders
}

/// What people would use instead, and the names of what is not installed.
///
/// curl, aria2c and wget2 know no albums: they are given the list of links.
pub fn peers(lab: &Lab) -> (Vec<Contender>, Vec<&'static str>) {
    let links = lab.path("links.txt");
    let urls = lab.path("links.curl");
    let (links, urls) = (links.to_string_lossy(), urls.to_string_lossy());
    let scripts = concat!(env!("CARGO_MANIFEST_DIR"), "/peers");
    let python = |script: &str| format!("python3 {scripts}/{script}.py");
    let curl = "curl --silent --show-error --fail --remote-name-all";
    let candidates = [
        ("curl", 1, format!("{curl} --config {urls}"), "curl --version"),
        ("curl -Z", 5, format!("{curl} -Z --parallel-max 5 --config {urls}"), "curl --version"),
        ("curl -Z", 40, format!("{curl} -Z --parallel-max 40 --config {urls}"), "curl --version"),
        ("xargs -P curl", 5, format!("xargs -a {links} -n 1 -P 5 {curl}"), "xargs --version"),
        ("aria2c", 5, format!("aria2c --quiet -j 5 -i {links}"), "aria2c --version"),
        ("wget2", 5, format!("wget2 --quiet --max-threads=5 -i {links}"), "wget2 --version"),
        ("Python, sync", 1, python("sync"), "python3 --version"),
        ("Python, threads", 5, format!("{} 5", python("threads")), "python3 --version"),
        ("Python, processes", 5, format!("{} 5", python("processes")), "python3 --version"),
        (
            "Python, aiohttp",
            100,
            format!("{} 100", python("tasks")),
            "python3 -c import\u{a0}aiohttp",
        ),
    ];
    let mut contenders = Vec::new();
    let mut missing = Vec::new();
    for (name, workers, command, test) in candidates {
        if !runs(test) {
            missing.push(name);
            continue;
        }
        let mut words = command.split(' ').map(OsString::from);
        contenders.push(Contender {
            name: name.to_owned(),
            workers,
            job: Job::Waiting,
            program: words.next().expect("a program").into(),
            arguments: words.collect(),
            samples: Vec::new(),
        });
    }
    (contenders, missing)
}

/// Whether a command can be started and succeeds.
fn runs(command: &str) -> bool {
    let mut words = command.split(' ').map(|word| word.replace('\u{a0}', " "));
    let mut command = Command::new(words.next().expect("a program"));
    let command = command.args(words).stdin(Stdio::null()).stdout(Stdio::null());
    command.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

impl Contender {
    /// Why its numbers are not to be trusted, if so.
    pub fn warning(&self) -> Option<String> {
        let [least, median, most] = self.spread(|sample| sample.seconds);
        let spread = (most - least) / median * 100.0;
        let Self { name, workers, job, .. } = self;
        (spread > 10.0).then(|| {
            format!("{name} ({workers}), {}: the times differ by {spread:.0} %", job.name())
        })
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
mod tests {
    use super::*;

    fn ran(seconds: &[f64]) -> Contender {
        let sample = |seconds| Sample {
            seconds,
            processor_seconds: None,
            peak: None,
            connections: 1,
            in_flight: 1,
        };
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
        let names = ["01-sync", "02-threads", "03-processes", "04-async", "blocked"];
        let programs = names.map(|name| (name.to_owned(), PathBuf::from(name)));
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
