//! Task 9: whatever ends a download early, its half file goes.
//!
//! The attempt runs twice at once. On the album `trouble` one image goes silent half way, and others
//! break off. On the other album all images are on their way over a slow link when the check asks it
//! to stop, and has seen halves and a whole one on the disk before.

use crate::attempt::{Attempt, Run, Running};
use crate::seen::{Verdict, gated, gather, saved_all, serve, settings};
use crate::{blocking, files};
use practice::{Server, Settings};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use std::{fs, thread};

/// The first of these is small, so it is there long before the others.
const IMAGES: usize = 8;
/// They would take five seconds together.
const LINK_RATE: u64 = 300_000;
/// Halves that are on the disk at once, where at most one could be by chance.
const HALVES: usize = 3;
/// What has to happen next happens within this time, or it never does.
const SOON: Duration = Duration::from_secs(4);

const SILENT: &str = "goes-silent.png";
/// It comes whole, but takes longer than an image may.
const STEADY: &str = "slow-but-steady.png";
const BROKEN: [&str; 2] = ["cut-short.png", "chunks-cut.png"];
const FINE: [&str; 2] = ["healthy.png", "numbered.png"];

pub fn check(attempt: &Attempt) -> Verdict {
    let server = serve(&settings(1))?;
    let list = format!("{}/album/{}/images", server.api_url(), practice::TROUBLE);
    let links = blocking::list(&list, "Client-ID check").map_err(|fault| fault.to_string())?;

    let trouble = attempt.start_with(&server, &[("ALBUM", practice::TROUBLE)])?;
    let stopped = stop(attempt)?;
    judge_gate(&stopped)?;
    judge_trouble(&trouble.wait_for(SOON)?, &links)?;
    judge_stop(&stopped)
}

/// An error, unless a time-out or a broken connection costs one image, and nothing else.
fn judge_trouble(run: &Run, links: &[String]) -> Result<(), String> {
    if run.was_stopped() {
        return Err(format!(
            "{SILENT} of the album trouble sends half of it and then nothing, and your program waits \
             for the rest for ever. An image may take `in_time::limit()`. What of tokio takes a future \
             and gives it up when its time is over?"
        ));
    }
    run.ended()?;
    let is_there = |name: &str| run.files.contains_key(&format!("downloads/{name}"));
    let lines = || run.stderr.lines().enumerate();
    let let_go = lines().find(|(_, line)| line.starts_with(&format!("let go of {SILENT}")));
    let failed = lines().find(|(_, line)| line.contains(&format!("/trouble/{SILENT}")));
    if let Some(left) = half_of(SILENT, run) {
        return Err(format!(
            "Your program gives up {SILENT}, and after the time-out half of it is still there: {left}. \
             When the time is over, the future of `fetch` is dropped where it waits: not one more \
             line of it runs. But something of yours does run when a value is dropped. What, and \
             which value should it belong to?"
        ));
    }
    if let Some((name, left)) = BROKEN.iter().find_map(|name| Some((name, half_of(name, run)?))) {
        return Err(format!(
            "The time-outs leave nothing behind. But the connection of {name} broke off half way, and \
             its half is still there: {left}. `fetch` was left by a `?`. A download ends early in more \
             ways than one. Is there a place that all of them pass?"
        ));
    }
    if let Some(name) = FINE.iter().find(|name| !is_there(name)) {
        return Err(format!(
            "{name} of the album trouble came whole, and in the end it is not in downloads. The end of \
             `fetch` drops its values, too, after a success as after a failure. How do they know which \
             of the two it is?"
        ));
    }
    let Some((failed, _)) = failed else {
        return Err(format!(
            "No line on stderr says that {SILENT} failed, though it did. Was there one time-out for all \
             images together? Each of them has a time of its own, and is named with its link if that \
             is over, as `failed …: …` in the starter does."
        ));
    };
    if let_go.is_none_or(|(let_go, _)| let_go > failed) {
        return Err(format!(
            "Your program says that {SILENT} failed, and at that moment its download was still going on: \
             the line `let go of {SILENT}` comes later, or never. So the time-out did not end it. A \
             future that is dropped is cancelled. Is what you have put into the time-out the download, \
             or the handle of a task that does it? What does a task do when its handle is dropped?"
        ));
    }
    if is_there(STEADY) {
        return Err(format!(
            "{STEADY} was saved. It comes in small pieces, for more than three seconds, and an image may \
             take two. So your time-out begins anew with each piece: whoever sends a byte now and \
             then is never given up. Which future is the whole download?"
        ));
    }
    let may_be = |path: &String| {
        links.iter().any(|link| *path == format!("downloads/{}", files::name(link)))
    };
    if let Some(left) = run.files.keys().find(|path| !may_be(path)) {
        return Err(format!(
            "The album trouble has left {left} behind, which is none of its images. Nobody asked your \
             program to stop here. Did it belong to an image that failed?"
        ));
    }
    if run.code() == Some(0) {
        return Err("Images of the album trouble failed, and the exit code is 0.".into());
    }
    Ok(())
}

/// What is left of an image that did not come whole, under its own name or a similar one.
fn half_of<'a>(name: &str, run: &'a Run) -> Option<&'a String> {
    run.files.keys().find(|path| path.contains(name.trim_end_matches(".png")))
}

/// What became of an attempt that was asked to stop.
struct Stopped {
    /// How many images were asked for while none was answered.
    at_the_gate: usize,
    /// The most halves that were on the disk at once.
    halves: usize,
    /// What was saved before.
    whole: Vec<String>,
    run: Run,
    server: Server,
}

fn stop(attempt: &Attempt) -> Result<Stopped, String> {
    let settings = Settings { link_rate: Some(LINK_RATE), ..settings(IMAGES) };
    let server = serve(&gated(&settings, IMAGES + 1))?;
    // Here nothing is to end by itself.
    let mut running = attempt.start_with(&server, &[("LIMIT", "60")])?;
    let at_the_gate = gather(&mut running, &server, IMAGES);
    let (halves, whole) =
        if at_the_gate < IMAGES { (0, Vec::new()) } else { watch(&mut running, &server) };
    fs::write(running.folder().join("stop"), "").map_err(|error| error.to_string())?;
    let run = running.wait_for(SOON)?;
    Ok(Stopped { at_the_gate, halves, whole, run, server })
}

/// Waits until there are enough halves on the disk, and something whole beside them.
fn watch(running: &mut Running, server: &Server) -> (usize, Vec<String>) {
    let until = Instant::now() + SOON;
    let mut most = 0;
    loop {
        let over = running.has_ended() || Instant::now() > until;
        let files = running.files();
        let halves = files.values().filter(|bytes| is_half(bytes, server)).count();
        let whole: Vec<_> =
            files.keys().filter(|path| is_whole(path, &files, server)).cloned().collect();
        most = most.max(halves);
        if over || (most >= HALVES && !whole.is_empty()) {
            return (most, whole);
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// An error, unless all images were on their way at once.
fn judge_gate(Stopped { at_the_gate, run, .. }: &Stopped) -> Result<(), String> {
    if run.code() == Some(101) || *at_the_gate == 0 {
        run.ended()?;
        run.succeeded()?;
        return Err("Your program ended without having asked for a single image.".into());
    }
    if *at_the_gate == 1 {
        return Err("There was never more than one request in flight: one image at a time. That \
                    makes giving up easier, and everything else slower. All images are to be on \
                    their way at once, as in the starter. Who awaits whom?"
            .into());
    }
    if *at_the_gate < IMAGES {
        return Err(format!(
            "{at_the_gate} requests were in flight, and no more came. All {IMAGES} images are to be on \
             their way at once, as in the starter."
        ));
    }
    Ok(())
}

/// An error, unless what was whole is there, and nothing else.
fn judge_stop(stopped: &Stopped) -> Verdict {
    let Stopped { halves, whole, run, server, .. } = stopped;
    if *halves < HALVES {
        return Err(format!(
            "{IMAGES} images were on their way over a slow link, and no halves of them on the disk. So \
             no half can be left; but it looks as if all was kept in memory until it was complete, and \
             an album may be larger than the memory. Each piece is to be written when it comes. Who \
             takes away what was written, if no more comes?"
        ));
    }
    if run.was_stopped() || saved_all(run, server).0 {
        return Err("Your program was asked to stop while images were on their way, and it went on. \
                    `in_time::stopped()` is done when it is to stop. How do you wait for two things \
                    and go on when the first of them is done?"
            .into());
    }
    let left: Vec<_> = run
        .files
        .keys()
        .filter(|path| *path != "stop" && !is_whole(path, &run.files, server))
        .collect();
    if let Some(first) = left.first() {
        let what = format!(
            "When your program was asked to stop, it ended, and left {} halves behind, such as {first}.",
            left.len()
        );
        return Err(if run.stderr.contains("let go of ") {
            format!(
                "{what} Its downloads were dropped (`let go of …`), each at the `.await` where it \
                 waited, and the code that comes after that `.await` never runs. So no code that \
                 cleans up can stand there, nor can `Drop` start something that has to be awaited. \
                 What of yours does run, and at once, when a future is dropped?"
            )
        } else {
            format!(
                "{what} Nothing was dropped: there is not one line `let go of …`. The process ended, \
                 and no destructor ran. `process::exit` does that; a `main` that returns does not. How \
                 does the wish to stop get from where you notice it back to the end of `main`?"
            )
        });
    }
    if let Some(gone) = whole.iter().find(|path| !run.files.contains_key(*path)) {
        return Err(format!(
            "{gone} was already saved when your program was asked to stop, and afterwards it was gone. \
             What is complete stays. Who knows which files are not complete?"
        ));
    }
    if run.code() == Some(0) {
        return Err(
            "Your program was asked to stop, and its exit code is 0: as if the album were \
                    complete. Somebody may want to know."
                .into(),
        );
    }
    Ok(format!(
        "{SILENT} was given up when its time was over, and no half was left. Asked to stop with \
         {halves} halves on the disk, your program took them away, and kept what was complete."
    ))
}

/// Whether this is the beginning of an image, and not all of it.
fn is_half(bytes: &[u8], server: &Server) -> bool {
    let images = server.names().into_iter().filter_map(|name| server.file(&name));
    let mut begun = images.filter(|image| image.starts_with(bytes) && image.len() > bytes.len());
    // All images have their first bytes in common.
    bytes.len() > 100 && begun.next().is_some()
}

/// Whether what stands at this path is an image of the album, byte for byte.
fn is_whole(path: &str, files: &BTreeMap<String, Vec<u8>>, server: &Server) -> bool {
    let image = path.strip_prefix("downloads/").and_then(|name| server.file(name));
    image.is_some_and(|image| files.get(path).is_some_and(|bytes| **bytes == *image))
}
