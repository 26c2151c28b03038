//! Whether the threads of a program sleep.

use super::{Guided, SETTLE_TIME};
use crate::judge::system;
use std::time::Duration;

/// How many times a program is watched at most. If the system stopped it meanwhile, which wakes its
/// threads, it is watched again.
const MAX_WATCHES: usize = 12;
/// How often the threads of a program that sleeps may wake in [`SETTLE_TIME`].
const MAX_SWITCHES: u64 = 10;
/// How many more times each thread may wake whenever the system stops the program and resumes it.
const MAX_SWITCHES_PER_STOP: u64 = 4;
/// Limits the processor time of a program that sleeps for [`SETTLE_TIME`].
const MAX_PROCESSOR_TIME: Duration = Duration::from_millis(60);

/// What the threads of a program did while a check watched them. `None` where the system doesn't tell.
struct Watched {
    /// Whether they had nothing to do.
    was_idle: bool,
    /// How often the system stopped them.
    stops: u64,
    /// Their processor time.
    used: Option<Duration>,
    /// How often one of them woke.
    woke: Option<u64>,
}

impl Watched {
    /// Whether a program with so many threads slept. `None` if the system may have woken them.
    fn slept(&self, threads: usize) -> Option<bool> {
        let slept = self.was_idle
            && self.used.is_none_or(|used| used <= MAX_PROCESSOR_TIME)
            && self.woke.is_none_or(|woke| woke <= MAX_SWITCHES);
        let by_stops = self.stops * threads as u64 * MAX_SWITCHES_PER_STOP;
        let wakes_itself = self.woke.is_some_and(|woke| woke > MAX_SWITCHES + by_stops);
        // A stop costs the program hardly any processor time.
        let spins = self.used.is_some_and(|used| used > 2 * MAX_PROCESSOR_TIME);
        (slept || wakes_itself || spins || self.stops == 0).then_some(slept)
    }
}

impl Guided {
    /// Waits as [`settle`](Self::settle) does. Returns whether the program's threads slept meanwhile:
    /// true where the system doesn't tell.
    pub fn sleeps(&mut self) -> bool {
        for _ in 0..MAX_WATCHES {
            let watched = self.watch();
            if let Some(slept) = watched.slept(self.threads().unwrap_or_default()) {
                return slept;
            }
        }
        // The system stopped it each time, and nothing but that can have woken its threads.
        true
    }

    /// Waits as [`settle`](Self::settle) does. Returns the processor time that the program used meanwhile,
    /// or `None` where the system doesn't tell.
    pub fn processor_time(&mut self) -> Option<Duration> {
        self.watch().used
    }

    /// Waits as [`settle`](Self::settle) does, and watches the program meanwhile.
    fn watch(&mut self) -> Watched {
        self.react();
        let id = self.running.id();
        let (used, woke) = (system::processor_time(id), system::switches(id));
        let paused = self.pause(SETTLE_TIME);
        let was_idle = paused.was_idle() || self.has_ended();
        let (used_now, woke_now) = (system::processor_time(id), system::switches(id));
        Watched {
            was_idle,
            stops: paused.stops(),
            used: used.zip(used_now).map(|(before, now)| now.saturating_sub(before)),
            woke: woke.zip(woke_now).map(|(before, now)| now.saturating_sub(before)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_that_wake_more_often_than_stops_wake_them_do_not_sleep() {
        let watched = |stops, woke| {
            let used = Some(Duration::ZERO);
            Watched { was_idle: true, stops, used, woke: Some(woke) }.slept(5)
        };
        assert_eq!(watched(0, 10), Some(true));
        assert_eq!(watched(0, 11), Some(false));
        assert_eq!(watched(1, 10), Some(true));
        assert_eq!(watched(1, 20), None, "the stop may have woken each thread");
        assert_eq!(watched(1, 200), Some(false));
    }

    #[test]
    fn threads_that_spin_do_not_sleep_however_often_they_are_stopped() {
        let watched = |stops, millis| {
            let used = Some(Duration::from_millis(millis));
            Watched { was_idle: false, stops, used, woke: Some(0) }.slept(5)
        };
        assert_eq!(watched(0, 70), Some(false));
        assert_eq!(watched(2, 70), None);
        assert_eq!(watched(2, 2_000), Some(false));
    }
}
