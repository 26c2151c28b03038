//! One run of one program, at a server that holds its responses until all requests are in flight.

use practice::{Gate, Server, Settings};
use std::error::Error;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The delay of each response: more than it takes to send most of the requests.
pub const LATENCY: Duration = Duration::from_secs(1);
/// Size of each image, so small that neither disk nor connections are the limit.
const IMAGE_BYTES: usize = 2_000;
/// A program that sends no further request for this long has sent as many as it can.
const STALL: Duration = Duration::from_secs(10);
/// A run that takes longer is ended, and its program isn't tried with more workers.
const MAX_RUN: Duration = Duration::from_mins(1);

/// A program that runs, with a server and a folder of its own.
pub struct Attempt {
    pub server: Server,
    folder: TempDir,
    pub child: Child,
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
    pub fn start(path: &Path, workers: usize, gate: usize) -> Result<Self, Box<dyn Error>> {
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
    pub fn gather(&mut self, wanted: usize) -> Result<usize, Box<dyn Error>> {
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
    pub fn finish(&mut self) -> Result<f64, Box<dyn Error>> {
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
    pub fn stderr(&self) -> String {
        let text = fs::read_to_string(self.folder.path().join("stderr")).unwrap_or_default();
        text.lines().next().unwrap_or("nothing").to_owned()
    }
}

/// The number of workers that a program makes do with, from what it says.
fn workers_made_do(line: &str) -> Option<usize> {
    let (number, _) = line.split_once(" workers at a time instead of ")?;
    number.rsplit(' ').next()?.parse().ok()
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
