//! A run whose responses a check chooses one by one: the server holds every request until then.

mod watch;

use super::files::DOWNLOADS;
use super::gate::{is_endless, requests_images, wait_while_active};
use super::run::Run;
use super::server::serve;
use super::submission::{Running, Submission};
use super::system;
use super::timeout::Timeout;
use practice::{Held, Observed, Release, Server, Settings};
use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

/// Limits the wait for the first request: a program may need a while to start its threads.
const FIRST_TIMEOUT: Duration = Duration::from_secs(8);
/// Limits the wait for any other request, or for the end. Saving an image on a slow disk takes less.
const NEXT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a check waits for a request that must not come, or watches a program that must sleep.
const SETTLE_TIME: Duration = Duration::from_millis(700);
/// The same after each step.
const STEP_TIME: Duration = Duration::from_millis(15);
/// A program that has been idle for this long has sent all the requests that it sends at once.
const AT_ONCE_TIME: Duration = Duration::from_millis(50);
/// How long a program must be idle for the effects of the last response to be over.
const REACTION_TIME: Duration = Duration::from_millis(150);

/// A run that is being guided.
pub struct Guided {
    /// The server that holds its requests.
    pub server: Server,
    running: Running,
    images: usize,
    is_kept: bool,
}

/// What a guided run left behind.
pub struct Ended {
    /// The run.
    pub run: Run,
    /// What the server saw in the whole run.
    pub observed: Observed,
    /// The server.
    pub server: Server,
}

impl Ended {
    /// Whether the run requested images over and over.
    pub fn is_endless(&self) -> bool {
        is_endless(&self.observed, self.server.names().len())
    }
}

impl Guided {
    /// Starts a submission at a server with these settings, which must be [drawn](super::drawn).
    pub fn start(submission: &Submission, settings: &Settings) -> Result<Self, String> {
        let server = serve(settings)?;
        let running = submission.start(&server)?;
        let is_kept = submission.is_kept();
        Ok(Self { server, running, images: settings.images, is_kept })
    }

    /// The held requests for images (not the look-ups, whose method is HEAD), oldest first.
    pub fn downloads(&self) -> Vec<Held> {
        self.server.held().into_iter().filter(|held| !held.is_head).collect()
    }

    /// The held look-ups, whose method is HEAD, oldest first.
    pub fn look_ups(&self) -> Vec<Held> {
        self.server.held().into_iter().filter(|held| held.is_head).collect()
    }

    /// The path and the query of a held request.
    pub fn target(&self, held: &Held) -> String {
        let log = self.server.observed().log;
        log.get(held.id - 1).map_or_else(String::new, |seen| seen.target.clone())
    }

    /// Waits until the condition holds. Returns false if the program has ended or sends no more
    /// requests before.
    pub fn comes(&mut self, condition: impl FnMut(&Self) -> bool) -> bool {
        self.comes_within(NEXT_TIMEOUT, condition)
    }

    /// The same, but returns false as soon as the program has been idle for a moment: what it sends later
    /// has waited for a timer.
    pub fn comes_at_once(&mut self, condition: impl FnMut(&Self) -> bool) -> bool {
        self.comes_within(AT_ONCE_TIME, condition)
    }

    /// The same, with a timeout for each request but the first.
    pub(super) fn comes_within(
        &mut self,
        time: Duration,
        mut condition: impl FnMut(&Self) -> bool,
    ) -> bool {
        let (mut seen, mut timeout) = (0, Timeout::new(FIRST_TIMEOUT));
        loop {
            // What it sent before its end counts.
            let has_ended = self.has_ended();
            if condition(self) {
                return true;
            }
            let now = self.server.observed().requests;
            if now != seen {
                seen = now;
                // The list doesn't count.
                timeout = Timeout::new(if now < 2 { FIRST_TIMEOUT } else { time });
            }
            if has_ended || timeout.is_over(&self.running, self.is_sending()) {
                return false;
            }
        }
    }

    /// Whether the program has ended.
    pub fn has_ended(&mut self) -> bool {
        self.running.has_ended()
    }

    /// Waits for a request that must not come, or lets the program do what it can.
    pub fn settle(&mut self) {
        self.pause(SETTLE_TIME);
    }

    /// The same, for a moment: between two of many steps.
    pub fn settle_briefly(&mut self) {
        self.pause(STEP_TIME);
    }

    /// Waits until what the last response set off is over.
    pub fn react(&mut self) {
        self.pause(REACTION_TIME);
    }

    /// Waits until the program has been idle for this time, or has ended.
    fn pause(&mut self, time: Duration) -> Timeout {
        let mut timeout = Timeout::new(time);
        while !self.has_ended() && !timeout.is_over(&self.running, false) {}
        timeout
    }

    /// The folder in which the program runs.
    pub fn folder(&self) -> &Path {
        self.running.folder()
    }

    /// Keeps the program from saving an image under this name: no file can have the name of a folder.
    pub fn keep_from_saving(&self, name: &str) -> Result<(), String> {
        let folder = self.folder().join(DOWNLOADS).join(name);
        fs::create_dir_all(folder).map_err(|error| error.to_string())
    }

    /// Makes a thread that saves an image under this name wait until
    /// [`allow_saving`](Self::allow_saving): the file is a named pipe without a reader. Returns false
    /// where there are no such pipes, and no thread has to wait: on systems other than Linux.
    pub fn hold_saving(&self, name: &str) -> Result<bool, String> {
        let folder = self.folder().join(DOWNLOADS);
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        #[cfg(target_os = "linux")]
        {
            use rustix::fs::{CWD, FileType, Mode, mknodat};
            let mode = Mode::RUSR | Mode::WUSR;
            Ok(mknodat(CWD, folder.join(name), FileType::Fifo, mode, 0).is_ok())
        }
        #[cfg(not(target_os = "linux"))]
        {
            let _ = name;
            Ok(false)
        }
    }

    /// Allows it. The file must be kept until the image is saved.
    pub fn allow_saving(&self, name: &str) -> Result<File, String> {
        let path = self.folder().join(DOWNLOADS).join(name);
        // A pipe that is opened for both reading and writing has no other end to wait for.
        let open = File::options().read(true).write(true).open(path);
        open.map_err(|error| error.to_string())
    }

    /// How many images are saved by now. A file that is still empty doesn't count.
    pub fn saved(&self) -> usize {
        let entries = fs::read_dir(self.folder().join(DOWNLOADS)).into_iter().flatten().flatten();
        let metadata = entries.filter_map(|entry| entry.metadata().ok());
        metadata.filter(|entry| !entry.is_file() || entry.len() > 0).count()
    }

    /// How many threads the program has. `None` where the system doesn't tell.
    pub fn threads(&self) -> Option<usize> {
        system::threads(self.running.id()).map(|threads| threads - usize::from(self.is_kept))
    }

    /// The thread that waits for the response to a held request. Threads that were started later have
    /// greater ids. `None` for a task, and where the system doesn't tell.
    pub fn thread_of(&self, held: &Held) -> Option<i32> {
        system::waiting_thread(self.running.id(), held.from.port())
    }

    /// Waits for the end of the program. Returns false if it doesn't come.
    pub fn ends(&mut self) -> bool {
        let mut timeout = Timeout::new(NEXT_TIMEOUT);
        while !self.has_ended() {
            if timeout.is_over(&self.running, self.is_sending()) {
                return false;
            }
        }
        true
    }

    /// Sends what is left of the album, and waits for the end of the run. A run that is stuck is
    /// stopped.
    ///
    /// # Errors
    ///
    /// The run requested no image, or the same images over and over.
    pub fn end(self) -> Result<Ended, String> {
        self.server.release_all(Release::Image);
        let Self { running, server, images, .. } = self;
        let run = wait_while_active(running, &server, images)?;
        let observed = server.observed();
        requests_images(&run, &observed)?;
        Ok(Ended { run, observed, server })
    }

    /// Responds to each request as it comes, and waits for the end of the run. A run that is stuck, or
    /// that requests images over and over, is stopped.
    ///
    /// # Errors
    ///
    /// The program printed too much.
    pub fn end_with(mut self, mut release: impl FnMut(&Held) -> Release) -> Result<Ended, String> {
        let mut timeout = Timeout::new(FIRST_TIMEOUT);
        while !self.has_ended()
            && !timeout.is_over(&self.running, self.is_sending())
            && !self.is_endless()
        {
            for held in self.server.held() {
                self.server.release(held.id, release(&held));
                timeout = Timeout::new(NEXT_TIMEOUT);
            }
        }
        let run = self.running.wait_for(Duration::ZERO)?;
        Ok(Ended { run, observed: self.server.observed(), server: self.server })
    }

    /// Whether the program has requested images over and over.
    pub fn is_endless(&self) -> bool {
        is_endless(&self.server.observed(), self.images)
    }

    /// Whether a response is on its way.
    fn is_sending(&self) -> bool {
        self.server.in_flight() > self.server.held().len()
    }
}
