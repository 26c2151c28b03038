//! Task 10: sixteen downloads wait, four threads compute, and neither keeps the other from its work.
//!
//! Every thread that computes is held (`computing.rs`) until nothing more happens: no further thread
//! comes, and the server sees no further request. What stands still then is what one sees. Whether it
//! is the tasks that stand still is seen by one more task, which only has to answer.

use crate::computing::{Watch, shrink};
use crate::judge::{Submission, Running, Verdict, gated, gather, images, serve, settings};
use practice::{Server, Settings};
use std::thread;
use std::time::{Duration, Instant};

const DOWNLOADS: usize = 16;
const THREADS: usize = 4;
/// The threads of rayon's global pool, which is not the one that is to compute. Elsewhere their
/// number is that of the cores, which could be four. Seven are hardly anybody's choice.
const GLOBAL: usize = 7;
const IMAGES: usize = 28;
/// How long no thread has to come at all, or nothing more to happen, until nothing is expected.
const SILENT: Duration = Duration::from_secs(5);
const STILL: Duration = Duration::from_secs(2);

pub fn check(submission: &Submission) -> Verdict {
    // The link is slow enough that computing can begin long before the last image is there.
    let settings = Settings { link_rate: Some(5_000_000), ..settings(IMAGES) };
    let server = serve(&gated(&settings, DOWNLOADS + 1))?;
    let watch = Watch::start().map_err(|error| error.to_string())?;
    let (name, port) = watch.variable().map_err(|error| error.to_string())?;
    let variables = [(name, port.as_str()), ("RAYON_NUM_THREADS", &GLOBAL.to_string())];
    let mut running = submission.start_with(&server, &variables)?;
    let at_the_gate = gather(&mut running, &server, DOWNLOADS);
    if at_the_gate == 0 {
        running.wait()?.succeeded()?;
        return Err("Your program ended without having asked for a single image.".into());
    }
    waiting(at_the_gate)?;
    let held = Held::all(&mut running, &server, watch);
    if running.has_ended() {
        running.wait()?.succeeded()?;
        return Err(
            "Your program ended before it had made its thumbnails. Who waits for them?".into()
        );
    }
    held.judge()?;

    let run = running.wait()?;
    run.succeeded()?;
    let observed = server.observed();
    if observed.peak_in_flight > DOWNLOADS {
        return Err(format!(
            "{} requests were in flight at once. The semaphore of the starter allows {DOWNLOADS}; has \
             every download taken its turn?",
            observed.peak_in_flight
        ));
    }
    for name in server.names() {
        let small = server.file(&name).and_then(|image| shrink(&image).ok());
        if run.files.get(&format!("downloads/{name}")) != small.as_ref() {
            return Err(format!(
                "downloads/{name} is not the thumbnail of that image, or is missing. What `thumbnail` \
                 returns is to be saved under the image's link."
            ));
        }
    }
    Ok(format!(
        "{DOWNLOADS} requests in flight, and {THREADS} threads that computed at once. While they were \
         held in the middle of it, all {IMAGES} images came: whoever waits was not disturbed by those \
         who compute."
    ))
}

/// Judges how many requests waited for their answer.
fn waiting(at_the_gate: usize) -> Result<(), String> {
    match at_the_gate {
        DOWNLOADS.. => Ok(()),
        1 => {
            Err("There was never more than one request in flight: each image waits until the one \
                  before it is done. Does every image have a task of its own, and are all of them \
                  started before the first one is awaited?"
                .into())
        }
        THREADS => Err(format!(
            "{THREADS} requests were in flight, and no more came: each of your four threads sat there \
             and waited for the network. Waiting needs no thread. Who should wait instead, so that \
             {DOWNLOADS} can do it at once?"
        )),
        other => Err(format!(
            "{other} requests were in flight, and no more came. {DOWNLOADS} downloads should wait at \
             once; what do the others wait for?"
        )),
    }
}

/// How it stood when nothing more happened, because all that computed was held.
#[derive(Default)]
struct Held {
    /// How many threads computed.
    inside: usize,
    /// How many of them belonged to a tokio runtime.
    of_tokio: usize,
    /// How many images were asked for.
    asked: usize,
    /// Whether tasks that did not compute got their turn, if it is not plain to see.
    tasks_go_on: bool,
    /// Whether the last image had been sent when the first thread began to compute.
    late: bool,
}

impl Held {
    /// Holds whoever computes until nothing more happens. Then all are let go.
    fn all(running: &mut Running, server: &Server, mut watch: Watch) -> Self {
        let mut held = Self::default();
        let (mut before, mut last) = ((0, 0, 0), Instant::now());
        while !running.has_ended() && !running.time_left().is_zero() {
            if last.elapsed() > if held.inside > 0 { STILL } else { SILENT } {
                break;
            }
            // What was sent is looked at first: a check that is slow must not call a thread late.
            let observed = server.observed();
            let inside = watch.inside();
            let sent = images(&observed).filter(|seen| seen.finished.is_some()).count();
            let asked = images(&observed).count();
            if held.inside == 0 && inside > 0 {
                held.late = sent == IMAGES;
            }
            held = Self { inside, of_tokio: watch.of_tokio, asked, ..held };
            if (inside, asked, sent) != before {
                (before, last) = ((inside, asked, sent), Instant::now());
            }
            thread::sleep(Duration::from_millis(5));
        }
        let nothing_is_missing = held.asked == IMAGES && held.inside >= THREADS;
        held.tasks_go_on = nothing_is_missing || watch.tasks_go_on();
        held
    }

    fn judge(&self) -> Result<(), String> {
        let Self { inside, of_tokio, asked, tasks_go_on, late } = *self;
        if inside == 0 {
            return Err(
                "Images were downloaded, but no thread came to make a thumbnail. What became \
                        of the images? If you handed them over: does anybody take them?"
                    .into(),
            );
        }
        if late {
            return Err(format!(
                "When the first thread began to compute, nothing was left to download: all {IMAGES} \
                 images had been sent. Until then the processor had nothing to do. Each image can \
                 become a thumbnail as soon as it is there. Which task knows that it is?"
            ));
        }
        let seen = format!(
            "While thumbnails were made, {asked} of {IMAGES} images were asked for, and the server saw no \
             further request."
        );
        if !tasks_go_on && of_tokio == 0 {
            return Err(format!(
                "{seen} A pool does the computing, which is right. But somebody waits for the pool \
                 without `.await` (`install`, `join` and `recv` block): the thread of all your \
                 tasks stands still meanwhile."
            ));
        }
        if !tasks_go_on {
            return Err(format!(
                "{seen} A task that computes keeps its thread until it is done. Nobody looks after \
                 the network meanwhile, and other tasks of that thread get no turn; an async \
                 block, or more threads for the runtime, do not change that. Where can computing \
                 go, so that tasks only wait?"
            ));
        }
        if asked < IMAGES {
            return Err(format!(
                "{seen} The computing disturbs nobody, your tasks get their turn. But those that have \
                 not asked yet wait for something. A permit is for a download: does one live until \
                 the thumbnail is made, so that {asked} images at a time are asked for?"
            ));
        }
        if inside == GLOBAL && of_tokio == 0 {
            return Err(format!(
                "The downloads went on, and {inside} threads computed. So many has rayon's global pool, if \
                 the check runs your program; otherwise it has one for each core. `rayon::spawn` and \
                 parallel iterators use it. The pool with {THREADS} threads is the one that `pool()` \
                 makes. Who has to be asked to `spawn`?"
            ));
        }
        if inside > THREADS {
            return Err(format!(
                "{inside} threads computed at once. On a laptop most of them take turns on the cores, \
                 and each keeps a decoded image in memory. Waiting may be done by any number at once, \
                 computing by {THREADS} here. What limits how many begin?"
            ));
        }
        if inside < THREADS {
            return Err(format!(
                "The downloads went on, but {inside} of {THREADS} threads computed, and the others were \
                 idle, although images lay there ready. Is a lock held, or one thumbnail awaited before \
                 the next one may begin? And does the pool have {THREADS} threads?"
            ));
        }
        Ok(())
    }
}
