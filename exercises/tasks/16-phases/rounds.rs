//! For task 16: an album that is sent in rounds of four images. The links of a round need the token
//! that the server gives out when the round before it has been downloaded.
//!
//! At the judge's request, two workers download rounds of two images in every order of their steps, and
//! a stand-in sends the images and the tokens.

use crate::api::blocking::{self, AGENT};
use crate::api::{album, files};
use crate::explore::{self, Loads, Server, Step, Worker};
use crate::{Error, save};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use ureq::http::header;

/// How many images a round has at the server.
pub const IMAGES: usize = 4;
/// In a schedule: the difference between the tokens of two rounds.
const STEP: usize = 1_000;

/// In a schedule: the links of each round.
static ROUNDS: Mutex<Vec<Vec<String>>> = Mutex::new(Vec::new());

/// Downloads the images of all rounds with so many workers: one for each image of a round.
pub type Download = fn(rounds: &[Vec<String>], workers: usize) -> Result<(), Error>;

/// Calls the function with the rounds of the album and four workers.
#[track_caller]
pub fn run(download: Download) -> Result<(), Error> {
    let one = || in_a_schedule(download, &[1, 2], &[]);
    let without_both = || in_a_schedule(download, &[1, 2], &["1.png", "2.png"]);
    let without_image = || in_a_schedule(download, &[1, 2, 4, 8], &["2.png"]);
    let without_token = || in_a_schedule(download, &[1, 2, 4, 8], &["token 2"]);
    // One worker has failed in the second round, and another one still is between the two.
    let without_last = || in_a_schedule(download, &[1, 2, 4, 8], &["4.png"]);
    let two = || in_a_schedule(download, &[1, 2, 4, 8], &[]);
    let all: [&dyn Fn() -> _; _] =
        [&one, &without_image, &without_token, &without_last, &without_both, &two];
    explore::run(Loads::Latest, &all, || {
        let links = blocking::album()?;
        let rounds: Vec<_> = links.chunks_exact(IMAGES).map(<[String]>::to_vec).collect();
        download(&rounds, IMAGES)
    })
}

/// Asks for the token of the round that follows this one. The server gives one out for each round.
///
/// Fails if no response arrives, or its status isn't 200.
#[track_caller]
pub fn token(round: &[String]) -> Result<usize, Error> {
    if let Some(worker) = explore::current() {
        return token_in_a_schedule(&worker, round);
    }
    let link = round.first().map_or("", String::as_str);
    let response = AGENT.head(link).call().map_err(|error| Error::broken(&error))?;
    album::accept(response.status(), response.headers())?;
    let length = response.headers().get(header::CONTENT_LENGTH);
    let token = length.and_then(|length| length.to_str().ok()?.parse().ok());
    token.ok_or_else(|| Error::Broken(format!("no token after {}", files::name(link))))
}

/// Downloads an image with the token of its round, and saves it. The token of the first round is 0.
///
/// Fails as [`blocking::download`] and [`save`] do.
#[track_caller]
pub fn fetch(link: &str, token: usize) -> Result<(), Error> {
    if explore::is_running() {
        let downloaded = blocking::download(link).map(drop);
        has_its_token(link, token);
        return downloaded;
    }
    let image = blocking::download(&format!("{link}?token={token}"))?;
    save(link, &image)
}

/// Two workers download rounds with two images each. Some images, or a token, may fail.
fn in_a_schedule(download: Download, sizes: &[usize], failing: &[&str]) -> Result<(), String> {
    let links = explore::links(sizes);
    let rounds: Vec<_> = links.chunks(2).map(<[String]>::to_vec).collect();
    ROUNDS.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&rounds);
    let fails: BTreeMap<_, _> = failing.iter().map(|name| ((*name).to_owned(), 1)).collect();
    explore::serve(Server { failing: fails, ..Server::default() });
    let downloaded = download(&rounds, 2);
    let requested = explore::requested();
    match (downloaded, failing.first()) {
        (Err(error), None) => {
            let timed_out = |step: &Step| step.action.starts_with("times out");
            let hint = if explore::steps().iter().any(timed_out) { TIMEOUT } else { "" };
            Err(format!("It returns an error without a reason: {error}. {hint}").trim_end().into())
        }
        (Ok(()), Some(name)) => Err(format!("{name} fails, and nevertheless {SILENT}")),
        (Err(_), Some(_)) => Ok(()),
        (Ok(()), None) if requested.len() == links.len() => Ok(()),
        (Ok(()), None) => {
            Err(format!("{} of {} images are requested. {ONCE}", requested.len(), links.len()))
        }
    }
}

/// The stand-in for [`token`].
#[track_caller]
fn token_in_a_schedule(worker: &Worker, round: &[String]) -> Result<usize, Error> {
    let rounds = ROUNDS.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let index = rounds.iter().position(|it| it == round).unwrap_or_default() + 1;
    let name = format!("token {}", index + 1);
    let requested = explore::requested();
    let is_early = round.iter().any(|link| !requested.contains(link));
    let is_second = is_given_out(&name);
    let given_out = explore::request(worker, "asks for", &name, None);
    if is_early {
        explore::refuse(format!("A worker asks for {name} too early. {EARLY}"));
    } else if is_second {
        explore::refuse(format!("A second worker asks for {name}. {AGAIN}"));
    }
    given_out.map(|()| index * STEP)
}

/// Ends the schedule if an image is requested with another token than that of its round.
fn has_its_token(link: &str, token: usize) {
    let rounds = ROUNDS.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let round_of = |link: &str| rounds.iter().position(|round| round.iter().any(|it| it == link));
    let index = round_of(link).unwrap_or_default();
    if let Some(failed) = explore::failed() {
        if explore::requested().iter().filter(|it| *it == link).count() > 1 {
            explore::refuse(format!("{link} fails, and is requested again. {RETRIED}"));
            return;
        }
        // What fails is an image, or the token of a round.
        let allowed = round_of(&failed).unwrap_or_default();
        if index > allowed {
            explore::refuse(format!("{failed} fails. {GOES_ON}"));
            return;
        }
    }
    if token == index * STEP {
        return;
    }
    let name = format!("token {}", index + 1);
    let why = if is_given_out(&name) { OLD } else { NO_TOKEN };
    explore::refuse(format!("{link} is requested with {token} instead of {name}. {why}"));
}

/// Whether the server has been asked for this token.
fn is_given_out(name: &str) -> bool {
    explore::steps().iter().any(|step| step.action == "asks for" && step.object == name)
}

const TIMEOUT: &str = "A timeout only tells you that time has passed, not that anything has failed: the \
                       other worker may be slow. Wait until it arrives, or reports that it has failed.";
const SILENT: &str =
    "the function returns `Ok`: the program would end with exit code 0. Return the error.";
const GOES_ON: &str = "No further round may begin, and one did. All workers must learn of the error before \
                       they go on: what do they wait for, and what do they read then?";
const RETRIED: &str = "This task has no retries: an error ends the program.";
const ONCE: &str = "Each worker must take part in each round, and request its own image once.";
const EARLY: &str = "Not all images of the round have been requested. Nobody may ask before all workers have \
                     their image: they must meet first.";
const AGAIN: &str = "The server gives out one for each round: one worker asks, and the others wait for it. \
                     What does `wait` return?";
const NO_TOKEN: &str = "Nobody has asked for this token yet: a worker begins the next round with the old \
                        one. The leader still has to ask, or waits for the token, when the others go on. \
                        What do they wait for?";
const OLD: &str = "The server has given it out. Did this worker read the old one before the leader had \
                   written the new one, or was it written for one worker only?";
