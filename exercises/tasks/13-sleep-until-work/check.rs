//! Task 13: one worker, and then two, get pages in every schedule. Then, at the server, four workers
//! sleep between two pages; with each page as many wake as there are links; after the last one, all of
//! them end.

#[path = "check/failing.rs"]
mod failing;

use crate::judge::{
    Ended, Guided, Submission, Verdict, does_not_panic, drawn, each_once, expect_all, explored,
    images, only_downloads, saved_all,
};
use practice::{Release, Settings};

const WORKERS: usize = 4;
/// The most links that a page can have.
const MAX_LINKS: usize = 7;

pub fn check(submission: &Submission) -> Verdict {
    let covered = explored(submission)?;
    let mut random = submission.random();
    // One link: only one worker gets one. Then enough for all of them.
    let mut sizes = vec![1, random.usize(WORKERS..=MAX_LINKS)];
    sizes.extend((0..3).map(|_| random.usize(1..=MAX_LINKS)));
    random.shuffle(&mut sizes[2..]);
    let settings = Settings { images: sizes.iter().sum(), ..drawn(submission, 1..=1) };
    let (mistake, ended) = step(submission, &settings, &sizes)?;
    expect_all([does_not_panic(&ended.run, "although the server caused no error")])?;
    if let Some(mistake) = mistake {
        return Err(mistake);
    }
    ended.run.succeeded()?;
    expect_all([
        each_once(&only_downloads(&ended.observed), settings.images),
        saved_all(&ended.run, &ended.server),
    ])?;
    failing::fails(submission, &settings)?;
    Ok(format!(
        "With two workers, no notification is missed in {covered}. At the server, {} pages came, with \
         {} images in all. Between two pages your program slept; each page woke as many of the \
         {WORKERS} workers as it had links for; after the last one, all of them ended. When a page, a \
         download, or all downloads failed, your program ended with a failure.",
        sizes.len(),
        settings.images,
    ))
}

/// Sends page after page, up to the first mistake.
fn step(
    submission: &Submission,
    settings: &Settings,
    sizes: &[usize],
) -> Result<(Option<String>, Ended), String> {
    let mut random = submission.random();
    let mut run = Guided::start(submission, settings)?;
    let mut mistake = None;
    let mut sent = 0;
    for (number, &links) in (1..).zip(sizes) {
        mistake = send_page(&mut run, number, links).err();
        sent += links;
        // One image after another, in any order: each worker that is done takes the next link.
        while mistake.is_none() && !run.downloads().is_empty() {
            let held = run.downloads();
            let left = sent.saturating_sub(downloaded(&run));
            run.server.release(held[random.usize(..held.len())].id, Release::Image);
            let expected = WORKERS.min(held.len() - 1 + left);
            mistake = goes_on(&mut run, number, expected, left).err();
        }
        if mistake.is_some() {
            break;
        }
    }
    if mistake.is_none() {
        mistake = goes_home(&mut run).err();
    }
    Ok((mistake, run.end()?))
}

/// Sends a page to a program whose workers sleep, and expects a request for each link, or from each
/// worker.
fn send_page(run: &mut Guided, number: usize, links: usize) -> Result<(), String> {
    let asks = run.comes(|run| !run.look_ups().is_empty());
    expect_all([(
        asks,
        format!(
            "Page {number} was never requested. The thread that lists the album should request the \
             next page at once: the server decides when it comes."
        ),
    )])?;
    // Twice is enough: before any work, and after some.
    let slept = number > 2 || run.sleeps();
    let too_early = run.downloads().len();
    let Some(page) = run.look_ups().into_iter().next() else { return Ok(()) };
    run.server.release(page.id, Release::Size(links - 1));
    let expected = WORKERS.min(links);
    run.comes(|run| run.downloads().len() >= expected);
    run.settle_briefly();
    let came = run.downloads().len();
    expect_all([
        (too_early == 0, format!("Before page {number} had come, images were requested.")),
        (
            slept,
            "There was no work, and your program looked for some again and again. A worker that \
             looks every millisecond, or waits with a timeout, wastes processor time, and is late \
             as well. `Condvar` puts a thread to sleep until another one notifies it."
                .into(),
        ),
        (came >= expected, woke_too_few(run.threads(), number, links, came)),
        (
            came <= expected,
            format!(
                "Page {number} came with {links} links, and {came} requests instead of {expected}: are \
                 there more than {WORKERS} workers, or do two of them take the same link?"
            ),
        ),
    ])
}

fn woke_too_few(threads: Option<usize>, number: usize, links: usize, came: usize) -> String {
    // `main` is one of the threads.
    let gone = (1 + WORKERS).saturating_sub(threads.unwrap_or(1 + WORKERS));
    let why = if gone > 0 {
        format!(
            "{gone} of the workers had ended. Did they wake for an earlier page, find no link, and \
             end? Another worker may be faster, or a thread may wake for no reason: after it has \
             woken, it must look at the condition again, in a loop."
        )
    } else if came == 0 {
        "No worker woke: is there a notification after the links have been added, and do all wait \
         on the same condition variable?"
            .into()
    } else {
        "The others sleep on. `notify_one` wakes one thread, whatever the number of links. (Or is the \
         lock held during the download? Then they are awake, and wait for it.)"
            .to_owned()
    };
    format!(
        "Page {number} came with {links} links while no worker had anything to do, and {came} \
         requests came instead of {}. {why}",
        WORKERS.min(links),
    )
}

/// After a response, a worker takes the next link.
fn goes_on(run: &mut Guided, number: usize, expected: usize, left: usize) -> Result<(), String> {
    run.comes(|run| run.downloads().len() >= expected);
    let came = run.downloads().len();
    expect_all([(
        came >= expected,
        format!(
            "Page {number} has {left} more links, and {came} requests were in flight instead of \
             {expected}. A worker that is done must look into the queue before it sleeps: a \
             notification that came in the meantime isn't repeated."
        ),
    )])
}

/// When the last page has come, all workers end.
fn goes_home(run: &mut Guided) -> Result<(), String> {
    let asks = run.comes(|run| !run.look_ups().is_empty());
    let held = run.look_ups().into_iter().next();
    if let Some(page) = held.filter(|_| asks) {
        run.settle_briefly();
        run.server.release(page.id, Release::Size(0));
    }
    expect_all([
        (
            asks,
            "Your program never asked whether there is another page. Only the server knows: \
             `next_page` returns `None` after the last one."
                .into(),
        ),
        (
            run.ends(),
            "The server had said that no further page comes, and your program did not end: workers \
             still sleep. All of them must be woken and find out that the list is complete. \
             `notify_one` wakes one of four."
                .into(),
        ),
    ])
}

/// The downloads that were requested up to now.
fn downloaded(run: &Guided) -> usize {
    images(&run.server.observed()).filter(|seen| !seen.is_head).count()
}
