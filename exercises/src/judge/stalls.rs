//! When a program may have been late, in a run whose times are judged.

use super::submission::Running;
use super::system;
use practice::Server;
use std::time::Duration;

/// How long after a stop a program may still be late because of it.
const GRACE: Duration = Duration::from_millis(30);

/// The time from one look to the next, unless the judge waits for a core.
const LOOK_INTERVAL: Duration = Duration::from_millis(10);

/// How late a program may have been at any time, or the server: it waited for a core, or it was stopped.
/// Times are on the server's clock.
pub struct Stalls {
    looks: Vec<Look>,
    /// From when to when it was stopped or mostly waited for a core, and then busy with what it had
    /// missed.
    delays: Vec<(Duration, Duration)>,
    looked: Duration,
    waited: Duration,
}

/// What a look at the program showed.
struct Look {
    /// When it was.
    at: Duration,
    /// How long the program's threads had waited since the last look, up to a turn that they got.
    waited: Duration,
    /// How late the look was. The server runs in the judge's process, and waits for a core as long.
    late: Duration,
}

impl Stalls {
    /// No stalls up to now.
    pub fn new(running: &Running, server: &Server) -> Self {
        Self::from(server.now(), system::waited(running.id()))
    }

    fn from(looked: Duration, waited: Duration) -> Self {
        Self { looks: Vec::new(), delays: Vec::new(), looked, waited }
    }

    /// Looks at the program: to be called every few milliseconds.
    pub fn look(&mut self, running: &Running, server: &Server) {
        let id = running.id();
        let (waited, is_stopped) = (system::waited(id), system::is_stopped(id));
        self.note(server.now(), waited, is_stopped, system::is_busy(id));
    }

    fn note(&mut self, now: Duration, waited: Duration, is_stopped: bool, is_busy: bool) {
        let look = Look {
            at: now,
            waited: waited.saturating_sub(self.waited),
            late: now.saturating_sub(self.looked + LOOK_INTERVAL),
        };
        let waiting = look.waited + look.late;
        let is_delayed = is_stopped || (is_busy && self.looked + 2 * waiting >= now);
        match self.delays.last_mut().filter(|_| is_busy) {
            Some((_, to)) if *to == self.looked => *to = now,
            _ if is_delayed => {
                self.delays.push((now.saturating_sub(waiting).min(self.looked), now));
            }
            _ => {}
        }
        self.looks.push(look);
        (self.looked, self.waited) = (now, self.waited.max(waited));
    }

    /// How late something may be, at most, that the program did at this time.
    pub fn before(&self, time: Duration) -> Duration {
        let next = self.looks.partition_point(|look| look.at < time);
        let waited = self.waited(next.saturating_sub(1));
        let earliest = time.saturating_sub(waited + GRACE);
        let stop = self.delays.iter().find(|(from, to)| *to >= earliest && *from <= time);
        stop.map_or(waited, |(from, _)| waited.max(time.saturating_sub(*from)))
    }

    /// How late the program may have noticed, at most, what happened at this time.
    pub fn after(&self, time: Duration) -> Duration {
        let next = self.looks.partition_point(|look| look.at < time);
        let waited = self.waited(next);
        let latest = time + waited + GRACE;
        let stop = self.delays.iter().rfind(|(from, to)| *to > time && *from <= latest);
        stop.map_or(waited, |(_, to)| waited.max(to.saturating_sub(time)))
    }

    /// How long the program and the server had waited at a look and at the next one.
    fn waited(&self, look: usize) -> Duration {
        self.looks.iter().skip(look).take(2).map(|look| look.waited + look.late).sum()
    }

    /// How long it waited or was stopped after this time.
    pub fn since(&self, time: Duration) -> Duration {
        let waited = self.looks.iter().filter(|look| look.at > time).map(|look| look.waited);
        let stopped = self.delays.iter().map(|(from, to)| to.saturating_sub(time.max(*from)));
        waited.chain(stopped).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_waited_or_was_stopped_may_be_late() {
        let time = Duration::from_millis;
        let mut stalls = Stalls::from(time(0), time(0));
        // It waits for 5 ms up to 20, is stopped from 100 to 200, and then waits for 40 ms.
        for now in (10..=400).step_by(10) {
            let waited = match now {
                ..20 => 0,
                20..240 => 5,
                _ => 45,
            };
            let (is_stopped, is_busy) = ((110..=200).contains(&now), (110..=220).contains(&now));
            stalls.note(time(now), time(waited), is_stopped, is_busy);
        }
        let before = [15, 25, 90, 160, 240, 350].map(|at| stalls.before(time(at)));
        assert_eq!(before, [5, 5, 0, 60, 140, 0].map(time));
        let after = [5, 15, 25, 60, 90, 160, 300].map(|at| stalls.after(time(at)));
        assert_eq!(after, [5, 5, 0, 0, 130, 60, 0].map(time));
        assert_eq!(stalls.since(time(15)), time(165));
    }

    #[test]
    fn what_a_program_did_after_it_had_waited_for_a_core_may_be_late() {
        let time = Duration::from_millis;
        let mut stalls = Stalls::from(time(0), time(0));
        // It gets its first turn after 30 ms, and is busy up to 100.
        for now in (10..=200).step_by(10) {
            let waited = if now < 50 { 0 } else { 30 };
            stalls.note(time(now), time(waited), false, (20..=100).contains(&now));
        }
        let before = [15, 30, 60, 100, 160].map(|at| stalls.before(time(at)));
        assert_eq!(before, [0, 10, 40, 80, 0].map(time));
        let after = [15, 30, 60, 100, 160].map(|at| stalls.after(time(at)));
        assert_eq!(after, [85, 70, 40, 0, 0].map(time));
    }

    #[test]
    fn what_the_server_saw_while_the_judge_waited_may_be_late() {
        let time = Duration::from_millis;
        let mut stalls = Stalls::from(time(0), time(0));
        for now in [10, 20, 100, 110, 120, 130, 140] {
            stalls.note(time(now), time(0), false, false);
        }
        let before = [5, 15, 50, 105, 125].map(|at| stalls.before(time(at)));
        assert_eq!(before, [0, 0, 70, 70, 0].map(time));
        let after = [5, 15, 50, 105].map(|at| stalls.after(time(at)));
        assert_eq!(after, [0, 70, 70, 0].map(time));
    }
}
