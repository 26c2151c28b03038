//! Task 15: two and three readers want the same images in every schedule; then eight at the server.
//! Each image is requested once, and all of them at the same time. A request that fails is followed by
//! another one.

use crate::judge::{
    Ended, Expectation, Guided, Submission, Verdict, different, does_not_panic, drawn,
    ends_with_failure, expect_all, explored, images,
};
use practice::{Held, Release, Settings};

const READERS: usize = 8;

pub fn check(submission: &Submission) -> Verdict {
    let covered = explored(submission)?;
    let settings = drawn(submission, 4..=6);
    let all = settings.images;
    let stepped = step(submission, &settings)?;
    let ended = &stepped.ended;
    expect_all([
        requests_none_twice(stepped.first, stepped.different),
        requests_different_ones(stepped.different, all),
        waits_asleep(stepped.slept),
        requests_none_again(ended, all),
    ])?;
    ended.run.succeeded()?;
    expect_all([fills_every_shelf(ended)])?;
    fails_once(submission, &settings)?;
    fails_always(submission, &settings)?;
    Ok(format!(
        "With three readers, an image is requested once in {covered}. At the server, {READERS} readers \
         have {all} images each. All {all} were in flight at the same time, and the \
         server saw each request once. In a second run one image failed once, and one further request \
         brought it. In a third run it failed each time, and the exit code said so."
    ))
}

/// What a run without errors showed.
struct Stepped {
    /// Requests before the first response, and how many images they were for.
    first: usize,
    different: usize,
    /// Whether the program slept meanwhile.
    slept: bool,
    ended: Ended,
}

fn step(submission: &Submission, settings: &Settings) -> Result<Stepped, String> {
    let mut random = submission.random();
    let mut run = Guided::start(submission, settings)?;
    run.comes(|run| different(&run.server.observed()) >= settings.images);
    let slept = run.sleeps();
    let observed = run.server.observed();
    let (first, different) = (images(&observed).count(), different(&observed));
    // In any order: a reader that waits for one image gets another one first.
    for _ in 0..settings.images {
        let mut held = run.server.held();
        random.shuffle(&mut held);
        if let Some(held) = held.first() {
            run.server.release(held.id, Release::Image);
            run.settle_briefly();
        }
    }
    Ok(Stepped { first, different, slept, ended: run.end()? })
}

fn requests_none_twice(first: usize, different: usize) -> Expectation {
    let message = format!(
        "Before the first response, {first} requests were in flight for {different} images: some were \
         requested again while the first request was on its way. Several readers look into the \
         cache, find nothing, and request the image. The others must find out that a request is in \
         flight, and wait for it: the decision to request must be one step with the look into the \
         cache."
    );
    (first == different, message)
}

fn requests_different_ones(different: usize, all: usize) -> Expectation {
    let message = format!(
        "Before the first response, {different} of {all} images were requested, although {READERS} \
         readers begin with different images. A reader that wants a different image must not wait. \
         Which lock is held during the download: that of the whole cache?"
    );
    (different == all, message)
}

fn waits_asleep(slept: bool) -> Expectation {
    let message = "While all images were on their way, nothing could be done, and your program looked \
                   into the cache again and again. A reader that waits should sleep until the image \
                   has come: what puts it to sleep and wakes it?";
    (slept, message.into())
}

fn requests_none_again(ended: &Ended, all: usize) -> Expectation {
    let requests = images(&ended.observed).count();
    let message = format!(
        "The server saw {requests} requests for {all} images: an image was requested again after it \
         had come. Is it in the cache before the next reader looks?"
    );
    (requests <= all, message)
}

/// Each reader has each image.
fn fills_every_shelf(ended: &Ended) -> Expectation {
    let names = ended.server.names();
    let has = |reader: usize, name: &String| {
        let file = ended.run.files.get(&format!("reader-{reader}/{name}"));
        file.is_some_and(|file| Some(&file[..]) == ended.server.file(name).as_deref())
    };
    let missing: usize =
        (1..=READERS).map(|it| names.iter().filter(|name| !has(it, name)).count()).sum();
    let message = format!(
        "{missing} of {} images are missing on the readers' shelves, or have the wrong content. A \
         reader that finds a request in flight must wait for its image, and not go on without it.",
        READERS * names.len()
    );
    (missing == 0, message)
}

/// A run in which the first request for one image fails.
fn fails_once(submission: &Submission, settings: &Settings) -> Result<(), String> {
    let mut run = Guided::start(submission, settings)?;
    let name = run.server.names().swap_remove(submission.random().usize(..settings.images));
    run.comes(|run| different(&run.server.observed()) >= settings.images);
    run.settle_briefly();
    // The others wait for this request when it fails.
    let failing = run.server.held().into_iter().find(|held| held.name == name);
    if let Some(failing) = failing {
        run.server.release(failing.id, Release::Status(503));
    }
    run.comes(|run| run.server.held().iter().any(|held| held.name == name));
    run.settle();
    let again = run.server.held().iter().filter(|held| held.name == name).count();
    let ended = run.end()?;
    expect_all([
        does_not_panic(&ended.run, "when one request failed"),
        (
            again > 0,
            "One request failed, and your program never requested the image again, although readers \
             waited for it. An error must not stay in the cache: the next reader that wants the image \
             should try again."
                .into(),
        ),
        (
            again <= 1,
            format!(
                "One request failed, and then {again} requests for the same image were in flight. \
                 After an error, too, one reader requests the image and the others wait."
            ),
        ),
    ])?;
    ended.run.succeeded()?;
    expect_all([fills_every_shelf(&ended)])
}

/// A run in which each request for one image fails.
fn fails_always(submission: &Submission, settings: &Settings) -> Result<(), String> {
    let run = Guided::start(submission, settings)?;
    let name = run.server.names().swap_remove(submission.random().usize(..settings.images));
    let respond =
        |held: &Held| if held.name == name { Release::Status(503) } else { Release::Image };
    let what = "each request for one image failed";
    expect_all(ends_with_failure(&run.end_with(respond)?, what, "What tells the waiting readers?"))
}
