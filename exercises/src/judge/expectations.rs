//! What a check returns, and the expectations that it lists.

use super::observations::{different, images};
use super::run::Run;
use practice::{Observed, Server};

/// What a check returns: what it observed, or a message for the student.
pub type Verdict = Result<String, String>;

/// Whether a condition is met, and the message for the student if it isn't.
pub type Expectation = (bool, String);

/// Returns the message of the first expectation that isn't met.
///
/// A check lists its expectations in the order in which a student should fix them:
///
/// ```
/// # use exercises::judge::expect_all;
/// let verdict = expect_all([(true, "never shown".into()), (false, "Read me.".into())]);
/// assert_eq!(verdict, Err("Read me.".into()));
/// ```
pub fn expect_all(expectations: impl IntoIterator<Item = Expectation>) -> Result<(), String> {
    let unmet = expectations.into_iter().find(|(is_met, _)| !is_met);
    unmet.map_or(Ok(()), |(_, message)| Err(message))
}

/// At least `expected` requests came to the gate. `hint` says what may have kept the others from
/// it.
pub fn at_least(at_the_gate: usize, expected: usize, hint: &str) -> Expectation {
    let message =
        format!("Before the first response, {at_the_gate} of {expected} requests came. {hint}");
    (at_the_gate >= expected, message)
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
    // Threads that take the same link twice can also lose one: the first mistake explains both.
    let message = if requests > different {
        format!(
            "The server saw {requests} requests for {different} images; each image should be \
             requested once. Does a worker request an image again, or has each its own copy of the \
             queue? Or does it look at the next link and remove it later? In between, others see \
             the same link: looking and removing must be one step, under one lock."
        )
    } else {
        format!(
            "{} of {images_in_album} images were never requested. What makes a worker come back \
             for the next image after it has finished one?",
            images_in_album - different,
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

/// The run ends with an exit code other than 0. `reason` says why it must.
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
