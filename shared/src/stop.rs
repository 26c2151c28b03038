//! Signals: Ctrl-C, SIGTERM and closing the terminal end the program after a cleanup.

use std::process;
use std::thread;
use std::time::Duration;

/// Maximum time for the cleanup. It may block, for example when it prints to a full pipe.
const CLEANUP_TIMEOUT: Duration = Duration::from_secs(1);

/// Runs `cleanup` when a signal arrives, then ends the program with the exit code that shells give
/// to a program ended by that signal: 129 for SIGHUP, 130 for SIGINT, 143 for SIGTERM. The value
/// that `cleanup` returns is kept until then.
///
/// Waits on a thread of its own, because the other threads may be busy or blocked. If no handler
/// can be installed, a signal ends the program without a cleanup.
pub fn on_signal<T>(cleanup: impl FnOnce() -> T + Send + 'static) {
    let mut cleanup = Some(cleanup);
    wait_for_signal(move |code| {
        // Ends the program even if the cleanup hangs.
        let timer = thread::Builder::new().spawn(move || {
            thread::sleep(CLEANUP_TIMEOUT);
            process::exit(code);
        });
        drop(timer);
        let _kept = cleanup.take().map(|cleanup| cleanup());
        process::exit(code);
    });
}

#[cfg(unix)]
fn wait_for_signal(mut received: impl FnMut(i32) + Send + 'static) {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    let wait = move || {
        let signals = [SIGINT, SIGTERM, SIGHUP];
        let handled = if ignores_hangup() { &signals[..2] } else { &signals[..] };
        let Ok(mut signals) = Signals::new(handled) else { return };
        for signal in signals.forever() {
            received(128 + signal);
        }
    };
    // The thread installs the handlers: without a thread, signals keep their default effect.
    let waiting = thread::Builder::new().name("signals".into()).spawn(wait);
    drop(waiting);
}

/// Whether the program ignores SIGHUP, as it does when started by `nohup`.
#[cfg(target_os = "linux")]
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // SIGHUP is number 1, the lowest bit.
    ignored.is_some_and(|mask| mask & 1 == 1)
}

/// A guess: safe Rust cannot query ignored signals, but `nohup` also redirects stdout.
#[cfg(all(unix, not(target_os = "linux")))]
fn ignores_hangup() -> bool {
    !std::io::IsTerminal::is_terminal(&std::io::stdout())
}

/// Ctrl-C and Ctrl-Break end the program with code 130; closing the window ends it with 129, as
/// SIGHUP does. When the window is closed, the cleanup has about 5 s: Windows waits that long for
/// the event's handler, and tokio's does not return.
#[cfg(windows)]
fn wait_for_signal(mut received: impl FnMut(i32) + Send + 'static) {
    use tokio::signal::windows;
    let Ok(mut ctrl_c) = windows::ctrl_c() else { return };
    let Ok(mut ctrl_break) = windows::ctrl_break() else { return };
    let Ok(mut close) = windows::ctrl_close() else { return };
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().build() else { return };
    let waiting = thread::Builder::new().name("signals".into()).spawn(move || {
        received(runtime.block_on(async {
            tokio::select! {
                _ = ctrl_c.recv() => 130,
                _ = ctrl_break.recv() => 130,
                _ = close.recv() => 129,
            }
        }));
    });
    drop(waiting);
}
