//! Task 3: five requests in flight until none is left, and each image requested exactly once.

use crate::judge::{
    Guided, Order, Saving, Submission, Verdict, at_least, at_most, drawn, each_once, expect_all,
    fails_loudly, keeps_busy, not_torn, saved_all, saves_without_the_lock, step, waits_for_locks,
};

const WORKERS: usize = 5;
const TOO_FEW: &str = "The threads wait for each other: all of them want the queue's lock, and a \
                       thread holds it for as long as the guard that `lock()` returns is alive. \
                       Where is the guard dropped: before the download, or after it? (Or did one \
                       thread take all links in one go?)";

pub fn check(submission: &Submission) -> Verdict {
    let settings = drawn(submission, 21..=27);
    let source = submission.source();
    let mut line = source.line_with(&["while let", "lock()"]);
    if line.is_empty() {
        line = source.line_with(&["= queue.lock()"]);
    }
    for order in [Order::Newest, Order::Rounds] {
        let stepped = step(submission, &settings, WORKERS, order)?;
        expect_all([
            // Mistakes that only some runs show come first: the verdict must not depend on luck.
            not_torn(source),
            waits_for_locks(source),
            at_least(stepped.first, WORKERS, &format!("{TOO_FEW} {line}")),
            each_once(&stepped.observed, settings.images),
            at_most(&stepped.observed, WORKERS),
            keeps_busy(&stepped, WORKERS),
        ])?;
        stepped.run.succeeded()?;
        expect_all([saved_all(&stepped.run, &stepped.server)])?;
    }
    let mut run = Guided::start(submission, &settings)?;
    run.comes(|run| run.server.held().len() >= WORKERS);
    let saving = Saving::watch(&mut run)?;
    run.end()?;
    expect_all([saves_without_the_lock(&saving)])?;
    fails_loudly(submission, &settings, WORKERS, WORKERS, true)?;
    Ok(format!(
        "In two runs, five requests were in flight until the last of {} images was requested, each of them \
         once. In {WORKERS} more runs, one image failed each time; in another run, all images failed; and \
         in yet another, one could not be saved. Each time, the exit code said so.",
        settings.images
    ))
}
