//! Task 16: two workers go through two rounds in every schedule. Then, at the server: four downloads
//! with the round's token, then one request for the next token, and only then the next round. The server
//! holds a straggler, drawn at random in each round, and each token.

#[path = "check/failing.rs"]
mod failing;

use crate::judge::{
    Ended, Guided, Submission, Verdict, does_not_panic, drawn, each_once, expect_all, explored,
    only_downloads, saved_all,
};
use practice::{Held, Release, Settings};

const WORKERS: usize = crate::rounds::IMAGES;
/// Tokens have this many values: none is guessed.
const TOKENS: std::ops::Range<usize> = 1_000..1_000_000_000;

pub fn check(submission: &Submission) -> Verdict {
    let covered = explored(submission)?;
    let rounds = submission.random().usize(3..=5);
    let settings = Settings { images: rounds * WORKERS, ..drawn(submission, 1..=1) };
    let (mistake, ended) = step(submission, &settings)?;
    let run = &ended.run;
    expect_all([does_not_panic(run, "although the server caused no error")])?;
    if let Some(mistake) = mistake {
        return Err(mistake);
    }
    run.succeeded()?;
    expect_all([
        each_once(&only_downloads(&ended.observed), settings.images),
        saved_all(run, &ended.server),
    ])?;
    failing::fails(submission, &settings, &ended.server)?;
    Ok(format!(
        "With two workers, each round has its own token in {covered}. At the server, in {rounds} rounds, \
         {WORKERS} downloads were in flight at the same time. The token of the next round was requested \
         once, when the last image had come, and no download came before the token. After a refused token, \
         and after one or all four downloads of a round had failed, the program ended with a failure."
    ))
}

/// Steps through the rounds up to the first mistake.
fn step(submission: &Submission, settings: &Settings) -> Result<(Option<String>, Ended), String> {
    let mut random = submission.random();
    let mut run = Guided::start(submission, settings)?;
    let names = run.server.names();
    let rounds: Vec<&[String]> = names.chunks(WORKERS).collect();
    let (mut token, mut mistake) = (0, None);
    for (index, names) in rounds.iter().enumerate() {
        mistake = begins(&mut run, index, names, token).err();
        let is_last = index + 1 == rounds.len();
        if mistake.is_some() {
            break;
        }
        let mut downloads = run.downloads();
        random.shuffle(&mut downloads);
        mistake = waits_for_the_straggler(&mut run, index, &downloads).err();
        if mistake.is_some() {
            break;
        }
        run.server.release(downloads[WORKERS - 1].id, Release::Image);
        if is_last {
            break;
        }
        mistake = asks_for_one_token(&mut run, index).err();
        let look_ups = run.look_ups();
        let Some(asked) = look_ups.first().filter(|_| mistake.is_none()) else { break };
        token = random.usize(TOKENS);
        run.server.release(asked.id, Release::Size(token));
    }
    Ok((mistake, run.end()?))
}

/// All workers request their image of this round, with its token.
fn begins(run: &mut Guided, round: usize, names: &[String], token: usize) -> Result<(), String> {
    run.comes(|run| run.downloads().len() >= WORKERS);
    let downloads = run.downloads();
    let expected = format!("token={token}");
    let is_wrong = |held: &&Held| run.target(held).split('?').nth(1) != Some(expected.as_str());
    let wrong = downloads.iter().find(is_wrong).map(|held| run.target(held));
    let others = downloads.iter().filter(|held| !names.contains(&held.name)).count();
    let number = round + 1;
    expect_all([
        (
            downloads.len() >= WORKERS || round > 0,
            format!(
                "In round 1, {} of {WORKERS} requests came before the first response. The workers \
                 wait for each other between two rounds, not within one. Is a lock held during a \
                 download?",
                downloads.len()
            ),
        ),
        (
            downloads.len() >= WORKERS,
            format!(
                "The server had sent the token of round {number}, and then {} of {WORKERS} requests \
                 came. Every worker must be woken, and take part in each round.",
                downloads.len()
            ),
        ),
        (
            others == 0,
            format!("In round {number}, {others} requests were for images of other rounds."),
        ),
        (
            wrong.is_none(),
            format!(
                "In round {number}, a request didn't have the token of this round: {}. Did this \
                 worker read the token before the leader had written it, or was it written for one \
                 worker only?",
                wrong.unwrap_or_default()
            ),
        ),
    ])
}

/// As long as one image of the round is held, nothing else is requested.
fn waits_for_the_straggler(
    run: &mut Guided,
    round: usize,
    downloads: &[Held],
) -> Result<(), String> {
    let (last, first) = downloads.split_last().unwrap_or_else(|| unreachable!("they have come"));
    for held in first {
        run.server.release(held.id, Release::Image);
    }
    run.comes(|run| run.server.in_flight() == 1 || run.server.held().len() > 1);
    // A worker without a barrier goes on at once, in each round.
    if round == 0 {
        run.settle();
    } else {
        run.settle_briefly();
    }
    let held = run.server.held();
    let asked = held.iter().any(|held| held.is_head);
    let went_on = held.iter().any(|held| !held.is_head && held.id != last.id);
    let number = round + 1;
    expect_all([
        (
            !asked,
            format!(
                "In round {number}, the next token was requested while one image was still on its \
                 way. No worker may request it before all {WORKERS} have their images: they must meet \
                 first. Which call waits until {WORKERS} threads have come?"
            ),
        ),
        (
            !went_on,
            format!(
                "In round {number}, a worker went on to the next round while one image was still on \
                 its way. The workers must meet before it."
            ),
        ),
    ])
}

/// When all images of the round have come, one worker asks for the token, and nobody goes on.
fn asks_for_one_token(run: &mut Guided, round: usize) -> Result<(), String> {
    run.comes(|run| !run.server.held().is_empty());
    if round == 0 {
        run.settle();
    } else {
        run.settle_briefly();
    }
    let (asked, went_on) = (run.look_ups().len(), run.downloads().len());
    let number = round + 1;
    expect_all([
        (
            went_on == 0,
            format!(
                "After round {number}, {went_on} workers requested their next image before the token \
                 had come: with the old one. The leader still waits for the token when the others \
                 go on. What do they wait for?"
            ),
        ),
        (
            asked > 0,
            format!(
                "All {WORKERS} images of round {number} had come, and no worker asked for the next \
                 token. Do all wait for one more? A barrier opens when as many threads wait as it \
                 was created for: the same barrier, and exactly {WORKERS}."
            ),
        ),
        (
            asked <= 1,
            format!(
                "After round {number}, the token was requested {asked} times. The server gives out one \
                 for each round: one worker requests it, and the others wait. What does `wait` \
                 return?"
            ),
        ),
    ])
}
