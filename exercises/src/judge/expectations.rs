//! What a check returns, and the expectations that it lists.

use super::observations::{different, images};
use super::points;
use super::run::Run;
use super::saving::Saving;
use super::source::Source;
use super::steps::{Resumed, Stepped};
use practice::{Observed, Server};
use std::panic::Location;

/// What a check returns: what it observed, or a message for the student.
pub type Verdict = Result<String, String>;

/// Whether a condition is met, and the message for the student if it isn't.
pub type Expectation = (bool, String);

/// Returns the message of the first expectation that isn't met. Those before it count as points.
///
/// A check lists its expectations in the order in which a student should fix them:
///
/// ```
/// # use exercises::judge::expect_all;
/// let verdict = expect_all([(true, "never shown".into()), (false, "Read me.".into())]);
/// assert_eq!(verdict, Err("Read me.".into()));
/// ```
#[track_caller]
pub fn expect_all(expectations: impl IntoIterator<Item = Expectation>) -> Result<(), String> {
    let list = Location::caller();
    for (index, (is_met, message)) in expectations.into_iter().enumerate() {
        points::note(list, index, is_met);
        if !is_met {
            return Err(message);
        }
    }
    Ok(())
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
    let is_multiple = requests > different && requests % different.max(1) == 0;
    // Threads that take the same link twice can also lose one: the first mistake explains both.
    let message = if is_multiple && different == images_in_album {
        format!(
            "The server saw {requests} requests for {different} images: each image was requested {} \
             times, and should be requested once. It looks as if each of your workers goes through \
             the whole list, or has its own copy of the queue. All of them should take from one queue.",
            requests / different,
        )
    } else if requests > different {
        format!(
            "The server saw {requests} requests for {different} images; each image should be \
             requested once. Does a worker request an image again, or has each its own copy of the \
             queue? Or does it look at the next link and remove it later? In between, others see \
             the same link: looking and removing must be one step, under one lock."
        )
    } else {
        format!(
            "{} of {images_in_album} images were never requested. What makes a worker come back \
             for the next image after it has finished one? (If there are permits: is each given \
             back?)",
            images_in_album - different,
        )
    };
    (requests == different && different == images_in_album, message)
}

/// As long as there are images left, a response is followed by the next request: `width` requests
/// are in flight over the whole run.
pub fn keeps_busy(stepped: &Stepped, width: usize) -> Expectation {
    let Some(stall) = stepped.stall else { return (true, String::new()) };
    let what = format!(
        "After response {}, {} requests were in flight instead of {}, and no other one came, \
         although {} images had not been requested yet.",
        stall.released,
        stall.in_flight,
        width.min(stall.in_flight + stall.left),
        stall.left,
    );
    let why = match stall.resumed {
        Resumed::Ended => "Your program had ended by then. Does it wait for all it starts?",
        Resumed::Never => {
            "None came later either. Is a permit or a lock never given back, or did a worker end \
             early? What makes a worker come back for the next image?"
        }
        Resumed::AfterAll => {
            "The next one came only after all of them had their response: the images are \
             downloaded in batches, or awaited in a fixed order. While the largest image of a batch \
             is on its way, the others have nothing to do. Request the next image as soon as one \
             has come."
        }
        Resumed::AfterOldest | Resumed::AfterSome if stall.released == 1 => {
            "The next one came when older requests had their response. Either your program waits for \
             its downloads in a fixed order (a `join` or `.await` on the oldest one), whichever is \
             done first, or in groups that end together; or a permit was never given back. A worker \
             that is done should go on at once."
        }
        Resumed::AfterOldest | Resumed::AfterSome => {
            "A worker that was idle did not take the next image. Did you share the images out \
             beforehand, one part for each worker? The sizes aren't known in advance: all workers \
             should take from one queue until it is empty. Or was a permit never given back, or \
             did a worker end early?"
        }
    };
    (false, format!("{what} {why}"))
}

/// No number is read and written in two steps by threads that share it.
pub fn not_torn(source: &Source) -> Expectation {
    if let Some((look, take)) = source.torn_take() {
        let message = format!(
            "Line {look} of your submission looks whether a link is left, and line {take} takes one, \
             under another lock. In between, another thread can take the last link, and then this \
             one panics. The server does not see it in every run. Look and take under one lock: \
             `pop` does both, and returns `None` if nothing is left."
        );
        return (false, message);
    }
    let torn = source.torn_update();
    let (read, write) = torn.unwrap_or_default();
    let message = format!(
        "Line {read} of your submission reads a number with `load`, and line {write} changes it. In \
         between, another thread can read the same number: then both take the same image. The \
         server does not see it in every run. Reading and writing must be one step: `fetch_add`."
    );
    (torn.is_none(), message)
}

/// No thread looks whether a lock is free, instead of waiting for it.
pub fn waits_for_locks(source: &Source) -> Expectation {
    let line = source.line_with(&[".try_lock()"]);
    let message = format!(
        "{line}`try_lock` doesn't wait: it fails while another thread has the lock. A worker that ends \
         then is missing for the rest of the album, and one that tries again and again keeps a core \
         busy. The server does not see it in every run. Which method waits for the lock?"
    );
    (line.is_empty(), message)
}

/// A worker doesn't keep the others from their next image while it saves one.
pub fn saves_without_the_lock(saving: &Saving) -> Expectation {
    let message = "While one thread was writing its image to the disk, which took a while, another thread \
                   received its image, but didn't request the next one. Is the queue locked while an image \
                   is saved? Saving also means waiting: hold the lock only to take a link.";
    (saving.lets_others_go_on(), message.into())
}

/// The run doesn't panic. `when` says which run it is.
pub fn does_not_panic(run: &Run, when: &str) -> Expectation {
    let message = format!(
        "Your program panicked {when}: {}. A panic means that the program has a bug. It isn't a bug \
         if a list or an image doesn't arrive: handle the `Err`. Where do you call `unwrap`?",
        run.panic()
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
        let file = run.saved(name);
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
