//! What theory says about a link that sends to all requests in flight at the same time and gives each
//! an equal share. Queueing theory calls this *processor sharing*.

use super::link::Outcome;
use serde::Serialize;
use std::collections::VecDeque;
use std::iter::successors;

/// Means in the long run.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Theory {
    /// Time of a response, in seconds.
    pub seconds: f64,
    pub in_flight: f64,
    /// The share of requests that are refused.
    pub refused: f64,
}

/// The means for a response that takes `alone` seconds if it has the link for itself.
///
/// There is one more request in flight at the rate at which requests arrive, and one fewer at the
/// rate at which the link serves them. The ratio of the rates is the utilisation ρ, so n requests are
/// in flight for a share of the time that is proportional to ρⁿ. Without a limit, the mean time is
/// `alone / (1 - ρ)`, whatever the sizes of the images. From ρ = 1 on, the queue grows for ever, and
/// there are no means.
pub fn theory(utilisation: f64, limit: Option<usize>, alone: f64) -> Option<Theory> {
    let Some(limit) = limit else {
        let free = 1.0 - utilisation;
        let in_flight = utilisation / free;
        return (free > 0.0).then_some(Theory { seconds: alone / free, in_flight, refused: 0.0 });
    };
    let powers = successors(Some(1.0), |power| Some(power * utilisation));
    let weights: Vec<f64> = powers.take(limit + 1).collect();
    let all: f64 = weights.iter().sum();
    let in_flight = (0..=limit).map(|n| n as f64 * weights[n]).sum::<f64>() / all;
    // A request that finds `limit` others in flight is refused.
    let refused = weights[limit] / all;
    let accepted_per_second = utilisation / alone * (1.0 - refused);
    // Little's law.
    Some(Theory { seconds: in_flight / accepted_per_second, in_flight, refused })
}

/// An ideal link: it gives each of n requests exactly 1/n of its time.
#[derive(Default)]
struct Ideal {
    now: f64,
    /// The time of the link, in seconds, that each request would have received that has been in
    /// flight since the start.
    received: f64,
    /// When each request arrived, and the value of `received` with which it is done. All need the
    /// same time, so the first to arrive is the first to be done.
    in_flight: VecDeque<(f64, f64)>,
    outcomes: Vec<Outcome>,
}

impl Ideal {
    fn advance(&mut self, to: f64) {
        while let Some(&(arrived, done)) = self.in_flight.front() {
            let finished = self.now + (done - self.received) * self.in_flight.len() as f64;
            if finished > to {
                self.received += (to - self.now) / self.in_flight.len() as f64;
                break;
            }
            let _ = self.in_flight.pop_front();
            (self.now, self.received) = (finished, done);
            let seconds = finished - arrived;
            self.outcomes.push(Outcome { finished, seconds, is_refused: false });
        }
        self.now = to;
    }
}

/// How requests that arrive at these times end at an ideal link.
///
/// The long run of the theory is long: at a utilisation of 0.95, the mean of a few minutes is often
/// 20 % off, because of the arrivals alone. This is the mean that these arrivals should give.
pub fn replay(arrivals: &[f64], alone: f64, limit: Option<usize>) -> Vec<Outcome> {
    let mut link = Ideal::default();
    for &arrival in arrivals {
        link.advance(arrival);
        if limit.is_some_and(|limit| link.in_flight.len() >= limit) {
            link.outcomes.push(Outcome { finished: arrival, seconds: 0.0, is_refused: true });
        } else {
            link.in_flight.push_back((arrival, link.received + alone));
        }
    }
    link.advance(f64::INFINITY);
    link.outcomes
}

#[cfg(test)]
mod tests {
    use super::super::arrivals::arrivals;
    use super::*;

    #[test]
    fn requests_in_flight_share_the_link() {
        // The second arrives when the first is half done. Together they take twice as long.
        let outcomes = replay(&[0.0, 1.0, 10.0], 2.0, None);
        let times: Vec<_> = outcomes.iter().map(|it| (it.finished, it.seconds)).collect();
        assert_eq!(times, [(3.0, 3.0), (4.0, 3.0), (12.0, 2.0)]);
        let outcomes = replay(&[0.0, 1.0, 10.0], 2.0, Some(1));
        let times: Vec<_> = outcomes.iter().map(|it| (it.finished, it.is_refused)).collect();
        assert_eq!(times, [(1.0, true), (2.0, false), (12.0, false)]);
    }

    #[test]
    fn in_the_long_run_an_ideal_link_does_what_theory_says() {
        let close = |value: f64, expected: f64, what: &str| {
            assert!((value / expected - 1.0).abs() < 0.03, "{what}: {value}, not {expected}");
        };
        for utilisation in [0.2, 0.5, 0.8] {
            for limit in [None, Some(1), Some(8)] {
                let arrivals = arrivals(utilisation, 1e6, 1);
                let (refused, done): (Vec<_>, Vec<_>) =
                    replay(&arrivals, 1.0, limit).into_iter().partition(|it| it.is_refused);
                let mean = done.iter().map(|it| it.seconds).sum::<f64>() / done.len() as f64;
                let theory = theory(utilisation, limit, 1.0).unwrap();
                let what = format!("at {utilisation}, limit {limit:?}");
                close(mean, theory.seconds, &what);
                close(mean * done.len() as f64 / 1e6, theory.in_flight, &what);
                if theory.refused > 1e-3 {
                    let share = refused.len() as f64 / arrivals.len() as f64;
                    close(share, theory.refused, &what);
                }
            }
        }
    }

    #[test]
    fn a_limit_keeps_the_means_finite_above_saturation() {
        assert!(theory(1.0, None, 0.04).is_none() && theory(1.1, None, 0.04).is_none());
        let at = |utilisation| theory(utilisation, Some(8), 0.04).unwrap();
        // At 1, all numbers from 0 to 8 are equally likely.
        let Theory { seconds, in_flight, refused } = at(1.0);
        assert!((in_flight - 4.0).abs() < 1e-9 && (refused - 1.0 / 9.0).abs() < 1e-9);
        assert!((seconds - 0.18).abs() < 1e-9, "{seconds}");
        // Far above it, there are always 8, and the rest is refused.
        let Theory { seconds, in_flight, refused } = at(1e6);
        assert!((in_flight - 8.0).abs() < 1e-4 && (refused - 1.0).abs() < 1e-4);
        assert!((seconds - 0.32).abs() < 1e-4, "{seconds}");
    }
}
