//! One run of one program, at a server that holds its responses until all requests are in flight.

use super::Run;
use crate::chart::thousands;
use crate::measure::{self, Peak};
use crate::room;
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
/// A run that takes longer is ended.
const MAX_RUN: Duration = Duration::from_mins(1);
/// Time between two looks at a program.
const INTERVAL: Duration = Duration::from_millis(2);
/// How long a program may take to end itself after a signal.
#[cfg(unix)]
const MAX_CLEANUP: Duration = Duration::from_secs(5);

/// A program that runs, with a server and a folder of its own.
pub struct Attempt {
    server: Server,
    folder: TempDir,
    child: Child,
    workers: usize,
    started: Instant,
}

impl Drop for Attempt {
    /// Ends the program, if an error has left it running.
    fn drop(&mut self) {
        #[cfg(unix)]
        {
            use nix::sys::signal::{Signal, kill};
            use nix::unistd::Pid;
            if matches!(self.child.try_wait(), Ok(None)) {
                let _ = kill(Pid::from_raw(self.child.id().cast_signed()), Signal::SIGTERM);
            }
            let asked = Instant::now();
            while matches!(self.child.try_wait(), Ok(None)) && asked.elapsed() < MAX_CLEANUP {
                sleep(INTERVAL);
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Attempt {
    /// Starts a program. The server holds the images until the gate is opened.
    pub fn start(path: &Path, workers: usize) -> Result<Self, Box<dyn Error>> {
        let server = Server::start(&Settings {
            latency: LATENCY,
            link_rate: None,
            images: workers,
            image_bytes: Some(IMAGE_BYTES),
            gate: Some(Gate { requests: workers + 1, timeout: 2 * MAX_RUN }),
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

    /// Waits until all requests are in flight, then for the end. With `look`, also looks at the
    /// program's processes in between, which doesn't count as time. An error says why the program
    /// can't do it.
    pub fn measure(mut self, look: bool) -> Result<(Run, Option<Peak>), Box<dyn Error>> {
        let before = measure::usage();
        self.gather()?;
        let gathered = Instant::now();
        let peak = if look { measure::look(self.child.id()) } else { None };
        let held = gathered.elapsed();
        self.server.open_gate();
        self.finish(held)?;
        let seconds = self.started.elapsed().saturating_sub(held).as_secs_f64();
        let saved = fs::read_dir(self.folder.path().join("downloads")).map_or(0, Iterator::count);
        if saved != self.workers {
            return Err(format!("{saved} of {} images were saved", self.workers).into());
        }
        let used = measure::usage_since(before);
        let run = Run {
            seconds,
            processor_seconds: used.map(|it| it.processor_seconds),
            voluntary_switches: used.map(|it| it.voluntary),
            involuntary_switches: used.map(|it| it.involuntary),
            in_flight: self.server.observed().peak_in_flight,
        };
        Ok((run, peak))
    }

    /// Waits until all requests are in flight.
    fn gather(&mut self) -> Result<(), String> {
        let mut most = 0;
        while most < self.workers {
            most = most.max(self.server.in_flight());
            let said = self.stderr();
            let ended = !matches!(self.child.try_wait(), Ok(None));
            if ended && said.is_empty() {
                return Err("it ended before all requests were in flight".to_owned());
            }
            if ended || said.contains(" workers at a time instead of ") {
                return Err(explained(said));
            }
            if self.started.elapsed() > MAX_RUN {
                let (most, max) = (thousands(most as u64), MAX_RUN.as_secs());
                return Err(format!("after {max} s, {most} requests were in flight"));
            }
            sleep(INTERVAL);
        }
        Ok(())
    }

    /// Waits for the end of a program that was held for this long.
    fn finish(&mut self, held: Duration) -> Result<(), Box<dyn Error>> {
        loop {
            match self.child.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => {
                    return Err(format!("{status}: {}", explained(self.stderr())).into());
                }
                None if self.started.elapsed() > MAX_RUN + held => {
                    return Err(format!("not done after {} s", MAX_RUN.as_secs()).into());
                }
                None => sleep(INTERVAL),
            }
        }
    }

    /// The first line that the program wrote to stderr.
    fn stderr(&self) -> String {
        let text = fs::read_to_string(self.folder.path().join("stderr")).unwrap_or_default();
        text.lines().next().unwrap_or_default().to_owned()
    }
}

/// Adds to a program's message which limit may have caused it.
fn explained(message: String) -> String {
    let refused = message.contains("os error 11");
    match room::threads().filter(|_| refused) {
        Some(room) => format!("{message}; the lowest limit of threads is {}", room.limit),
        None => message,
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// Measures a shell script, which must not succeed. Returns the reason.
    fn reason(script: &str) -> String {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("program");
        // Another process writes it: a program that another test starts could inherit the open file, and
        // the system runs no file that is open for writing.
        let write = "printf '#!/bin/sh\\n%s\\n' \"$1\" > \"$0\" && chmod 755 \"$0\"";
        let written = Command::new("sh").args(["-c", write]).arg(&path).arg(script).status();
        assert!(written.unwrap().success());
        let attempt = Attempt::start(&path, 10).unwrap();
        let id = attempt.child.id();
        let reason = attempt.measure(true).err().unwrap().to_string();
        assert!(!Path::new(&format!("/proc/{id}")).exists(), "{script} still runs");
        reason
    }

    #[test]
    fn a_program_with_fewer_workers_is_ended_and_its_message_is_the_reason() {
        let message = "6 workers at a time instead of 10: the system allows 36 open files";
        assert_eq!(reason(&format!("echo '{message}' >&2; exec sleep 60")), message);
    }

    #[test]
    fn a_program_without_a_thread_fails_with_the_limit() {
        let message = "cannot start a worker: Resource temporarily unavailable (os error 11)";
        let reason = reason(&format!("echo '{message}' >&2; exit 1"));
        assert!(reason.starts_with(&format!("{message}; the lowest limit of ")), "{reason}");
        assert!(super::explained("no".to_owned()) == "no");
    }

    #[test]
    fn a_program_that_ends_too_early_is_no_result() {
        assert_eq!(reason("exit 0"), "it ended before all requests were in flight");
    }
}
