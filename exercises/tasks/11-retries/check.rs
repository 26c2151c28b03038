//! Task 11: the server's log says when each image was asked for again.
//!
//! Two runs. In the first one the server lets eight in, refuses all others with `Retry-After: 1`, and
//! is well again. In the second one it is down and stays down. Times between requests are what this
//! task is about, so they are looked at. A machine that stands still for half a second can look like
//! jitter, or like its lack; so whatever the times decide is looked at twice.

use crate::attempt::Attempt;
use crate::seen::{self, Verdict, gated, gather, images, saved_all, serve, settings};
use practice::{Observed, Settings};
use std::collections::HashMap;
use std::time::Duration;

const IMAGES: usize = 40;
const LIMIT: usize = 8;
const TRIES: usize = 3;
/// What the server asks for, less a little.
const ASKED_FOR: Duration = Duration::from_millis(950);
/// The fixed part of the first pause and of the second one.
const FIXED: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(1)];
/// With the random part they come back within 500 ms, without it nearly at once.
const APART: Duration = Duration::from_millis(150);
/// How long a run may take. One that is right takes two or three seconds.
const PATIENCE: Duration = Duration::from_secs(7);

/// What one run shows: an error that is certain, or a verdict, and whether a machine that stood still
/// can have brought it about.
type Look = Result<(Verdict, bool), String>;

pub fn check(attempt: &Attempt) -> Verdict {
    let first = twice(|| busy(attempt))?;
    let second = twice(|| down(attempt))?;
    Ok(format!("{first} {second}"))
}

/// The verdict of one look, or of a second one, if the first is in doubt. For more there is no time.
fn twice(look: impl Fn() -> Look) -> Verdict {
    let (verdict, is_doubtful) = look()?;
    if is_doubtful { look()?.0 } else { verdict }
}

/// A server that is busy: it serves eight at once, and asks all others to come back in a second.
fn busy(attempt: &Attempt) -> Look {
    // The gate keeps the eight that are served until all others have been refused.
    let settings = Settings { limit: Some(LIMIT), ..settings(IMAGES) };
    let server = serve(&gated(&settings, IMAGES))?;
    let mut running = attempt.start(&server)?;
    let at_the_gate = gather(&mut running, &server, IMAGES);
    if at_the_gate == 0 {
        running.wait()?.succeeded()?;
        return Err("Your program ended without having asked for a single image.".into());
    }
    if at_the_gate == 1 {
        return Err("There was never more than one request in flight. Like that nobody is refused, \
                    and an album takes as long as all its images together. The tasks of the starter \
                    are to stay."
            .into());
    }
    if at_the_gate <= LIMIT {
        return Err(format!(
            "{at_the_gate} requests were in flight, and no more came. The server can serve {LIMIT}, so \
             nobody was refused. Task 7 is about that; here all images are to be asked for at once, \
             as in the starter."
        ));
    }
    let run = running.wait_for(PATIENCE)?;
    let tries = tries(&server.observed());
    let mut back: Vec<Duration> = tries.iter().filter_map(|tries| pause(tries, 0)).collect();
    back.sort();
    if run.was_stopped() && back.len() < IMAGES / 2 {
        return Err(format!(
            "{PATIENCE:?} after it had started, your program still ran, and only {} of {} refused \
             images had been asked for again. It looks as if its tasks sleep one after the other: \
             `std::thread::sleep` stops the thread, and with it all tasks that live there. How does a \
             task sleep?",
            back.len(),
            IMAGES - LIMIT,
        ));
    }
    let Some(shortest) = back.first() else {
        run.succeeded()?;
        return Err("No image was asked for a second time, although most were refused.".into());
    };
    if *shortest < ASKED_FOR {
        return Err(format!(
            "The server answered 429 with `Retry-After: 1`, and {shortest:.0?} later it was asked again. \
             In all it had to answer {} requests for {IMAGES} images, and a server that is busy becomes \
             busier like that. It has said when it wants to be asked, and your program did not hear it. \
             Where in the `Fault` does it stand, and does your task wait at all?",
            tries.iter().map(Vec::len).sum::<usize>(),
        ));
    }
    // A client that is slow to hear of its refusals has pauses that differ, and comes back all at once.
    let mut moments: Vec<_> = tries.iter().filter_map(|tries| tries.get(1).copied()).collect();
    moments.sort();
    let apart = between_the_tenths(&back).min(between_the_tenths(&moments)).unwrap_or_default();
    let pairs = moments.windows(2);
    let stood_still = pairs.map(|pair| pair[1].saturating_sub(pair[0])).max().unwrap_or_default();
    if apart < APART {
        return Ok(doubt(format!(
            "The server asked {} tasks to wait for a second, and nearly all of them came back in the \
             same moment, within {apart:.0?}. It can serve {LIMIT} at once, so most are refused again, \
             and again together. What could make their pauses differ, also where the server has \
             said how long they should be?",
            back.len()
        )));
    }
    let least = ASKED_FOR + FIXED[0];
    if *shortest < least {
        return Err(format!(
            "The server asked for a second, and {shortest:.1?} later somebody was back. A pause is the sum \
             of three parts: the second, the fixed 500 ms, and the random part. Which one is missing?"
        ));
    }
    if run.code() != Some(0) {
        // Whoever gives up too early can lose images here, too; there one sees why.
        twice(|| down(attempt))?;
    }
    run.succeeded()?;
    crate::seen::expect_all([saved_all(&run, &server)])?;
    let observed = format!(
        "{} tasks were refused, waited for the second that the server asked for, and came back spread \
         over {:.0?}; all {IMAGES} images are saved.",
        back.len(),
        back[back.len() - 1].saturating_sub(*shortest)
    );
    Ok((Ok(observed), apart < APART + stood_still))
}

/// A server that is down: 503 for every image, without a `Retry-After`.
fn down(attempt: &Attempt) -> Look {
    let server = serve(&seen::down(&settings(IMAGES)))?;
    let run = attempt.start(&server)?.wait_for(PATIENCE)?;
    let tries = tries(&server.observed());
    if let Some(most) = tries.iter().map(Vec::len).max().filter(|most| *most > TRIES) {
        return Err(format!(
            "On a server that is down an image was asked for {most} times; it should be {TRIES} at most. \
             A client that does not give up keeps knocking all night, and never says what is wrong. \
             Who counts the tries?"
        ));
    }
    run.ended()?;
    let least = tries.iter().map(Vec::len).min().unwrap_or_default();
    if least < TRIES {
        return Err(format!(
            "On a server that answers 503 an image was asked for {least} times instead of {TRIES}. The \
             first try counts, too, and so does the one after the last pause."
        ));
    }
    let rounds = [0, 1].map(|round| {
        let mut pauses: Vec<_> = tries.iter().filter_map(|tries| pause(tries, round)).collect();
        pauses.sort();
        pauses
    });
    let means = rounds.each_ref().map(|pauses| mean(pauses));
    if means[1] < 1.4 * means[0] {
        return Ok(doubt(format!(
            "On a server that is down the pauses between the three tries were {:.1} s and {:.1} s on \
             average. They do not grow as they should. Who is down now is hardly up in the next \
             moment; the longer it lasts, the less often should one ask. Each pause should be twice \
             as long as the one before it.",
            means[0], means[1],
        )));
    }
    let are_alike = |(pauses, mean): (&Vec<Duration>, &f64)| {
        between_the_tenths(pauses).unwrap_or_default().as_secs_f64() < 0.2 * mean
    };
    if rounds.iter().zip(&means).any(are_alike) {
        return Ok(doubt(format!(
            "On a server that is down, all {IMAGES} tasks came back in the same moment: \
             their pauses grow, and are alike. Whatever brought it down is there again each time. \
             What could make the pauses differ, also where the server has not asked for one?"
        )));
    }
    let spreads = rounds.each_ref().map(|pauses| spread(pauses));
    if spreads[1] < spreads[0].mul_f64(1.5) {
        return Ok(doubt(format!(
            "On a server that is down the shortest and the longest pause before the second try lay \
             {:.1} s apart, and {:.1} s before the third one. So the fixed part grows, and the random \
             part does not: the longer it lasts, the closer together they come, compared with \
             their pauses. The random part is to be as long as the fixed one. What is it a part of?",
            spreads[0].as_secs_f64(),
            spreads[1].as_secs_f64(),
        )));
    }
    for (pauses, fixed) in rounds.iter().zip(FIXED) {
        // The random part begins at nothing, and of so many tasks one has nearly that.
        if pauses[0] < fixed.mul_f64(0.95) || pauses[0] > fixed.mul_f64(1.4) {
            return Ok(doubt(format!(
                "On a server that is down the shortest pauses were {:.1} s and {:.1} s. Without the \
                 random part they are the fixed ones: 0.5 s before the second try, and twice as long \
                 before the third.",
                rounds[0][0].as_secs_f64(),
                rounds[1][0].as_secs_f64(),
            )));
        }
    }
    if run.code() == Some(0) {
        return Err("Nothing could be downloaded, and your program ended with exit code 0.".into());
    }
    let observed = format!(
        "When the server was down, each image was asked for {TRIES} times, with pauses of {:.1} s and {:.1} s \
         on average, and no two alike.",
        means[0], means[1],
    );
    Ok((Ok(observed), false))
}

/// A refusal that a second look may take back.
fn doubt(message: String) -> (Verdict, bool) {
    (Err(message), true)
}

/// For each image, when it was asked for.
fn tries(observed: &Observed) -> Vec<Vec<Duration>> {
    let mut tries: HashMap<&str, Vec<Duration>> = HashMap::new();
    for seen in images(observed) {
        tries.entry(&seen.target).or_default().push(seen.arrived);
    }
    tries.into_values().collect()
}

/// The time between a try and the next one, if there is one.
fn pause(tries: &[Duration], round: usize) -> Option<Duration> {
    tries.get(round + 1).map(|next| next.saturating_sub(tries[round]))
}

/// In seconds.
fn mean(pauses: &[Duration]) -> f64 {
    pauses.iter().sum::<Duration>().as_secs_f64() / pauses.len() as f64
}

/// How far they lie apart, without the two longest: a few may be late.
fn spread(sorted: &[Duration]) -> Duration {
    let (short, long) = (sorted.first(), sorted.iter().rev().nth(2));
    long.copied().unwrap_or_default().saturating_sub(short.copied().unwrap_or_default())
}

/// How far they lie apart, without the shortest and the longest tenth: a few that are late on a busy
/// machine tell nothing.
fn between_the_tenths(sorted: &[Duration]) -> Option<Duration> {
    let tenth = sorted.len() / 10;
    let (short, long) = (sorted.get(tenth)?, sorted.iter().rev().nth(tenth)?);
    Some(long.saturating_sub(*short))
}
