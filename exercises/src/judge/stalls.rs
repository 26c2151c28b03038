//! When a program may have been late, in a run whose times are judged.

use super::submission::Running;
use super::system;
use practice::Server;
use std::time::Duration;

/// How long after a stop a program may still be late because of it.
const GRACE: Duration = Duration::from_millis(30);

/// How late a program may have been at any time: it waited for a core, or it was stopped. Times are on
/// the server's clock.
pub struct Stalls {
    /// When the judge looked, and how long the program's threads had waited since the last look, up to
    /// a turn that they got.
    waits: Vec<(Duration, Duration)>,
    /// From when to when it was stopped, and then busy with what it had missed.
    stops: Vec<(Duration, Duration)>,
    looked: Duration,
    waited: Duration,
}

impl Stalls {
    /// No stalls up to now.
    pub fn new(running: &Running, server: &Server) -> Self {
        Self::from(server.now(), system::waited(running.id()))
    }

    fn from(looked: Duration, waited: Duration) -> Self {
        Self { waits: Vec::new(), stops: Vec::new(), looked, waited }
    }

    /// Looks at the program: to be called every few milliseconds.
    pub fn look(&mut self, running: &Running, server: &Server) {
        let id = running.id();
        let (waited, is_stopped) = (system::waited(id), system::is_stopped(id));
        self.note(server.now(), waited, is_stopped, system::is_busy(id));
    }

    fn note(&mut self, now: Duration, waited: Duration, is_stopped: bool, is_busy: bool) {
        self.waits.push((now, waited.saturating_sub(self.waited)));
        match self.stops.last_mut().filter(|_| is_busy) {
            Some((_, to)) if *to == self.looked => *to = now,
            _ if is_stopped => self.stops.push((self.looked, now)),
            _ => {}
        }
        (self.looked, self.waited) = (now, self.waited.max(waited));
    }

    /// How late something may be, at most, that the program did at this time.
    pub fn before(&self, time: Duration) -> Duration {
        let next = self.waits.partition_point(|(looked, _)| *looked < time);
        let waited = self.waited(next.saturating_sub(1));
        let earliest = time.saturating_sub(waited + GRACE);
        let stop = self.stops.iter().find(|(from, to)| *to >= earliest && *from <= time);
        stop.map_or(waited, |(from, _)| waited.max(time.saturating_sub(*from)))
    }

    /// How late the program may have noticed, at most, what happened at this time.
    pub fn after(&self, time: Duration) -> Duration {
        let next = self.waits.partition_point(|(looked, _)| *looked < time);
        let waited = self.waited(next);
        let latest = time + waited + GRACE;
        let stop = self.stops.iter().rfind(|(from, to)| *to > time && *from <= latest);
        stop.map_or(waited, |(_, to)| waited.max(to.saturating_sub(time)))
    }

    /// How long it had waited at a look and at the next one.
    fn waited(&self, look: usize) -> Duration {
        self.waits.iter().skip(look).take(2).map(|(_, waited)| *waited).sum()
    }

    /// How long it waited or was stopped after this time.
    pub fn since(&self, time: Duration) -> Duration {
        let waited = self.waits.iter().filter(|(looked, _)| *looked > time);
        let stopped = self.stops.iter().map(|(from, to)| to.saturating_sub(time.max(*from)));
        waited.map(|(_, waited)| *waited).chain(stopped).sum()
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
        let looks = [(10, 0), (20, 5), (30, 5), (100, 5), (150, 5), (200, 5), (220, 5), (240, 45)];
        for (now, waited) in looks {
            let (is_stopped, is_busy) = ((150..=200).contains(&now), (150..=220).contains(&now));
            stalls.note(time(now), time(waited), is_stopped, is_busy);
        }
        stalls.note(time(400), time(45), false, false);
        let before = [15, 25, 90, 160, 240, 350].map(|at| stalls.before(time(at)));
        assert_eq!(before, [5, 5, 0, 60, 140, 40].map(time));
        let after = [5, 15, 25, 60, 90, 160, 300].map(|at| stalls.after(time(at)));
        assert_eq!(after, [5, 5, 0, 0, 130, 60, 0].map(time));
        assert_eq!(stalls.since(time(15)), time(165));
    }
}
