//! Task 11: the server's log says when each image was asked for again.
//!
//! Two runs. In the first one the server lets eight in, refuses all others with `Retry-After: 1`, and
//! is well again. In the second one it is down and stays down. Times between requests are what this
//! task is about, so they are looked at. Every bound is far from what it tells apart.

use crate::attempt::Attempt;
use crate::seen::{Verdict, gated, gather, images, saved_all, serve, settings};
use practice::{Gate, Observed, Server, Settings};
use std::collections::HashMap;
use std::time::Duration;

const IMAGES: usize = 40;
const LIMIT: usize = 8;
const TRIES: usize = 3;
/// What the server asks for, less a little.
const ASKED_FOR: Duration = Duration::from_millis(950);
/// With the random part they come back within 500 ms, without it nearly at once.
const APART: Duration = Duration::from_millis(150);
/// How long a run may take. One that is right takes two or three seconds.
const PATIENCE: Duration = Duration::from_secs(7);

pub fn check(attempt: &Attempt) -> Verdict {
    let first = busy(attempt, true)?;
    let second = down(attempt)?;
    Ok(format!("{first} {second}"))
}

/// A server that is busy: it serves eight at once, and asks all others to come back in a second.
fn busy(attempt: &Attempt, twice: bool) -> Verdict {
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
    let apart = between_the_tenths(&back).unwrap_or_default();
    if apart < APART && twice {
        // If the machine stood still for half a second, it looks the same. Once, not twice.
        return busy(attempt, false);
    }
    if apart < APART {
        return Err(format!(
            "The server asked {} tasks to wait for a second, and nearly all of them came back in the \
             same moment, within {apart:.0?}. It can serve {LIMIT} at once, so most are refused again, \
             and again together. What could make their pauses differ, also where the server has \
             said how long they should be?",
            back.len()
        ));
    }
    if run.code() != Some(0) {
        // Whoever gives up too early can lose images here, too; there one sees why.
        down(attempt)?;
    }
    run.succeeded()?;
    saved_all(&run, &server)?;
    Ok(format!(
        "{} tasks were refused, waited for the second that the server asked for, and came back spread \
         over {:.0?}; all {IMAGES} images are saved.",
        back.len(),
        back[back.len() - 1].saturating_sub(*shortest)
    ))
}

/// A server that is down: 503 for every image, without a `Retry-After`.
fn down(attempt: &Attempt) -> Verdict {
    let gate = Some(Gate { requests: usize::MAX, limit: Duration::ZERO });
    let server: Server = serve(&Settings { gate, ..settings(IMAGES) })?;
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
    if let Some(least) = tries.iter().map(Vec::len).min().filter(|least| *least < TRIES) {
        return Err(format!(
            "On a server that answers 503 an image was asked for {least} times instead of {TRIES}. The \
             first try counts, too, and so does the one after the last pause."
        ));
    }
    let rounds: Vec<Vec<Duration>> = (0..TRIES - 1)
        .map(|round| tries.iter().filter_map(|tries| pause(tries, round)).collect())
        .collect();
    let means: Vec<f64> = rounds.iter().map(|pauses| mean(pauses)).collect();
    if means[1] < 1.5 * means[0] {
        return Err(format!(
            "On a server that is down the pauses between the three tries were {:.1} s and {:.1} s on \
             average. They do not grow as they should. Who is down now is hardly up in the next \
             moment; the longer it lasts, the less often should one ask. Each pause should be twice \
             as long as the one before it.",
            means[0], means[1],
        ));
    }
    // All pauses, each as a part of its round's mean.
    let shares = rounds.iter().zip(&means);
    let mut shares: Vec<_> =
        shares.flat_map(|(pauses, mean)| pauses.iter().map(move |it| it.div_f64(*mean))).collect();
    shares.sort();
    if between_the_tenths(&shares).unwrap_or_default() < Duration::from_millis(200) {
        return Err(format!(
            "On a server that is down, all {IMAGES} tasks came back in the same moment, twice: \
             their pauses grow, and are alike. Whatever brought it down is there again each time. \
             What could make the pauses differ, also where the server has not asked for one?"
        ));
    }
    if run.code() == Some(0) {
        return Err("Nothing could be downloaded, and your program ended with exit code 0.".into());
    }
    Ok(format!(
        "When the server was down, each image was asked for {TRIES} times, with pauses of {:.1} s and {:.1} s \
         on average, and no two alike.",
        means[0], means[1],
    ))
}

/// For each image, when it was asked for.
fn tries(observed: &Observed) -> Vec<Vec<Duration>> {
    let mut tries: HashMap<&str, Vec<Duration>> = HashMap::new();
    for seen in images(observed) {
        tries.entry(&seen.target).or_default().push(seen.came);
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

/// How far they lie apart, without the shortest and the longest tenth: a few that are late on a busy
/// machine tell nothing.
fn between_the_tenths(sorted: &[Duration]) -> Option<Duration> {
    let tenth = sorted.len() / 10;
    let (short, long) = (sorted.get(tenth)?, sorted.iter().rev().nth(tenth)?);
    Some(long.saturating_sub(*short))
}
