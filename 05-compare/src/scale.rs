//! `--scale`: what 10 to 10,000 requests in flight cost each mechanism.
//!
//! The server holds its responses until all requests are in flight. One run of each kind is held
//! longer, to count memory, threads, processes and open files once: looking into 10,000 processes
//! takes too long to do it while time is measured.

use crate::candidate::spread;
use crate::chart::{Axis, Chart, Point as Dot, Series, thousands};
use crate::measure::{self, Peak};
use crate::progress::Progress;
use crate::tables::Table;
use practice::{Gate, Server, Settings};
use serde::Serialize;
use std::collections::HashMap;
use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The programs that are compared.
pub const PROGRAMS: [&str; 3] = ["02-threads", "03-processes", "04-async"];
/// Numbers of requests in flight.
const LEVELS: [usize; 7] = [10, 40, 100, 400, 1_000, 4_000, 10_000];
/// The delay of each response: more than it takes to send most of the requests.
const LATENCY: Duration = Duration::from_secs(1);
/// Size of each image, so small that neither disk nor connections are the limit.
const IMAGE_BYTES: usize = 2_000;
/// A program that sends no further request for this long has sent as many as it can.
const STALL: Duration = Duration::from_secs(10);
/// A run that takes longer is ended, and its program isn't tried with more workers.
const MAX_RUN: Duration = Duration::from_mins(1);

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

/// The shortest possible time of a run: the list, then all images at the same time.
fn ideal() -> f64 {
    2.0 * LATENCY.as_secs_f64()
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

/// A program that runs, with a server and a folder of its own.
struct Attempt {
    server: Server,
    folder: TempDir,
    child: Child,
    workers: usize,
    started: Instant,
}

impl Drop for Attempt {
    fn drop(&mut self) {
        // Only an error leaves it running.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Attempt {
    /// Starts a program. The server holds the images until `gate` requests are in flight.
    fn start(path: &Path, workers: usize, gate: usize) -> Result<Self, Box<dyn Error>> {
        let server = Server::start(&Settings {
            latency: LATENCY,
            link_rate: None,
            images: workers,
            image_bytes: Some(IMAGE_BYTES),
            gate: Some(Gate { requests: gate, timeout: MAX_RUN }),
            ..Settings::default()
        })?;
        let folder = TempDir::new()?;
        let stderr = File::create(folder.path().join("stderr"))?;
        let started = Instant::now();
        let child = Command::new(path)
            .args(["--quiet", "--timeout=120", &format!("--workers={workers}")])
            .current_dir(folder.path())
            .env("CLIENT_ID", "compare")
            .env("IMGUR_API_URL", server.api_url())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(stderr)
            .spawn()?;
        Ok(Self { server, folder, child, workers, started })
    }

    /// Waits until this number of requests is in flight, or no more come. Returns their number.
    fn gather(&mut self, wanted: usize) -> Result<usize, Box<dyn Error>> {
        let (mut most, mut since) = (0, Instant::now());
        while self.child.try_wait()?.is_none() {
            let now = self.server.in_flight();
            if now > most {
                (most, since) = (now, Instant::now());
            }
            // Before the first images, the workers start.
            let patient = if most <= 1 { MAX_RUN } else { STALL };
            let fewer = workers_made_do(&self.stderr());
            if most >= fewer.unwrap_or(wanted) || since.elapsed() > patient {
                break;
            }
            sleep(Duration::from_millis(20));
        }
        Ok(most)
    }

    /// Waits for the end, and checks that all images were saved. Returns how long the run took, in
    /// seconds.
    fn finish(&mut self) -> Result<f64, Box<dyn Error>> {
        let status = loop {
            if let Some(status) = self.child.try_wait()? {
                break status;
            }
            if self.started.elapsed() > MAX_RUN {
                return Err(format!("not done after {} s", MAX_RUN.as_secs()).into());
            }
            sleep(Duration::from_millis(2));
        };
        let seconds = self.started.elapsed().as_secs_f64();
        let saved = fs::read_dir(self.folder.path().join("downloads")).map_or(0, Iterator::count);
        if !status.success() || saved != self.workers {
            return Err(format!("{saved} of {} saved: {}", self.workers, self.stderr()).into());
        }
        Ok(seconds)
    }

    /// The first line that the program wrote to stderr.
    fn stderr(&self) -> String {
        let text = fs::read_to_string(self.folder.path().join("stderr")).unwrap_or_default();
        text.lines().next().unwrap_or("nothing").to_owned()
    }
}

/// The number of workers that a program makes do with, from what it says.
fn workers_made_do(line: &str) -> Option<usize> {
    let (number, _) = line.split_once(" workers at a time instead of ")?;
    number.rsplit(' ').next()?.parse().ok()
}

impl Level {
    fn median(&self, value: impl Fn(&Run) -> Option<f64>) -> Option<[f64; 3]> {
        let values: Option<Vec<f64>> = self.runs.iter().map(value).collect();
        values.filter(|it| !it.is_empty()).map(spread)
    }
}

/// The tables: times, then what the system counted.
pub fn tables(levels: &[Level]) -> Vec<Table> {
    let cell = |value: Option<f64>, digits: usize| {
        value.map_or("-".to_owned(), |value| match digits {
            0 => thousands(value.round() as u64),
            _ => format!("{value:.digits$}"),
        })
    };
    let peak = |it: &Level, value: fn(&Peak) -> u64| it.peak.as_ref().map(|it| value(it) as f64);
    let middle = |it: &Level, value: fn(&Run) -> Option<f64>| it.median(value).map(|it| it[1]);
    let seconds = |it: &Level, index: usize| it.median(|run| Some(run.seconds)).map(|it| it[index]);
    let range = |it: &Level| format!("{} to {}", cell(seconds(it, 0), 2), cell(seconds(it, 2), 2));
    vec![
        Table::new(
            "From 10 to 10,000 requests in flight: time, processor and memory",
            "Medians; times in seconds, memory in MB (PSS of all processes of a run together). A response takes 1 s, the list of images another one, so no run can take less than 2 s. The server runs on the same machine; the processor time is that of the program alone.",
            levels,
            &[
                ("in flight", &|it| thousands(it.workers as u64)),
                ("program", &|it| it.program.to_owned()),
                ("time", &|it| cell(seconds(it, 1), 2)),
                ("range", &|it| range(it)),
                ("ratio to ideal", &|it| cell(seconds(it, 1).map(|it| it / ideal()), 2)),
                ("CPU time", &|it| cell(middle(it, |run| run.processor_seconds), 3)),
                ("memory", &|it| cell(peak(it, |it| it.memory).map(|it| it / 1e6), 1)),
            ],
        ),
        Table::new(
            "From 10 to 10,000 requests in flight: what the system counts",
            "Context switches: voluntary ones because a thread waits, involuntary ones because another thread gets the core. Threads, processes and open files while all requests are in flight; the peak is what the server saw.",
            levels,
            &[
                ("in flight", &|it| thousands(it.workers as u64)),
                ("program", &|it| it.program.to_owned()),
                ("voluntary", &|it| {
                    cell(middle(it, |run| run.voluntary_switches.map(|it| it as f64)), 0)
                }),
                ("invol.", &|it| {
                    cell(middle(it, |run| run.involuntary_switches.map(|it| it as f64)), 0)
                }),
                ("threads", &|it| cell(peak(it, |it| it.threads), 0)),
                ("proc.", &|it| cell(peak(it, |it| it.processes), 0)),
                ("files", &|it| cell(peak(it, |it| it.files), 0)),
                ("peak", &|it| cell(middle(it, |run| Some(run.in_flight as f64)), 0)),
            ],
        ),
    ]
}

/// Four charts with logarithmic axes: time above the ideal, processor time, memory, switches.
pub fn charts(levels: &[Level]) -> Vec<Chart> {
    type Value = fn(&Level) -> Option<[f64; 3]>;
    let all: [(&str, &str, Value); 4] = [
        ("Time above the ideal", "seconds", |it| {
            it.median(|run| Some((run.seconds - ideal()).max(1e-3)))
        }),
        ("Processor time", "seconds", |it| it.median(|run| run.processor_seconds)),
        ("Memory", "MB", |it| it.peak.map(|it| [it.memory as f64 / 1e6; 3])),
        ("Context switches", "voluntary and involuntary", |it| {
            it.median(|run| Some((run.voluntary_switches? + run.involuntary_switches?) as f64))
        }),
    ];
    let chart = |(title, unit, value): (&str, &str, Value)| Chart {
        title: title.to_owned(),
        x: Axis { label: "requests in flight".to_owned(), logarithmic: true },
        y: Axis { label: unit.to_owned(), logarithmic: true },
        series: PROGRAMS.into_iter().map(|program| series(levels, program, value)).collect(),
    };
    all.into_iter().map(chart).collect()
}

fn series(levels: &[Level], program: &str, value: fn(&Level) -> Option<[f64; 3]>) -> Series {
    let points = levels.iter().filter(|it| it.program == program).filter_map(|it| {
        let [low, y, high] = value(it)?;
        Some(Dot { x: it.in_flight as f64, y, low, high })
    });
    Series { name: program.to_owned(), dashed: false, points: points.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_says_with_how_many_workers_it_makes_do() {
        let line = "9988 workers at a time instead of 10000: the system allows 20000 open files";
        assert_eq!(workers_made_do(line), Some(9_988));
        assert_eq!(workers_made_do("cannot start a worker"), None);
    }
}
