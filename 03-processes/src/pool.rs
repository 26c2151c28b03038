//! The parent's side: a pool of worker processes, and the pipes to them.
//!
//! A worker is this program itself, started again in another role (`worker.rs`). Processes share no
//! memory, so everything travels as lines of JSON: the options first, then one image at a time to
//! the worker's stdin; events and the result come back on its stdout.
//!
//! When the parent dies, the workers end by themselves: the system closes the pipes of a process
//! that ends for any reason, and a worker ends when its stdin does.

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

/// Maximum number of workers that may die over one image before it counts as failed.
const MAX_DEATHS: usize = 10;

/// Maximum time between a ping and the pong of the worker.
const PONG_TIMEOUT: Duration = Duration::from_secs(5);

/// Worker processes that are ready to download.
pub struct Pool {
    workers: Vec<WorkerHandle>,
}

impl Pool {
    /// Starts `size` workers. Fails if the system refuses one of them.
    pub fn start(options: &Options, size: usize) -> Result<Self, Error> {
        let workers = (0..size).map(|_| WorkerHandle::start(options)).collect::<Result<_, _>>()?;
        Ok(Self { workers })
    }

    /// Calls `download` for each image, with an idle worker. Returns when all images are done.
    /// Fails if the system refuses a thread; the threads that have started still download the
    /// images.
    pub fn for_each(
        self,
        images: &[Image],
        download: impl Fn(&mut WorkerHandle, &Image) + Sync,
    ) -> Result<(), Error> {
        // One queue for all workers. With fixed shares, the worker with the largest images would
        // still be busy after the others had finished.
        let queue = Mutex::new(images.iter());
        let next_image = || queue.lock().unwrap().next();
        let serve = |mut worker: WorkerHandle| {
            while let Some(image) = next_image() {
                download(&mut worker, image);
            }
        };
        // Each worker gets a thread here, because waiting for its messages blocks.
        thread::scope(|scope| {
            for worker in self.workers {
                // `scope.spawn` would panic if the system refused another thread.
                let _waiting = thread::Builder::new()
                    .spawn_scoped(scope, || serve(worker))
                    .map_err(Error::no_worker)?;
            }
            Ok(())
        })
    }
}

/// One worker process, as its parent sees it.
pub struct WorkerHandle {
    process: Child,
    jobs: ChildStdin,
    messages: Receiver<Message>,
    options: Options,
}

impl WorkerHandle {
    fn start(options: &Options) -> Result<Self, Error> {
        let mut process = spawn().map_err(Error::no_worker)?;
        let jobs = process.stdin.take().expect("it is piped");
        let stdout = process.stdout.take().expect("it is piped");
        // A thread reads the messages and forwards them to a channel: a read from a pipe cannot
        // time out, but a receive from a channel can. The thread ends when the worker does, which
        // closes the channel.
        let (sender, messages) = mpsc::channel();
        let mut worker = Self { process, jobs, messages, options: options.clone() };
        let _reader = thread::Builder::new()
            .spawn(move || {
                let lines = BufReader::new(stdout).lines().map_while(Result::ok);
                let mut messages = lines.map_while(|line| from_str(&line).ok());
                // Sending fails once the receiver is gone.
                let _ended = messages.try_for_each(|message| sender.send(message));
            })
            .map_err(Error::no_worker)?;
        // If the worker has died already, the first `request` notices.
        let _ = worker.send(options);
        Ok(worker)
    }

    /// Downloads an image in the worker. If the process dies or is stopped, another one takes its
    /// place and retries the image.
    pub fn download(&mut self, image: &Image, progress: &impl Progress) -> Result<Saved, Error> {
        for deaths in 1..=MAX_DEATHS {
            if let Some(result) = self.request(image, progress) {
                return result;
            }
            // Dropping the old handle kills its process. After the last death, the new worker is
            // for the next image.
            *self = Self::start(&self.options)?;
            if deaths < MAX_DEATHS {
                progress.report(Event::Failed("its worker died or hung".into()));
            }
        }
        Err(Error::new(ErrorKind::Worker, format!("gave up after {MAX_DEATHS} workers died")))
    }

    /// `None` if the worker died, was stopped, or does not keep to the protocol.
    fn request(&mut self, image: &Image, progress: &impl Progress) -> Option<Result<Saved, Error>> {
        let with_events = self.options.shows_progress();
        self.send(&Job::Download { image: image.clone(), with_events }).ok()?;
        loop {
            match self.next_message()? {
                Message::Event(event) => progress.report(event),
                Message::Result(result) => return Some(result),
                Message::Pong => {}
            }
        }
    }

    /// Waits for the worker's next message. If none arrives within `--timeout`, sends a ping. A
    /// worker that only waits for its server sends a pong from its other thread; one that hangs
    /// does not. `None` if the worker died or hangs.
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
        // One call, because `jobs` has no buffer: `writeln!` would write the line break on its own,
        // and wake the worker twice.
        self.jobs.write_all((to_string(line)? + "\n").as_bytes())
    }
}

impl Drop for WorkerHandle {
    /// Kills the process: it has no images left, or it hangs.
    fn drop(&mut self) {
        // Killing a process that has ended is not an error.
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
    // Puts each worker into a process group of its own. A terminal sends Ctrl-C to all processes of
    // a group, and the workers must live until the parent has cleaned up.
    #[cfg(unix)]
    let command = std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(windows)]
    let command = {
        const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;
        std::os::windows::process::CommandExt::creation_flags(command, CREATE_NEW_PROCESS_GROUP)
    };
    command.spawn()
}
