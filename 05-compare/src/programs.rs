//! The programs of this workspace as candidates, with every number of workers that a table needs.

use crate::candidate::{Candidate, Job};
use crate::machine::cores;
use std::collections::HashMap;
use std::iter::once;
use std::path::PathBuf;

/// The four programs of the article.
pub const FOUR: [&str; 4] = ["01-sync", "02-threads", "03-processes", "04-async"];
/// All programs that are measured.
pub const ALL: [&str; 6] =
    ["01-sync", "02-threads", "03-processes", "04-async", "several", "blocked"];
/// Numbers of workers with which the mechanisms are compared. Some don't divide the 40 images.
pub const WORKERS: [usize; 8] = [1, 2, 3, 5, 7, 10, 16, 40];

/// The number of workers that the article's table gives a program. For processes, it is the number
/// of cores.
pub fn article_workers(program: &str) -> usize {
    match program {
        "01-sync" => 1,
        "02-threads" => 5,
        "03-processes" => cores(),
        _ => 100,
    }
}

/// All candidates, given the programs' paths.
pub fn candidates(paths: &HashMap<String, PathBuf>) -> Vec<Candidate> {
    let waiting = FOUR.into_iter().flat_map(|program| {
        let first = article_workers(program);
        let others = WORKERS.into_iter().filter(move |it| *it != first && program != "01-sync");
        once(first).chain(others).map(move |workers| (program, workers, Job::Waiting))
    });
    // As many workers as cores, and more.
    let (few, more) = (cores(), 5 * cores());
    let computing = [
        ("01-sync", 1),
        ("02-threads", few),
        ("02-threads", more),
        ("03-processes", few),
        ("03-processes", more),
        ("04-async", few),
        ("04-async", more),
        ("04-async", 100),
        ("several", few),
        ("several", more),
        ("several", 100),
        ("blocked", 100),
    ];
    let computing = computing.map(|(program, workers)| (program, workers, Job::Computing));
    let all = waiting.chain(computing).map(|(name, workers, job)| {
        let mut arguments = vec!["--quiet".into()];
        if name != "01-sync" {
            arguments.push(format!("--workers={workers}").into());
        }
        if job == Job::Computing && !["several", "blocked"].contains(&name) {
            arguments.push("--thumbnails".into());
        }
        let program = paths[name].clone();
        Candidate { name, workers, job, program, arguments, samples: Vec::new() }
    });
    all.collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// All candidates, without programs to run.
    pub(crate) fn unbuilt() -> Vec<Candidate> {
        candidates(&ALL.map(|name| (name.to_owned(), PathBuf::from(name))).into())
    }

    #[test]
    fn each_table_finds_its_candidates() {
        let all = unbuilt();
        for program in ["02-threads", "03-processes", "04-async"] {
            for workers in WORKERS.into_iter().chain([article_workers(program)]) {
                let found = all.iter().filter(|it| {
                    it.name == program && it.workers == workers && it.job == Job::Waiting
                });
                assert_eq!(found.count(), 1, "{program} {workers}");
            }
        }
    }
}
