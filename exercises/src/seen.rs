//! What the checks share: a fast server, and expectations about what it saw.

use crate::attempt::{Attempt, Run, Running};
use crate::files;
use practice::{Gate, LoggedRequest, Observed, Server, Settings};
use std::collections::HashSet;
use std::thread;
use std::time::{Duration, Instant};

/// What a check returns: what it observed, or a message for the student.
pub type Verdict = Result<String, String>;

/// Whether a condition is met, and the message for the student if it isn't.
pub type Expectation = (bool, String);

/// Timeout of a gate. The checks open it earlier.
const GATE: Duration = Duration::from_secs(12);
/// Requests per image after which a run counts as endless.
const MAX_REQUESTS: usize = 10;
/// Wait at the gate for the first request, and between two requests.
const FIRST: Duration = Duration::from_secs(5);
const NEXT: Duration = Duration::from_secs(2);
/// A run without a request in flight and without a new one for this long is stuck.
const IDLE: Duration = Duration::from_secs(5);

/// A server with that many images, 10 ms of latency, and no limit on its bandwidth.
pub fn settings(images: usize) -> Settings {
    Settings { images, latency: Duration::from_millis(10), link_rate: None, ..Settings::default() }
}

/// The same settings with a gate: no image is sent before that many requests are in flight.
pub fn gated(settings: &Settings, requests: usize) -> Settings {
    Settings { gate: Some(Gate { requests, timeout: GATE }), ..settings.clone() }
}

/// The same settings for a server that is down: it responds 503 to every image request at once.
pub fn down(settings: &Settings) -> Settings {
    Settings {
        gate: Some(Gate { requests: usize::MAX, timeout: Duration::ZERO }),
        ..settings.clone()
    }
}

/// Starts a server.
pub fn serve(settings: &Settings) -> Result<Server, String> {
    Server::start(settings).map_err(|error| format!("cannot start the practice server: {error}"))
}

/// Waits at the gate for `expected` image requests, or until no more come. Then opens the gate.
///
/// Returns how many had come.
pub fn gather(running: &mut Running, server: &Server, expected: usize) -> usize {
    let mut came = 0;
    let mut last = Instant::now();
    while came < expected && !running.has_ended() && !running.time_left().is_zero() {
        let now = images(&server.observed()).count();
        if now > came {
            (came, last) = (now, Instant::now());
        } else if last.elapsed() > if came > 0 { NEXT } else { FIRST } {
            break;
        }
        thread::sleep(Duration::from_millis(5));
    }
    server.open_gate();
    came
}

/// What a run at a server with a gate showed.
pub struct Gathered {
    /// Image requests that came before the first response.
    pub at_the_gate: usize,
    /// What the run left behind.
    pub run: Run,
    /// What the server saw in the whole run.
    pub observed: Observed,
    /// The server.
    pub server: Server,
}

/// Runs a submission, with further environment variables, at a server whose gate waits for
/// `expected` image requests. The run is stopped when it is stuck.
///
/// The gate is one wider than that, so that it doesn't open by itself for a correct submission.
///
/// # Errors
///
/// The run requested no image, or the same images over and over.
pub fn run_gated(
    attempt: &Attempt,
    variables: &[(&str, &str)],
    settings: &Settings,
    expected: usize,
) -> Result<Gathered, String> {
    let server = serve(&gated(settings, expected + 1))?;
    let mut running = attempt.start_with(&server, variables)?;
    let at_the_gate = gather(&mut running, &server, expected);
    let run = wait_while_active(running, &server, MAX_REQUESTS * settings.images)?;
    let observed = server.observed();
    requests_images(&run, &observed)?;
    Ok(Gathered { at_the_gate, run, observed, server })
}

/// Waits until the run ends, or is stuck, or has made more than `max` image requests.
fn wait_while_active(mut running: Running, server: &Server, max: usize) -> Result<Run, String> {
    let mut requests = 0;
    let mut active = Instant::now();
    while !running.has_ended() && !running.time_left().is_zero() && active.elapsed() < IDLE {
        let observed = server.observed();
        let now = images(&observed).count();
        if now > max {
            return Err(endless(&observed));
        }
        if now > requests || observed.in_flight > 0 {
            (requests, active) = (now, Instant::now());
        }
        thread::sleep(Duration::from_millis(20));
    }
    running.wait_for(Duration::ZERO)
}

fn endless(observed: &Observed) -> String {
    format!(
        "Your program was stopped because it never came to an end: it had made {} requests for {} \
         different images, the last one for {}. A worker must remove a link from the shared queue \
         when it takes it. Does it read from a copy of the queue, or look at a link without \
         removing it?",
        images(observed).count(),
        different(observed),
        images(observed).last().map_or("none", |seen| files::name(&seen.target)),
    )
}

/// An error if the run didn't request any image.
pub fn requests_images(run: &Run, observed: &Observed) -> Result<(), String> {
    if images(observed).next().is_some() {
        return Ok(());
    }
    run.succeeded()?;
    Err("Your program ended without requesting a single image. Does it wait for the threads or \
         tasks that it starts?"
        .into())
}

/// Returns the message of the first expectation that isn't met.
///
/// A check lists its expectations in the order in which a student should fix them:
///
/// ```
/// # use exercises::seen::expect_all;
/// let verdict = expect_all([(true, "never shown".into()), (false, "Read me.".into())]);
/// assert_eq!(verdict, Err("Read me.".into()));
/// ```
pub fn expect_all(expectations: impl IntoIterator<Item = (bool, String)>) -> Result<(), String> {
    let unmet = expectations.into_iter().find(|(is_met, _)| !is_met);
    unmet.map_or(Ok(()), |(_, message)| Err(message))
}

/// At most `limit` requests are in flight at any time.
pub fn at_most(observed: &Observed, limit: usize) -> Expectation {
    let peak = observed.peak_in_flight;
    let message = format!(
        "{peak} requests were in flight at the same time; the limit is {limit}. Without a limit, \
         an album of 5,000 images would open 5,000 connections. Start no more workers than the \
         limit allows, and let them share the work."
    );
    (peak <= limit, message)
}

/// Each of the album's images is requested exactly once.
pub fn each_once(observed: &Observed, images_in_album: usize) -> Expectation {
    let (requests, different) = (images(observed).count(), different(observed));
    let message = if different < images_in_album {
        format!(
            "{} of {images_in_album} images were never requested. What makes a worker come back \
             for the next image after it has finished one?",
            images_in_album - different,
        )
    } else {
        format!(
            "The server saw {requests} requests for {different} images; each image should be \
             requested once. Does a worker request an image again, or has each its own copy of the \
             queue? Or does it look at the next link and remove it later? In between, others see \
             the same link: looking and removing must be one step, under one lock."
        )
    };
    (requests == different && different == images_in_album, message)
}

/// The run doesn't panic. `when` says which run it is.
pub fn does_not_panic(run: &Run, when: &str) -> Expectation {
    let message = format!(
        "Your program panicked {when}. A panic means that there is a bug in the program, but a \
         list or an image that doesn't come is to be expected: handle the `Err`. Where are the \
         `unwrap`s?"
    );
    (run.code() != Some(101), message)
}

/// The run ends with an exit code other than 0, because of what `reason` says.
pub fn exits_with_failure(run: &Run, reason: &str) -> Expectation {
    let message = format!(
        "Your program ended with exit code 0 although {reason}. A script, or the program that \
         started yours, sees only the exit code: 0 means that all is well. Return the error from \
         `main`, or an `ExitCode`."
    );
    (run.code() != Some(0), message)
}

/// `downloads` holds every image as the server sent it.
pub fn saved_all(run: &Run, server: &Server) -> Expectation {
    saved_as(run, server, |name| server.file(name).map(|image| image.to_vec()))
}

/// For each image, `downloads` holds the file that `expected` returns for its name.
pub fn saved_as(
    run: &Run,
    server: &Server,
    expected: impl Fn(&str) -> Option<Vec<u8>>,
) -> Expectation {
    let names = server.names();
    let is_wrong = |name: &&String| {
        let file = run.files.get(&format!("downloads/{name}"));
        file.is_none() || file != expected(name).as_ref()
    };
    let wrong: Vec<_> = names.iter().filter(is_wrong).collect();
    let message = format!(
        "{} of {} files are missing in downloads or have the wrong content, for example {}. Does \
         your program save each result under its own link?",
        wrong.len(),
        names.len(),
        wrong.first().map_or("none", |name| name.as_str()),
    );
    (wrong.is_empty(), message)
}

/// The requests for images, in the order in which they came.
pub fn images(observed: &Observed) -> impl DoubleEndedIterator<Item = &LoggedRequest> {
    observed.log.iter().filter(|seen| seen.attempt > 0)
}

/// How many different images were requested.
pub fn different(observed: &Observed) -> usize {
    images(observed).map(|seen| &seen.target).collect::<HashSet<_>>().len()
}

/// For each image request, in the order in which they came: how many others were in flight then.
pub fn others_in_flight(observed: &Observed) -> Vec<usize> {
    let log: Vec<_> = images(observed).collect();
    let others = |(index, seen): (usize, &&LoggedRequest)| {
        let earlier = log[..index].iter();
        earlier.filter(|other| other.finished.is_none_or(|done| done > seen.arrived)).count()
    };
    log.iter().enumerate().map(others).collect()
}
