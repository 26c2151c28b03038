//! `--scale`: what 10 to 10,000 requests in flight cost each mechanism.
//!
//! The server holds its responses until all requests are in flight. In the first round it holds them
//! longer, to count memory, threads, processes and open files: looking into thousands of processes
//! takes too long to do it while time is measured.

mod attempt;
mod tables;

use crate::chart::thousands;
use crate::measure::Peak;
use crate::progress::Progress;
use crate::room;
use attempt::Attempt;
use serde::Serialize;
use std::collections::HashMap;
use std::error::Error;
use std::path::{Path, PathBuf};
pub use tables::{charts, tables};

/// The programs that are compared.
pub const PROGRAMS: [&str; 4] = ["02-threads", "scoped", "03-processes", "04-async"];
/// Numbers of requests in flight.
const LEVELS: [usize; 7] = [10, 40, 100, 400, 1_000, 4_000, 10_000];
/// A program's memory, with what the system needs for its threads and connections: at most this much
/// more than the program's own.
const SYSTEM_MEMORY: f64 = 1.5;

/// A program that had this number of requests in flight.
#[derive(Serialize)]
pub struct Level {
    program: &'static str,
    in_flight: usize,
    /// While all requests were in flight.
    peak: Option<Peak>,
    runs: Vec<Run>,
}

/// One run.
#[derive(Serialize)]
struct Run {
    seconds: f64,
    processor_seconds: Option<f64>,
    voluntary_switches: Option<u64>,
    involuntary_switches: Option<u64>,
    in_flight: usize,
}

/// What was measured, and where and why programs stopped.
pub struct Scale {
    pub levels: Vec<Level>,
    pub stops: Vec<String>,
}

/// The name in tables and charts.
pub fn label(program: &str) -> &str {
    if program == "scoped" { "no rayon" } else { program }
}

/// Measures all programs at all levels. A program that cannot do a level isn't tried at a higher one.
pub fn measure(paths: &HashMap<String, PathBuf>, rounds: u16) -> Scale {
    let per_level = PROGRAMS.len() * usize::from(rounds);
    let expected = LEVELS.into_iter().flat_map(|it| vec![2.2 + it as f64 / 1e3; per_level]);
    let mut progress = Progress::new(expected.collect());
    let mut scale = Scale { levels: Vec::new(), stops: Vec::new() };
    let mut running = PROGRAMS.to_vec();
    for in_flight in LEVELS {
        for program in PROGRAMS {
            if !running.contains(&program) {
                (0..rounds).for_each(|_| progress.skip());
                continue;
            }
            let last = scale.levels.iter().rfind(|it| it.program == program);
            let shortage = last.and_then(|it| it.shortage(in_flight));
            let mut level = Level { program, in_flight, peak: None, runs: Vec::new() };
            let result = match shortage {
                Some(reason) => {
                    (0..rounds).for_each(|_| progress.skip());
                    Err(reason.into())
                }
                None => level.run(&paths[program], rounds, &mut progress),
            };
            match result {
                Ok(()) => scale.levels.push(level),
                Err(reason) => {
                    running.retain(|it| *it != program);
                    let (program, in_flight) = (label(program), thousands(in_flight as u64));
                    scale.stops.push(format!("{program} stops below {in_flight}: {reason}."));
                }
            }
        }
    }
    scale
}

impl Level {
    /// Estimates whether the system has room for a higher level. Returns what is missing.
    fn shortage(&self, in_flight: usize) -> Option<String> {
        let peak = self.peak?;
        let more = |value: u64| value as f64 * in_flight as f64 / self.in_flight as f64;
        let memory = SYSTEM_MEMORY * more(peak.memory);
        room::shortage(more(peak.threads) as u64, memory as u64)
    }

    /// Runs the program in each round. An error says why it cannot do this level.
    fn run(
        &mut self,
        path: &Path,
        rounds: u16,
        progress: &mut Progress,
    ) -> Result<(), Box<dyn Error>> {
        let in_flight = thousands(self.in_flight as u64);
        for round in 1..=rounds {
            let program = label(self.program);
            progress.step(&format!("{program}, {in_flight} in flight, round {round} of {rounds}"));
            let attempt = Attempt::start(path, self.in_flight);
            match attempt.and_then(|it| it.measure(round == 1)) {
                Ok((run, peak)) => {
                    self.peak = self.peak.or(peak);
                    self.runs.push(run);
                }
                Err(reason) => {
                    (round..rounds).for_each(|_| progress.skip());
                    return Err(reason);
                }
            }
        }
        Ok(())
    }
}
