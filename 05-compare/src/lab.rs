//! Where the contenders run: an empty folder for each run, and a practice server for each job.

use crate::contenders::{Contender, Job};
use crate::measure::{self, Sample};
use crate::timelines::{self, Timeline};
use practice::{Observed, Server, Settings};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// How many images the computing job has: enough for a second of work.
const THUMBNAILS: usize = 200;

/// From this load on a machine is called busy.
const BUSY: f32 = 0.5;

/// The servers, and a folder for all that is written.
pub struct Lab {
    dir: TempDir,
    waiting: Server,
    computing: Server,
}

impl Lab {
    /// Starts the servers.
    pub fn start() -> Result<Self, Box<dyn Error>> {
        let waiting = Server::start(&Settings::default())?;
        let computing = Server::start(&Settings {
            latency: Duration::ZERO,
            link_rate: None,
            images: THUMBNAILS,
            ..Settings::default()
        })?;
        let lab = Self { dir: TempDir::new()?, waiting, computing };
        let address = lab.waiting.address();
        let links = lab.waiting.names().into_iter().map(|name| format!("http://{address}/{name}"));
        let links: Vec<String> = links.collect();
        fs::write(lab.path("links.txt"), links.join("\n") + "\n")?;
        let urls = links.iter().map(|link| format!("url = \"{link}\"\n"));
        fs::write(lab.path("links.curl"), urls.collect::<String>())?;
        Ok(lab)
    }

    /// A path in the lab's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Runs a contender once, and makes sure that it did its job.
    pub fn run(&self, contender: &Contender) -> Result<Sample, Box<dyn Error>> {
        let server = self.server(contender.job);
        let folder = TempDir::new_in(&self.dir)?;
        let log = fs::File::create(self.path("stderr"))?;
        let mut command = Command::new(&contender.program);
        command
            .args(&contender.arguments)
            .current_dir(&folder)
            .env("CLIENT_ID", "compare")
            .env("IMGUR_API_URL", server.api_url())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        let before = server.observed();
        let (seconds, processor_seconds, peak) = measure::run(&mut command).map_err(|error| {
            let said = fs::read_to_string(self.path("stderr")).unwrap_or_default();
            format!("{} failed: {error}\n{said}", contender.name)
        })?;
        let after = server.observed();
        check(server, folder.path()).map_err(|why| format!("{}: {why}", contender.name))?;
        Ok(Sample {
            seconds,
            processor_seconds,
            peak,
            connections: after.connections - before.connections,
            in_flight: in_flight(&before, &after),
        })
    }

    /// Runs a program once more, as it is in the article's table, to see what it does when.
    pub fn timeline(&self, name: &str, program: &Path) -> Result<Timeline, Box<dyn Error>> {
        let folder = TempDir::new_in(&self.dir)?;
        let status = Command::new(program)
            .args(["--quiet", "--timeline=trace.json"])
            .current_dir(&folder)
            .env("CLIENT_ID", "compare")
            .env("IMGUR_API_URL", self.waiting.api_url())
            .status()?;
        if !status.success() {
            return Err(format!("{name} ended with {status}").into());
        }
        let trace = fs::read_to_string(folder.path().join("trace.json"))?;
        Ok(timelines::read(name, &trace)?)
    }

    fn server(&self, job: Job) -> &Server {
        match job {
            Job::Waiting => &self.waiting,
            Job::Computing => &self.computing,
        }
    }

    /// The least time that a job can take with so many workers, in seconds.
    ///
    /// The list of images takes one latency. Then each worker waits for its share of the images,
    /// and receives them with the whole link to itself at best; and however many workers there are,
    /// all bytes have to pass the link.
    pub fn ideal(&self, workers: usize) -> f64 {
        let Settings { latency, link_rate, .. } = Settings::default();
        let latency = latency.as_secs_f64();
        let names = self.waiting.names();
        let bytes: usize =
            names.iter().filter_map(|name| self.waiting.file(name)).map(|it| it.len()).sum();
        let link = link_rate.map_or(0.0, |rate| bytes as f64 / rate as f64);
        let workers = workers.min(names.len()) as f64;
        let alone = (names.len() as f64 * latency + link) / workers;
        latency + alone.max(latency + link)
    }
}

/// Why nothing that is measured here is to be trusted, if so.
pub fn warnings() -> Vec<String> {
    let mut warnings = Vec::new();
    if cfg!(debug_assertions) {
        warnings.push("05-compare itself is a debug build: use --release".to_owned());
    }
    let load = load();
    if load > BUSY {
        warnings.push(format!("this machine is busy: {load:.1} programs want to run"));
    }
    warnings
}

/// Every image has to be there, byte for byte, in the folder or in the one below it.
fn check(server: &Server, folder: &Path) -> Result<(), String> {
    for name in server.names() {
        let places = [folder.join("downloads").join(&name), folder.join(&name)];
        let saved = places.iter().find_map(|path| fs::read(path).ok());
        if saved.as_deref() != server.file(&name).as_deref() {
            return Err(format!("{name} is missing, or not what the server sent"));
        }
    }
    Ok(())
}

/// The most requests that were in flight at once between two observations.
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

/// How many programs wanted to run during the last minute, besides this one.
#[cfg(target_os = "linux")]
fn load() -> f32 {
    use procfs::Current;
    procfs::LoadAverage::current().map_or(0.0, |load| load.one)
}

#[cfg(not(target_os = "linux"))]
fn load() -> f32 {
    0.0
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
    fn what_is_missing_or_wrong_is_found_out() {
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
            arrived: Duration::from_millis(came),
            finished: Some(Duration::from_millis(done)),
            attempt: 1,
        };
        let before = Observed { requests: 1, ..Observed::default() };
        let log =
            VecDeque::from([seen(0, 99), seen(10, 20), seen(15, 30), seen(20, 40), seen(50, 60)]);
        let after = Observed { requests: 5, log, ..Observed::default() };
        assert_eq!(in_flight(&before, &after), 2, "the first one is not of this run");
    }

    #[cfg(unix)]
    #[test]
    fn the_python_versions_do_the_same_job() {
        let lab = Lab::start().unwrap();
        let (peers, _) = crate::contenders::peers(&lab);
        for peer in peers.iter().filter(|it| it.name.starts_with("Python")) {
            let sample = lab.run(peer).unwrap();
            assert!((1..=peer.workers).contains(&sample.in_flight), "{}", peer.name);
        }
    }
}
