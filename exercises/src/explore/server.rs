//! The stand-in for a server in a schedule: it sends images whose links say how large they are.

use super::execution::{Worker, current};
use super::state::{Ask, State, Until};
use super::{Kind, Step};
use crate::Error;
use std::collections::BTreeMap;
use std::panic::Location;
use std::time::Duration;

/// What a stand-in image is called: its size in bytes, and `.png`.
const SUFFIX: &str = ".png";
/// The status of a request that fails, and its header `Retry-After`.
const STATUS: u16 = 503;
const RETRY_AFTER: Duration = Duration::ZERO;

/// How the server of a schedule treats requests.
#[derive(Default)]
pub struct Server {
    /// It sends these images when all of them have been requested.
    pub together: Vec<String>,
    /// Why they may not have been requested, if all threads wait.
    pub hint: &'static str,
    /// How many of the next requests for a link fail.
    pub failing: BTreeMap<String, usize>,
    /// What has failed.
    pub failed: Option<String>,
    /// Whether a thread may hold a lock while it waits for a response.
    pub allows_locks: bool,
}

/// The links of stand-in images with these sizes, in bytes.
pub fn links(sizes: &[usize]) -> Vec<String> {
    sizes.iter().map(|size| format!("{size}{SUFFIX}")).collect()
}

/// Begins a schedule with this server.
pub fn serve(server: Server) {
    if let Some(worker) = current() {
        worker.at_once(|state, _| state.server = server);
    }
}

/// The image behind a stand-in link.
#[track_caller]
pub fn download(worker: &Worker, link: &str) -> Result<Vec<u8>, Error> {
    request(worker, "downloads", link, Some("a download"))?;
    let together = worker.at_once(|state, _| state.server.together.clone());
    if together.iter().any(|it| it == link) {
        wait_for(worker, link, together);
    }
    let size = link.strip_suffix(SUFFIX).and_then(|size| size.parse().ok());
    size.map(|size| vec![0; size]).ok_or_else(|| Error::Broken(format!("no such image: {link}")))
}

/// Requests something. It fails if the server says so. Time passes `during` it, so the thread may hold
/// no lock, unless this is `None`.
#[track_caller]
pub fn request(
    worker: &Worker,
    action: &str,
    object: &str,
    during: Option<&str>,
) -> Result<(), Error> {
    let ask = Ask { until: Until::Now, object: object.into(), location: Location::caller() };
    let fails = worker.at_once(|state, me| {
        state.record(me, action, &ask, None);
        if let Some(during) = during {
            state.holds_nothing(me, during);
        }
        state.server.fails(object)
    });
    let refused = Error::Refused { status: STATUS, retry_after: Some(RETRY_AFTER) };
    if fails { Err(refused) } else { Ok(()) }
}

/// Waits for something that the server sends when these images have been requested.
#[track_caller]
pub fn wait_for(worker: &Worker, object: &str, links: Vec<String>) {
    let until = Until::Requested(links);
    worker.step(&Ask { until, object: object.into(), location: Location::caller() }, |_, _| ());
}

/// Ends the schedule as a failure, if one runs.
pub fn refuse(message: impl Into<String>) {
    if let Some(worker) = current() {
        worker.at_once(|state, _| state.fail(Kind::Wrong, message.into()));
    }
}

/// In this schedule, no thread may wait for another one: [`crate::sync::thread::yield_now`] and `sleep`
/// guarantee nothing. If a thread then never ends, the message says `why`.
pub fn never_wait(why: &'static str) {
    if let Some(worker) = current() {
        worker.at_once(|state, _| state.never_waits = Some(why));
    }
}

/// The steps of this schedule so far.
pub fn steps() -> Vec<Step> {
    current().map_or_else(Vec::new, |worker| worker.at_once(|state, _| state.steps.clone()))
}

/// What has failed in this schedule, if anything has.
pub fn failed() -> Option<String> {
    current().and_then(|worker| worker.at_once(|state, _| state.server.failed.clone()))
}

/// The links that have been requested in this schedule, in this order.
pub fn requested() -> Vec<String> {
    let steps = steps().into_iter().filter(|step| step.action == "downloads");
    steps.map(|step| step.object).collect()
}

impl Server {
    /// Whether this request fails.
    fn fails(&mut self, object: &str) -> bool {
        let Some(left) = self.failing.get_mut(object).filter(|left| **left > 0) else {
            return false;
        };
        *left -= 1;
        self.failed = Some(object.into());
        true
    }
}

impl State {
    /// Whether all these images have been requested.
    pub fn are_requested(&self, links: &[String]) -> bool {
        let is_requested = |link: &String| {
            self.steps.iter().any(|step| step.action == "downloads" && step.object == *link)
        };
        links.iter().all(is_requested)
    }

    /// Ends the schedule if the thread holds a lock while it waits for the server.
    fn holds_nothing(&mut self, me: usize, during: &str) {
        let thread = &self.threads[me];
        let Some((_, held)) = thread.holds.last().filter(|_| !self.server.allows_locks) else {
            return;
        };
        let message = format!(
            "{} holds {held} during {during}. Every other thread that needs it waits until the \
             response has come: they take turns, as in task 3.",
            thread.name
        );
        self.fail(Kind::Wrong, message);
    }
}
