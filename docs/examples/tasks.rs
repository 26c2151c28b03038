//! Two tasks and a runtime of a few lines. See `docs/runtime.md`.

use std::future::poll_fn;
use std::mem::replace;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

async fn count(name: &str) {
    for number in 1..=3 {
        println!("{name} {number}");
        yield_once().await;
    }
}

/// Pending when polled the first time, ready the second time.
async fn yield_once() {
    let mut polled = false;
    poll_fn(|context| {
        // Asks to be polled again. A real runtime would otherwise never do so.
        context.waker().wake_by_ref();
        if replace(&mut polled, true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

fn main() {
    let mut tasks: Vec<Pin<Box<dyn Future<Output = ()>>>> =
        vec![Box::pin(count("A")), Box::pin(count("B"))];
    println!("nothing has happened yet");

    let mut context = Context::from_waker(Waker::noop());
    while !tasks.is_empty() {
        // Each goes on to its next `.await` that is not ready. Those that are done are dropped.
        tasks.retain_mut(|task| task.as_mut().poll(&mut context).is_pending());
    }
}
