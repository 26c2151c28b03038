//! Ctrl-C and SIGTERM: the program tidies up, says what it has done, and ends.

use std::process;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;
use tokio::runtime;

type Step = Box<dyn FnOnce() + Send>;

static STEPS: Mutex<Vec<Step>> = Mutex::new(Vec::new());

/// Something to do before the program ends by a signal. What was added last is done first.
pub fn before_stop(step: impl FnOnce() + Send + 'static) {
    STEPS.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(step));
}

/// Waits for a signal on a thread of its own, since the others may be busy or blocked.
pub(crate) fn watch() {
    let waiting = || {
        let Ok(runtime) = runtime::Builder::new_current_thread().enable_io().build() else {
            return;
        };
        let code = runtime.block_on(signal());
        // Whatever is in the way, such as a full pipe that nobody reads, does not stop it.
        let waiting = thread::Builder::new().spawn(move || {
            thread::sleep(Duration::from_secs(1));
            process::exit(code);
        });
        drop(waiting);
        let mut steps = STEPS.lock().unwrap_or_else(PoisonError::into_inner);
        for step in steps.drain(..).rev() {
            step();
        }
        process::exit(code);
    };
    // Where no more threads are to be had, a signal simply ends the program.
    drop(thread::Builder::new().name("signals".into()).spawn(waiting));
}

/// The exit code that shells give to a program ended by the signal that comes.
#[cfg(unix)]
async fn signal() -> i32 {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => 130,
        _ = terminate.recv() => 143,
    }
}

#[cfg(not(unix))]
async fn signal() -> i32 {
    match tokio::signal::ctrl_c().await {
        Ok(()) => 130,
        Err(_) => std::future::pending().await,
    }
}
