//! Ends a wait for what never comes. No clock decides: a verdict must not depend on the machine's
//! speed.

use super::submission::Running;
use super::system;
use std::thread;
use std::time::Duration;

/// The time from one look at the server to the next.
const POLL_INTERVAL: Duration = Duration::from_millis(2);
/// How many polls pass between two looks at the program's threads, which take longer.
const POLLS_PER_LOOK: u32 = 10;
/// Limits a wait for a program that is never idle, as a multiple of the timeout.
const MAX_TIMES: u32 = 6;

/// What a look at a program shows.
#[derive(Default)]
struct Look {
    is_busy: bool,
    is_stopped: bool,
    /// How many files it has written.
    written: usize,
}

/// Ends a wait when the program has been idle for some time.
///
/// It counts polls: on a busy machine, where the program gets its turn late, so does the judge. Where
/// the system tells, a poll counts only while the program has nothing to do. While one of its
/// threads runs or waits for a core or for the disk, or the program is stopped, polls count only
/// towards the limit. Each file that the program writes begins the wait anew.
pub struct Timeout {
    /// The polls of a program that is idle.
    polls: u32,
    idle_polls_left: u32,
    polls_left: u32,
    looks_in: u32,
    is_busy: bool,
    written: Option<usize>,
    is_stopped: bool,
    stops: u64,
}

impl Timeout {
    /// Ends after this time in which the program was idle, or six times as long.
    pub fn new(time: Duration) -> Self {
        let polls = u32::try_from(time.as_millis() / POLL_INTERVAL.as_millis()).unwrap_or(u32::MAX);
        let polls_left = polls.saturating_mul(MAX_TIMES);
        Self {
            polls,
            idle_polls_left: polls,
            polls_left,
            looks_in: 0,
            is_busy: false,
            written: None,
            is_stopped: false,
            stops: 0,
        }
    }

    /// Sleeps until the next poll. Returns whether there is none, which is also the case when the
    /// check's time has run out. While the server sends a response, the program counts as busy.
    pub fn is_over(&mut self, running: &Running, is_sending: bool) -> bool {
        let is_over = self.poll(is_sending, || {
            let is_stopped = system::is_stopped(running.id());
            Look { is_busy: system::is_busy(running.id()), is_stopped, written: running.written() }
        });
        is_over || running.time_left().is_zero()
    }

    fn poll(&mut self, is_sending: bool, look: impl FnOnce() -> Look) -> bool {
        thread::sleep(POLL_INTERVAL);
        if self.looks_in == 0 {
            let Look { is_busy, is_stopped, written } = look();
            (self.looks_in, self.is_busy) = (POLLS_PER_LOOK, is_busy);
            self.stops += u64::from(is_stopped && !self.is_stopped);
            self.is_stopped = is_stopped;
            if self.written.replace(written).is_some_and(|before| before != written) {
                (self.idle_polls_left, self.polls_left) =
                    (self.polls, self.polls.saturating_mul(MAX_TIMES));
            }
        }
        self.looks_in -= 1;
        self.polls_left = self.polls_left.saturating_sub(1);
        if !self.is_busy && !is_sending {
            self.idle_polls_left = self.idle_polls_left.saturating_sub(1);
        }
        self.idle_polls_left == 0 || self.polls_left == 0
    }

    /// How often the program was stopped meanwhile.
    pub fn stops(&self) -> u64 {
        self.stops
    }

    /// Whether the program was idle long enough: if not, it is the limit that ended the wait.
    pub fn was_idle(&self) -> bool {
        self.idle_polls_left == 0
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use crate::judge::group::Group;
    use rustix::process::{Pid, Signal, kill_process};
    use std::process::{Child, Command};

    const TIME: Duration = Duration::from_millis(100);
    const POLLS: u32 = 50;

    fn start(script: &str) -> (Child, Group) {
        Group::start(Command::new("sh").args(["-c", script])).unwrap()
    }

    /// Waits for a state of the process, and then counts the polls of a timeout.
    fn polls(child: &Child, is_busy: bool) -> u32 {
        while system::is_busy(child.id()) != is_busy {
            thread::sleep(POLL_INTERVAL);
        }
        let (mut timeout, mut polls) = (Timeout::new(TIME), 1);
        while !timeout
            .poll(false, || Look { is_busy: system::is_busy(child.id()), ..Look::default() })
        {
            polls += 1;
        }
        assert_eq!(timeout.was_idle(), !is_busy);
        polls
    }

    #[test]
    fn polls_count_while_the_program_is_idle() {
        let (child, _group) = start("sleep 1000 & wait");
        let polls = polls(&child, false);
        // It can be busy for a moment at its start.
        assert!((POLLS..POLLS * MAX_TIMES).contains(&polls), "{polls}");
    }

    #[test]
    fn polls_do_not_count_while_a_descendant_runs() {
        let (child, _group) = start("while :; do :; done & wait");
        assert_eq!(polls(&child, true), POLLS * MAX_TIMES);
    }

    #[test]
    fn polls_do_not_count_while_the_program_is_stopped() {
        let (child, _group) = start("sleep 1000 & wait");
        kill_process(Pid::from_child(&child), Signal::STOP).unwrap();
        assert_eq!(polls(&child, true), POLLS * MAX_TIMES);
    }

    #[test]
    fn each_file_begins_the_wait_anew() {
        let (mut timeout, mut files) = (Timeout::new(TIME), 0);
        let mut polls = 0;
        // One file at each look, five in all.
        while !timeout.poll(false, || {
            files += 1;
            Look { written: files.min(5), ..Look::default() }
        }) {
            polls += 1;
        }
        assert!(polls >= POLLS + 4 * POLLS_PER_LOOK - 1, "{polls}");
    }
}
