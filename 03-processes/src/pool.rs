//! The pool: worker processes, which are this program itself in another role.
//!
//! Processes share no memory, so they talk: an image goes to a worker's stdin as a line of JSON,
//! and what becomes of it comes back in lines on its stdout. A worker ends when its stdin does. What
//! it does until then stands in `pool/worker.rs`.

mod worker;

pub use worker::{is_worker, work};

use serde_json::{from_str, to_string};
use shared::{Event, Fault, Image, Options, Progress, Saved, before_stop, fewer};
use std::env::current_exe;
use std::io::{self, BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::thread;
use worker::{Line, ROLE};

/// An image over which this many workers have died is left alone.
const MOST_DEATHS: usize = 10;

/// All living workers. Who holds the lock decides about their life: once the program stops, it is
/// never given back, and nobody can start another one.
static CHILDREN: Mutex<Vec<Child>> = Mutex::new(Vec::new());

/// Some worker processes, ready to download.
pub struct Pool(Vec<Worker>);

impl Pool {
    /// Starts this many workers, or as many as the system allows. Fails if it allows none.
    pub fn start(options: &Options, size: usize) -> Result<Self, Fault> {
        before_stop(|| {
            // The lock is kept: nobody can start another worker any more.
            let mut children = CHILDREN.lock().unwrap();
            children.iter_mut().for_each(end);
            std::mem::forget(children);
        });
        let mut workers = Vec::new();
        for _ in 0..size {
            match Worker::start(options) {
                Ok(worker) => workers.push(worker),
                Err(error) if workers.is_empty() => return Err(cannot_start(&error)),
                Err(error) => {
                    fewer(workers.len(), size, error);
                    break;
                }
            }
        }
        Ok(Self(workers))
    }

    /// Hands the images out: whichever worker is idle gets the next one.
    pub fn for_each(mut self, images: &[Image], download: impl Fn(&mut Worker, &Image) + Sync) {
        let queue = Mutex::new(images.iter());
        let next = || queue.lock().unwrap().next();
        let serve = |worker: &mut Worker| {
            while let Some(image) = next() {
                download(worker, image);
            }
        };
        // Reading from a pipe blocks, so each worker has a thread here that waits for it. The
        // first one is served by this thread, whatever happens.
        let Some((first, rest)) = self.0.split_first_mut() else {
            return;
        };
        thread::scope(|scope| {
            for worker in rest {
                let started = thread::Builder::new().spawn_scoped(scope, || serve(worker));
                // Where no more threads are to be had, the others do its share.
                drop(started);
            }
            serve(first);
        });
        for worker in self.0 {
            worker.dismiss();
        }
    }
}

/// One worker process, seen from the program that started it.
pub struct Worker {
    options: Options,
    id: u32,
    jobs: ChildStdin,
    results: Lines<BufReader<ChildStdout>>,
}

impl Worker {
    fn start(options: &Options) -> io::Result<Self> {
        let mut command = Command::new(current_exe()?);
        let command = command
            .env(ROLE, "1")
            .args(options.for_worker())
            // A worker asks no API, so it has no need for credentials.
            .env_remove("CLIENT_ID")
            .env_remove("CLIENT_SECRET")
            .env_remove("IMGUR_API_URL")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        // Ctrl-C goes to a whole group of processes. It is for the parent, which ends its workers.
        #[cfg(unix)]
        let command = std::os::unix::process::CommandExt::process_group(command, 0);
        let mut children = CHILDREN.lock().unwrap();
        let mut child = command.spawn()?;
        let worker = Self {
            options: options.clone(),
            id: child.id(),
            jobs: child.stdin.take().expect("it is piped"),
            results: BufReader::new(child.stdout.take().expect("it is piped")).lines(),
        };
        children.push(child);
        Ok(worker)
    }

    /// Has the image downloaded. A worker that dies over it is replaced.
    pub fn download(&mut self, image: &Image, progress: &impl Progress) -> Result<Saved, Fault> {
        for _ in 0..MOST_DEATHS {
            if let Some(result) = self.ask(image, progress) {
                return result.map_err(Fault::lasting);
            }
            let another = Self::start(&self.options).map_err(|error| cannot_start(&error))?;
            std::mem::replace(self, another).dismiss();
            progress.tell(Event::Failed("its worker died".into()));
        }
        Err(Fault::lasting("every worker died over it"))
    }

    /// None if no proper answer came: it has died, or it talks nonsense.
    fn ask(&mut self, image: &Image, progress: &impl Progress) -> Option<Result<Saved, String>> {
        writeln!(self.jobs, "{}", to_string(image).ok()?).ok()?;
        loop {
            match from_str(&self.results.next()?.ok()?).ok()? {
                Line::Event(event) => progress.tell(event),
                Line::Result(result) => return Some(result),
            }
        }
    }

    /// Ends the process. It has nothing to do any more.
    fn dismiss(self) {
        let mut children = CHILDREN.lock().unwrap();
        if let Some(place) = children.iter().position(|child| child.id() == self.id) {
            end(&mut children.swap_remove(place));
        }
    }
}

fn end(child: &mut Child) {
    // It may have ended by itself.
    let _ = child.kill();
    let _ = child.wait();
}

fn cannot_start(error: &io::Error) -> Fault {
    Fault::lasting(format!("cannot start a worker process: {error}"))
}
