//! Task 8: all look-ups and all downloads are in flight at once, two for each image.
//!
//! Nobody is answered at the gate. A look-up that blocks a thread of the runtime keeps it there, and
//! what this thread should have done besides does not come. No number of threads helps: at the least
//! the download of the same task is missing.

use crate::attempt::Attempt;
use crate::seen::{Verdict, gated, gather, images, saved_all, serve, settings};
use practice::LoggedRequest;

const IMAGES: usize = 12;

pub fn check(attempt: &Attempt) -> Verdict {
    let server = serve(&gated(&settings(IMAGES), 2 * IMAGES + 1))?;
    // Who lets tokio choose how many threads there are gets two of them, on any machine.
    let mut running = attempt.start_with(&server, &[("TOKIO_WORKER_THREADS", "2")])?;
    let came = gather(&mut running, &server, 2 * IMAGES);
    let run = running.wait()?;
    run.ended()?;
    let observed = server.observed();
    let asked = images(&observed).count();
    let look_ups = images(&observed).take(came).filter(|seen| is_look_up(seen)).count();
    let downloads = came - look_ups;
    if asked == 0 {
        run.succeeded()?;
        return Err("Your program ended without having asked for a single image.".into());
    }
    if !images(&observed).any(is_look_up) {
        return Err(
            "The catalogue was never asked. Without the look-ups nothing blocks, but nobody \
                    knows either whether an image is complete. How can `catalogue::size` stay, and \
                    not be in the way?"
                .into(),
        );
    }
    if (look_ups, downloads) == (1, 1) && observed.peak_in_flight == 2 {
        return Err(format!(
            "One look-up and one download were in flight, and nothing else in the whole run: one \
             image at a time. So nobody is kept waiting, but only since there is nobody else. The \
             {IMAGES} tasks are to stay. Who awaits whom?"
        ));
    }
    if look_ups == 1 {
        return Err(format!(
            "{IMAGES} tasks, but one look-up in flight: as long as the server did not answer it, no \
             other task did anything. A task gives its thread to the others at an `.await`, and only \
             there. Something in your program waits without an `.await`, and with it waits the \
             thread on which all tasks live; `async` in front of a function does not change what is \
             called inside. Which call is it, and on which thread could it wait instead?"
        ));
    }
    if look_ups > 1 && look_ups < IMAGES && downloads < look_ups {
        return Err(format!(
            "{look_ups} look-ups and {downloads} downloads were in flight, and then no more came, \
             although {IMAGES} tasks want to ask. It looks as if there were {look_ups} threads of the \
             runtime now, and each of them is blocked by a look-up. More of them move the limit and \
             leave the mistake. Where does tokio keep threads on which one may wait?"
        ));
    }
    if look_ups + downloads < 2 * IMAGES {
        return Err(format!(
            "{look_ups} look-ups and {downloads} downloads were in flight. There should be {IMAGES} of \
             each at the same time, but here the two requests of a task come one after the other. \
             Either one is awaited before the other one begins; or one of them blocks, and \
             `try_join!`, which polls both on one thread, never comes to the second. Which is it?"
        ));
    }
    if asked > 2 * IMAGES {
        return Err(format!(
            "The server was asked {asked} times. Two requests for each of {IMAGES} images are {}.",
            2 * IMAGES
        ));
    }
    run.succeeded()?;
    crate::seen::expect_all([saved_all(&run, &server)])?;
    Ok(format!(
        "{IMAGES} look-ups and {IMAGES} downloads were in flight at once: no task kept another one \
         waiting."
    ))
}

/// The catalogue's library says who it is, the async client says nothing about itself.
fn is_look_up(seen: &LoggedRequest) -> bool {
    !seen.user_agent.is_empty()
}
