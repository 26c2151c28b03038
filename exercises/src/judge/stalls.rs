//! When a program may have been late, in a run whose times are judged.

use super::submission::Running;
use super::system;
use practice::Server;
use std::time::Duration;

/// The judge was late itself if it looked at the program this long ago.
const MAX_GAP: Duration = Duration::from_millis(20);
/// How long after a span something can still be late: the judge sees its end late, too.
const GRACE: Duration = Duration::from_millis(10);

/// The spans of time, on a server's clock, in which a program may have been late: it ran or waited for
/// a core, it was stopped, or the judge had no turn.
pub struct Stalls {
    spans: Vec<(Duration, Duration)>,
    looked: Duration,
}

impl Stalls {
    /// No stalls up to now.
    pub fn new(server: &Server) -> Self {
        Self { spans: Vec::new(), looked: server.now() }
    }

    /// Looks at the program: to be called every few milliseconds.
    pub fn look(&mut self, running: &Running, server: &Server) {
        let is_busy = system::is_busy(running.id());
        self.note(is_busy, server.now());
    }

    fn note(&mut self, is_busy: bool, now: Duration) {
        if is_busy || now.saturating_sub(self.looked) > MAX_GAP {
            match self.spans.last_mut() {
                Some((_, to)) if *to == self.looked => *to = now,
                _ => self.spans.push((self.looked, now)),
            }
        }
        self.looked = now;
    }

    /// How late something may be, at most, that happened at this time.
    pub fn before(&self, time: Duration) -> Duration {
        let span = self.spans.iter().find(|(from, to)| (*from..=*to + GRACE).contains(&time));
        span.map_or(Duration::ZERO, |(from, _)| time.saturating_sub(*from))
    }

    /// How late the program may have noticed, at most, what happened at this time.
    pub fn after(&self, time: Duration) -> Duration {
        let span = self.spans.iter().find(|(from, to)| (*from..*to).contains(&(time + GRACE)));
        span.map_or(Duration::ZERO, |(_, to)| to.saturating_sub(time))
    }

    /// The sum of the spans after this time.
    pub fn since(&self, time: Duration) -> Duration {
        self.spans.iter().map(|(from, to)| to.saturating_sub(time.max(*from))).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_in_a_span_may_be_late() {
        let time = Duration::from_millis;
        let mut stalls = Stalls { spans: Vec::new(), looked: time(0) };
        for (is_busy, now) in [(false, 2), (true, 4), (true, 6), (false, 8), (false, 100)] {
            stalls.note(is_busy, time(now));
        }
        // Busy from 2 to 6, and no look from 8 to 100.
        assert_eq!(stalls.spans, [(time(2), time(6)), (time(8), time(100))]);
        assert_eq!(
            [1, 2, 5, 90, 111].map(|at| stalls.before(time(at))),
            [0, 0, 3, 82, 0].map(time)
        );
        assert_eq!([30, 95].map(|at| stalls.after(time(at))), [70, 0].map(time));
        assert_eq!(stalls.since(time(5)), time(93));
    }
}
