//! What the checks have in common: a server that is quick, and questions about what it saw.

use crate::attempt::{Attempt, Run, Running};
use crate::files;
use practice::{Gate, LoggedRequest, Observed, Server, Settings};
use std::collections::HashSet;
use std::thread;
use std::time::{Duration, Instant};

/// What a check says: what it observed, or a message for the learner.
pub type Verdict = Result<String, String>;

/// How long a gate stays shut at most. The checks open it earlier.
const GATE: Duration = Duration::from_secs(12);
/// Whoever asks for each image more often will go on for ever.
const OFTEN: usize = 10;
/// How long nothing has to come at all, or nothing more, until nothing is expected.
const SILENT: Duration = Duration::from_secs(5);
const STILL: Duration = Duration::from_secs(2);

/// A server with an album of so many images, 10 ms away, without a limit of its rate.
pub fn settings(images: usize) -> Settings {
    Settings { images, latency: Duration::from_millis(10), link_rate: None, ..Settings::default() }
}

/// The same settings with a gate: no image is answered before so many are in flight.
pub fn gated(settings: &Settings, requests: usize) -> Settings {
    Settings { gate: Some(Gate { requests, timeout: GATE }), ..settings.clone() }
}

/// The same settings for a server that is down: 503 for every image, at once.
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

/// Waits before the gate until so many images are asked for, or nothing more comes. Then opens it.
///
/// What is returned is how many had come.
pub fn gather(running: &mut Running, server: &Server, expected: usize) -> usize {
    let mut came = 0;
    let mut last = Instant::now();
    while came < expected && !running.has_ended() && !running.time_left().is_zero() {
        let now = images(&server.observed()).count();
        if now > came {
            (came, last) = (now, Instant::now());
        } else if last.elapsed() > if came > 0 { STILL } else { SILENT } {
            break;
        }
        thread::sleep(Duration::from_millis(5));
    }
    server.open_gate();
    came
}

/// What became of an attempt at a server with a gate.
pub struct Gathered {
    /// How many images were asked for while none was answered.
    pub at_the_gate: usize,
    /// What the attempt left behind.
    pub run: Run,
    /// The server, which remembers what it saw.
    pub server: Server,
}

/// Runs an attempt of which `workers` downloads are to be seen at the gate, with further environment
/// variables. It has to ask for something, and to end by itself.
///
/// The gate is one wider, so that it does not open by itself for those who do it right.
pub fn run_gated(
    attempt: &Attempt,
    variables: &[(&str, &str)],
    settings: &Settings,
    workers: usize,
) -> Result<Gathered, String> {
    let server = serve(&gated(settings, workers + 1))?;
    let mut running = attempt.start_with(&server, variables)?;
    let at_the_gate = gather(&mut running, &server, workers);
    let most = OFTEN * settings.images;
    while !running.has_ended() && !running.time_left().is_zero() {
        if images(&server.observed()).count() > most {
            drop(running.wait_for(Duration::ZERO)?);
            return Err(over_and_over(&server.observed()));
        }
        thread::sleep(Duration::from_millis(20));
    }
    let run = running.wait()?;
    run.ended()?;
    if at_the_gate == 0 {
        run.succeeded()?;
        return Err("Your program ended without having asked for a single image.".into());
    }
    Ok(Gathered { at_the_gate, run, server })
}

/// What to say of an attempt that finds no end.
fn over_and_over(observed: &Observed) -> String {
    let asked: Vec<_> = images(observed).map(|seen| &seen.target).collect();
    let last = asked.last().map_or("", |target| files::name(target));
    format!(
        "Your program was stopped, since it found no end: it had asked {} times for {} different images, \
         the last time for {last}. Whoever takes a link from the queue has to take it away, for all \
         workers. Does it look at a copy of the queue, or at a link that stays?",
        asked.len(),
        different(observed),
    )
}

/// The requests for images, in the order in which they came.
pub fn images(observed: &Observed) -> impl Iterator<Item = &LoggedRequest> {
    observed.log.iter().filter(|seen| seen.attempt > 0)
}

/// How many different images were asked for.
pub fn different(observed: &Observed) -> usize {
    images(observed).map(|seen| &seen.target).collect::<HashSet<_>>().len()
}

/// Whether each image was asked for once.
pub fn each_once(observed: &Observed) -> Result<(), String> {
    let (asked, different) = (images(observed).count(), different(observed));
    if asked == different {
        return Ok(());
    }
    Err(format!(
        "The server was asked {asked} times for {different} images. A download takes its time and the \
         server's: each image is to be asked for once. Who asks again?"
    ))
}

/// For each image, in the order in which they were asked for: how many others were in flight then.
pub fn others_in_flight(observed: &Observed) -> Vec<usize> {
    let log: Vec<_> = images(observed).collect();
    let others = |(place, seen): (usize, &&LoggedRequest)| {
        let earlier = log[..place].iter();
        earlier.filter(|other| other.finished.is_none_or(|done| done > seen.arrived)).count()
    };
    log.iter().enumerate().map(others).collect()
}

/// An error, unless every image stands in `downloads`, byte for byte.
pub fn saved_all(run: &Run, server: &Server) -> Result<(), String> {
    let names = server.names();
    let saved = |name: &String| run.files.get(&format!("downloads/{name}"));
    let missing: Vec<_> = names.iter().filter(|name| saved(name).is_none()).collect();
    if let Some(first) = missing.first() {
        return Err(format!(
            "{} of {} images are missing in downloads, the first one is {first}.",
            missing.len(),
            names.len(),
        ));
    }
    match names.iter().find(|name| saved(name).map(Vec::as_slice) != server.file(name).as_deref()) {
        Some(wrong) => Err(format!("downloads/{wrong} is not what the server sent.")),
        None => Ok(()),
    }
}
