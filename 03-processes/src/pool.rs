//! The parent's side: a pool of worker processes, and the pipes to them.
//!
//! A worker is this program itself, started again in another role (`worker.rs`). Processes share no
//! memory, so everything travels as lines of JSON: the options first, then one image at a time to the
//! worker's stdin; what happens, and the result, back from its stdout.
//!
//! Nothing here has to end the workers when the parent dies. The system closes the pipes of a process
//! that ends, in whatever way, and a worker ends when its stdin does.

use crate::worker::{Job, Message, ROLE};
use serde::Serialize;
use serde_json::{from_str, to_string};
use shared::{Error, ErrorKind, Event, Image, Options, Progress, Saved};
use std::env::current_exe;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// How many workers may die over one image before it counts as failed.
const MAX_DEATHS: usize = 10;

/// How long a worker may take to reply to a ping.
const PONG_TIMEOUT: Duration = Duration::from_secs(5);

/// Worker processes that are ready to download.
pub struct Pool {
    workers: Vec<Worker>,
}

impl Pool {
    /// Starts `size` workers. Fails if the system refuses one of them.
    pub fn start(options: &Options, size: usize) -> Result<Self, Error> {
        let workers = (0..size).map(|_| Worker::start(options)).collect::<Result<_, _>>()?;
        Ok(Self { workers })
    }

    /// Calls `download` for each image, with a worker that is idle. Returns when all images are done.
    pub fn for_each(
        self,
        images: &[Image],
        download: impl Fn(&mut Worker, &Image) + Sync,
    ) -> Result<(), Error> {
        // One queue for all. If each worker had its share from the beginning, the one with the large
        // images would still work while the others are idle.
        let queue = Mutex::new(images.iter());
        let next_image = || queue.lock().unwrap().next();
        let serve = |mut worker: Worker| {
            while let Some(image) = next_image() {
                download(&mut worker, image);
            }
        };
        // Waiting for a message blocks, so each worker needs a thread here that does it.
        thread::scope(|scope| {
            for worker in self.workers {
                let _waiting = thread::Builder::new()
                    .spawn_scoped(scope, || serve(worker))
                    .map_err(Error::no_worker)?;
            }
            Ok(())
        })
    }
}

/// One worker process, as its parent sees it.
pub struct Worker {
    process: Child,
    jobs: ChildStdin,
    messages: Receiver<Message>,
    options: Options,
}

impl Worker {
    fn start(options: &Options) -> Result<Self, Error> {
        let mut process = spawn().map_err(Error::no_worker)?;
        let jobs = process.stdin.take().expect("it is piped");
        let stdout = process.stdout.take().expect("it is piped");
        // A read from a pipe has no timeout, but a channel has. So a thread reads the messages and
        // passes them on. It ends when the worker does, and the channel with it.
        let (sender, messages) = mpsc::channel();
        let mut worker = Self { process, jobs, messages, options: options.clone() };
        let _reader = thread::Builder::new()
            .spawn(move || {
                let lines = BufReader::new(stdout).lines().map_while(Result::ok);
                let mut messages = lines.map_while(|line| from_str(&line).ok());
                // An error says that the receiver is gone.
                let _ended = messages.try_for_each(|message| sender.send(message));
            })
            .map_err(Error::no_worker)?;
        // If the worker is dead already, its first image will notice.
        let _ = worker.send(options);
        Ok(worker)
    }

    /// Downloads an image in the worker. If the worker dies or hangs, another one takes its place and
    /// tries the image again.
    pub fn download(&mut self, image: &Image, progress: &impl Progress) -> Result<Saved, Error> {
        for _ in 0..MAX_DEATHS {
            if let Some(result) = self.request(image, progress) {
                return result;
            }
            // The old worker is dropped, and so is its process.
            *self = Self::start(&self.options)?;
            progress.report(Event::Failed("its worker died".into()));
        }
        Err(Error::new(ErrorKind::Worker, format!("gave up after {MAX_DEATHS} workers died")))
    }

    /// `None` if the worker died, hangs, or does not keep to the protocol.
    fn request(&mut self, image: &Image, progress: &impl Progress) -> Option<Result<Saved, Error>> {
        self.send(&Job::Download(image.clone())).ok()?;
        loop {
            match self.next_message()? {
                Message::Event(event) => progress.report(event),
                Message::Result(result) => return Some(result),
                Message::Pong => {}
            }
        }
    }

    /// Waits for the worker's next message. A worker that is silent for as long as a server may be
    /// gets a ping: if it only waits for its server, another of its threads replies.
    fn next_message(&mut self) -> Option<Message> {
        match self.messages.recv_timeout(self.options.timeout) {
            Err(RecvTimeoutError::Timeout) => {
                self.send(&Job::Ping).ok()?;
                self.messages.recv_timeout(PONG_TIMEOUT).ok()
            }
            message => message.ok(),
        }
    }

    fn send(&mut self, line: &impl Serialize) -> io::Result<()> {
        writeln!(self.jobs, "{}", to_string(line)?)
    }
}

impl Drop for Worker {
    /// Ends the process: it has no more to do, or is of no use any more.
    fn drop(&mut self) {
        // It fails if the process has ended.
        let _ = self.process.kill();
        // Without `wait`, the system would keep the process as a zombie until the parent ends.
        let _ = self.process.wait();
    }
}

/// Starts this program once more, as a worker.
fn spawn() -> io::Result<Child> {
    let mut command = Command::new(current_exe()?);
    let command = command
        .env(ROLE, "1")
        // A worker never talks to the API, so it gets no credentials.
        .env_remove("CLIENT_ID")
        .env_remove("CLIENT_SECRET")
        .env_remove("IMGUR_API_URL")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    // A terminal sends Ctrl-C to all processes of a group. In groups of their own the workers do not
    // get it, and live until the parent has cleaned up.
    #[cfg(unix)]
    let command = std::os::unix::process::CommandExt::process_group(command, 0);
    command.spawn()
}
