//! Where candidates run: an empty folder for each run, and a practice server for each job.

use crate::candidate::{Candidate, Job};
use crate::measure::{self, Sample};
use practice::{Observed, Server, Settings};
use shared::timeline::{self, Timeline};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// Number of images of the computing job: about a second of work.
const THUMBNAILS: usize = 200;

/// The servers, and a folder for everything that is written.
pub struct Lab {
    dir: TempDir,
    waiting: Server,
    computing: Server,
}

impl Lab {
    /// Starts the servers.
    pub fn start() -> Result<Self, Box<dyn Error>> {
        let computing = Settings {
            latency: Duration::ZERO,
            link_rate: None,
            images: THUMBNAILS,
            ..Settings::default()
        };
        Ok(Self {
            dir: TempDir::new()?,
            waiting: Server::start(&Settings::default())?,
            computing: Server::start(&computing)?,
        })
    }

    /// A path in the lab's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The images of the waiting job.
    pub fn links(&self) -> Vec<String> {
        let address = self.waiting.address();
        self.waiting.names().iter().map(|name| format!("http://{address}/{name}")).collect()
    }

    /// Runs a candidate once, and checks that it did its job.
    pub fn run(&self, candidate: &Candidate) -> Result<Sample, Box<dyn Error>> {
        let Candidate { name, job, program, arguments, .. } = candidate;
        let server = match job {
            Job::Waiting => &self.waiting,
            Job::Computing => &self.computing,
        };
        let folder = TempDir::new_in(&self.dir)?;
        let mut command = command(program, folder.path(), server);
        command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(self.path("stderr"))?);
        let before = server.observed();
        let (seconds, processor_seconds, peak) = measure::run(&mut command).map_err(|error| {
            let stderr = fs::read_to_string(self.path("stderr")).unwrap_or_default();
            format!("{name} failed: {error}\n{stderr}")
        })?;
        let after = server.observed();
        check(server, folder.path()).map_err(|error| format!("{name} failed: {error}"))?;
        Ok(Sample {
            seconds,
            processor_seconds,
            peak,
            connections: after.connections - before.connections,
            in_flight: in_flight(&before, &after),
        })
    }

    /// Runs a program once more, with the article's number of workers, to record its timeline.
    pub fn timeline(&self, program: &Path) -> Result<Timeline, Box<dyn Error>> {
        let folder = TempDir::new_in(&self.dir)?;
        let mut command = command(program, folder.path(), &self.waiting);
        let status = command.args(["--quiet", "--timeline=trace.json"]).status()?;
        if !status.success() {
            return Err(format!("{} failed: {status}", program.display()).into());
        }
        let trace = fs::read_to_string(folder.path().join("trace.json"))?;
        Ok(timeline::read_trace(&trace)?)
    }

    /// The shortest possible time of the waiting job, in seconds.
    ///
    /// The list of images takes one latency. Two things bound the rest from below. Each worker
    /// waits one latency for each image of its share, and receives these images over the whole link
    /// at best. And with any number of workers, one latency passes before all bytes have to cross
    /// the link.
    pub fn ideal(&self, workers: usize) -> f64 {
        let Settings { latency, link_rate, .. } = Settings::default();
        let latency = latency.as_secs_f64();
        let names = self.waiting.names();
        let files = names.iter().filter_map(|name| self.waiting.file(name));
        let bytes: usize = files.map(|file| file.len()).sum();
        let link = link_rate.map_or(0.0, |rate| bytes as f64 / rate as f64);
        let workers = workers.min(names.len()) as f64;
        let share = (names.len() as f64 * latency + link) / workers;
        latency + share.max(latency + link)
    }
}

/// A command that works in the folder and downloads from the server.
fn command(program: &Path, folder: &Path, server: &Server) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).env("CLIENT_ID", "compare").env("IMGUR_API_URL", server.api_url());
    command
}

/// Fails unless each image is complete, in the folder or in its `downloads`.
fn check(server: &Server, folder: &Path) -> Result<(), String> {
    for name in server.names() {
        let paths = [folder.join("downloads").join(&name), folder.join(&name)];
        let saved = paths.iter().find_map(|path| fs::read(path).ok());
        if saved.as_deref() != server.file(&name).as_deref() {
            return Err(format!("{name} is missing or differs from what the server sent"));
        }
    }
    Ok(())
}

/// The peak of requests in flight between two observations.
fn in_flight(before: &Observed, after: &Observed) -> usize {
    let new = after.requests - before.requests;
    let log = after.log.iter().rev().take(new);
    // A request that ends and one that begins at the same moment do not overlap.
    let mut steps: Vec<(Duration, i32)> = log
        .flat_map(|seen| [(seen.arrived, 1), (seen.finished.unwrap_or(Duration::MAX), -1)])
        .collect();
    steps.sort_unstable();
    let levels = steps.iter().scan(0, |level, (_, step)| {
        *level += step;
        Some(*level)
    });
    levels.max().unwrap_or(0) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use practice::LoggedRequest;
    use std::collections::VecDeque;

    #[test]
    fn the_ideal_follows_from_latency_and_link() {
        let lab = Lab::start().unwrap();
        // 83 ms for the list, 40 times 83 ms, and 10.1 MB at 8 MB/s.
        assert!((lab.ideal(1) - 4.66).abs() < 0.02, "{}", lab.ideal(1));
        // From here on the link is the limit.
        assert!((lab.ideal(5) - 1.43).abs() < 0.02, "{}", lab.ideal(5));
        assert!((lab.ideal(100) - lab.ideal(40)).abs() < 1e-9);
    }

    #[test]
    fn a_missing_or_wrong_image_fails_the_check() {
        let lab = Lab::start().unwrap();
        let folder = TempDir::new().unwrap();
        let names = lab.waiting.names();
        for name in &names {
            fs::write(folder.path().join(name), lab.waiting.file(name).unwrap()).unwrap();
        }
        assert_eq!(check(&lab.waiting, folder.path()), Ok(()));
        fs::write(folder.path().join(&names[3]), "else").unwrap();
        assert!(check(&lab.waiting, folder.path()).unwrap_err().contains(&names[3]));
    }

    #[test]
    fn requests_in_flight_are_counted_from_the_log() {
        let seen = |came, done| LoggedRequest {
            target: String::new(),
            user_agent: String::new(),
            from: ([127, 0, 0, 1], 0).into(),
            is_head: false,
            arrived: Duration::from_millis(came),
            finished: Some(Duration::from_millis(done)),
            status: 200,
            complete: true,
            attempt: 1,
        };
        let before = Observed { requests: 1, ..Observed::default() };
        let log =
            VecDeque::from([seen(0, 99), seen(10, 20), seen(15, 30), seen(20, 40), seen(50, 60)]);
        let after = Observed { requests: 5, log, ..Observed::default() };
        assert_eq!(in_flight(&before, &after), 2, "the first one is not of this run");
    }
}
