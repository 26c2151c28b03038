//! The pool: worker processes, which are this program itself in another role.
//!
//! Processes share no memory, so they talk: an image goes to a worker's stdin as a line of JSON,
//! and what became of it comes back as a line on its stdout. A worker ends when its stdin does.

use serde_json::{from_str, to_string};
use shared::{Client, Fault, Folder, Image, Options, before_stop, fewer};
use std::env::{args_os, current_exe, var_os};
use std::io::{self, BufRead, BufReader, Lines, Write};
use std::process::{self, Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};
use std::sync::{Mutex, mpsc};
use std::{ffi::OsString, thread};

/// Set in the environment of a worker, so that nobody becomes one by a slip on the command line.
const ROLE: &str = "WORKER_OF_03_PROCESSES";
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
        let mut out = OsString::from("--out=");
        out.push(&options.out);
        let mut command = Command::new(current_exe()?);
        let command = command
            .env(ROLE, "1")
            .arg(out)
            .arg(format!("--timeout={}", options.timeout.as_secs_f64()))
            .arg(format!("--retries={}", options.retries))
            // A worker asks no API, so it has no need for credentials.
            .env_remove("CLIENT_ID")
            .env_remove("CLIENT_SECRET")
            .env_remove("IMGUR_API_URL")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
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
    pub fn download(&mut self, image: &Image) -> Result<u64, Fault> {
        for _ in 0..MOST_DEATHS {
            if let Some(result) = self.ask(image) {
                return result.map_err(Fault::lasting);
            }
            let another = Self::start(&self.options).map_err(|error| cannot_start(&error))?;
            std::mem::replace(self, another).dismiss();
        }
        Err(Fault::lasting("every worker died over it"))
    }

    /// None if no proper answer came: it has died, or it talks nonsense.
    fn ask(&mut self, image: &Image) -> Option<Result<u64, String>> {
        writeln!(self.jobs, "{}", to_string(image).ok()?).ok()?;
        from_str(&self.results.next()?.ok()?).ok()
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

/// Whether this process was started as a worker.
pub fn is_worker() -> bool {
    var_os(ROLE).is_some()
}

/// The life of a worker: it downloads one image after another, as `01-sync` does.
pub fn work() -> ExitCode {
    let options = Options::read(env!("CARGO_BIN_NAME"), None, args_os().skip(1));
    let Ok(client) = Client::new(&options) else {
        return ExitCode::FAILURE;
    };
    let (sender, jobs) = mpsc::channel();
    // Whoever waits for a server does not see that its stdin has ended, so another thread does.
    let reader = thread::Builder::new().spawn(move || {
        let _gone = lines().try_for_each(|line| sender.send(line));
        Folder::at(&options.out).close();
        process::exit(0);
    });
    let jobs: Box<dyn Iterator<Item = String>> = match reader {
        Ok(_) => Box::new(jobs.into_iter()),
        // Where no more threads are to be had, the end is seen a little later.
        Err(_) => Box::new(lines()),
    };
    for job in jobs {
        let Ok(image) = from_str::<Image>(&job) else {
            return ExitCode::FAILURE;
        };
        let result = client.download(&image).map_err(|fault| fault.to_string());
        let Ok(line) = to_string(&result) else {
            return ExitCode::FAILURE;
        };
        if writeln!(io::stdout(), "{line}").is_err() {
            break;
        }
    }
    ExitCode::SUCCESS
}

fn lines() -> impl Iterator<Item = String> {
    io::stdin().lines().map_while(Result::ok)
}
