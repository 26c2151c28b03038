//! `--scale`: what 10 to 10,000 requests in flight cost each mechanism.
//!
//! The server holds its responses until all requests are in flight. One run of each kind is held
//! longer, to count memory, threads, processes and open files once: looking into 10,000 processes
//! takes too long to do it while time is measured.

mod attempt;
mod tables;

use crate::chart::thousands;
use crate::measure::{self, Peak};
use crate::progress::Progress;
use attempt::Attempt;
use serde::Serialize;
use std::collections::HashMap;
use std::error::Error;
use std::path::{Path, PathBuf};
pub use tables::{charts, tables};

/// The programs that are compared.
pub const PROGRAMS: [&str; 3] = ["02-threads", "03-processes", "04-async"];
/// Numbers of requests in flight.
const LEVELS: [usize; 7] = [10, 40, 100, 400, 1_000, 4_000, 10_000];

/// A program at one number of requests in flight.
#[derive(Serialize)]
pub struct Level {
    program: &'static str,
    workers: usize,
    /// Requests in flight at the peak of the run that was held.
    in_flight: usize,
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

/// What was measured, and where and why each program stopped.
pub struct Scale {
    pub levels: Vec<Level>,
    pub stops: Vec<String>,
}

/// Measures all programs at all levels. A program that did not reach a level isn't tried at a
/// higher one.
pub fn measure(paths: &HashMap<String, PathBuf>, rounds: u16) -> Scale {
    let per_level = PROGRAMS.len() * (1 + usize::from(rounds));
    let expected = LEVELS.into_iter().flat_map(|it| vec![2.2 + it as f64 / 3e3; per_level]);
    let mut progress = Progress::new(expected.collect());
    let mut scale = Scale { levels: Vec::new(), stops: Vec::new() };
    let mut running = PROGRAMS.to_vec();
    for workers in LEVELS {
        for program in PROGRAMS {
            if !running.contains(&program) {
                (0..=rounds).for_each(|_| progress.skip());
                continue;
            }
            let measured =
                level(program, &paths[program], workers, rounds, &mut progress, &mut scale.levels);
            if let Err(reason) = measured {
                running.retain(|it| *it != program);
                let workers = thousands(workers as u64);
                scale.stops.push(format!("{program} stops at {workers} workers: {reason}"));
            }
        }
    }
    scale
}

/// Adds a level. An error says why the program can't go higher.
fn level(
    program: &'static str,
    path: &Path,
    workers: usize,
    rounds: u16,
    progress: &mut Progress,
    levels: &mut Vec<Level>,
) -> Result<(), Box<dyn Error>> {
    let named = format!("{program}, {} in flight", thousands(workers as u64));
    progress.step(&format!("{named}, counting"));
    let skip = |progress: &mut Progress, left| (0..left).for_each(|_| progress.skip());
    let mut held = Attempt::start(path, workers, workers + 1)?;
    let in_flight = held.gather(workers)?;
    let peak = measure::look(held.child.id());
    held.server.open_gate();
    if let Err(error) = held.finish() {
        skip(progress, rounds);
        let reached = thousands(in_flight as u64);
        return Err(format!("{reached} requests were in flight; {error}").into());
    }
    let said = held.stderr();
    let mut runs = Vec::new();
    for round in 1..=rounds {
        progress.step(&format!("{named}, round {round} of {rounds}"));
        let before = measure::usage();
        let mut run = Attempt::start(path, workers, in_flight)?;
        let seconds = match run.finish() {
            Ok(seconds) => seconds,
            Err(error) => {
                skip(progress, rounds - round);
                return Err(error);
            }
        };
        let used = measure::usage_since(before);
        runs.push(Run {
            seconds,
            processor_seconds: used.map(|it| it.processor_seconds),
            voluntary_switches: used.map(|it| it.voluntary),
            involuntary_switches: used.map(|it| it.involuntary),
            in_flight: run.server.observed().peak_in_flight,
        });
    }
    levels.push(Level { program, workers, in_flight, peak, runs });
    if in_flight < workers {
        let reached = thousands(in_flight as u64);
        return Err(format!("{reached} requests were in flight; it said: {said}").into());
    }
    Ok(())
}
