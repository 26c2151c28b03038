//! What all links of a setting say together.

use super::link::{Link, Outcome};
use super::theory::{Theory, theory};
use super::{Plan, Setting};
use crate::costs::percentile;
use serde::Serialize;

/// The measurements of a setting. Times are in seconds; what happened during the warm-up does not
/// count.
#[derive(Serialize)]
pub struct Summary {
    pub setting: Setting,
    /// Requests that arrive per second at one link.
    pub rate: f64,
    /// Images that one link sends per second.
    pub sent_per_second: f64,
    /// The share of requests that were refused.
    pub refused: f64,
    /// The time of a response, without those that refuse.
    pub median: f64,
    pub p95: f64,
    pub p99: f64,
    pub mean: f64,
    /// The mean of each link.
    pub link_means: Vec<f64>,
    /// The mean for the same arrivals at an ideal link.
    pub ideal_mean: f64,
    /// The mean time of the responses that ended in the first and in the last quarter.
    pub first_quarter: f64,
    pub last_quarter: f64,
    /// The mean number of requests in flight, as the server counted.
    pub in_flight: f64,
    /// How late requests were sent, on average.
    pub late: f64,
    /// `None` where theory does not apply.
    pub theory: Option<Theory>,
}

impl Summary {
    pub fn new(setting: Setting, links: &[Link], plan: Plan) -> Self {
        let (from, to) = (plan.warm_up, plan.seconds());
        let quarter = plan.measured / 4.0;
        let done = |link: &Link| times(&link.outcomes, from, to);
        let all = || links.iter().flat_map(|link| &link.outcomes);
        let mut seconds = times(all(), from, to);
        seconds.sort_by(f64::total_cmp);
        let ended = all().filter(|it| (from..to).contains(&it.finished)).count();
        let of_links = |value: fn(&Link) -> f64| mean(&links.iter().map(value).collect::<Vec<_>>());
        Self {
            setting,
            rate: links[0].rate,
            sent_per_second: seconds.len() as f64 / plan.measured / links.len() as f64,
            refused: 1.0 - seconds.len() as f64 / ended as f64,
            median: percentile(&seconds, 0.5),
            p95: percentile(&seconds, 0.95),
            p99: percentile(&seconds, 0.99),
            mean: mean(&seconds),
            link_means: links.iter().map(|link| mean(&done(link))).collect(),
            ideal_mean: mean(&times(links.iter().flat_map(|link| &link.ideal), from, to)),
            first_quarter: mean(&times(all(), from, from + quarter)),
            last_quarter: mean(&times(all(), to - quarter, to)),
            in_flight: of_links(|link| link.in_flight),
            late: of_links(|link| link.late),
            theory: theory(setting.utilisation, setting.limit, links[0].alone),
        }
    }

    /// The standard error of the mean, from how much the links differ.
    pub fn standard_error(&self) -> f64 {
        let count = self.link_means.len() as f64;
        let middle = mean(&self.link_means);
        let squares: f64 = self.link_means.iter().map(|it| (it - middle).powi(2)).sum();
        (squares / (count - 1.0) / count).sqrt()
    }
}

/// The times of the responses that ended between `from` and `to`, without those that refuse.
fn times<'a>(outcomes: impl IntoIterator<Item = &'a Outcome>, from: f64, to: f64) -> Vec<f64> {
    let ended = outcomes.into_iter().filter(|it| (from..to).contains(&it.finished));
    ended.filter(|it| !it.is_refused).map(|it| it.seconds).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: Plan = Plan { warm_up: 10.0, measured: 100.0 };

    /// The summary of two links with four responses each and one refusal, with these times.
    fn of_times(setting: Setting, seconds: [f64; 4]) -> Summary {
        let outcome = |finished, seconds| Outcome { finished, seconds, is_refused: false };
        let ends = [11.0, 41.0, 71.0, 101.0];
        let mut outcomes: Vec<_> =
            ends.into_iter().zip(seconds).map(|(end, seconds)| outcome(end, seconds)).collect();
        // Before and after the measurement, and one that is refused.
        outcomes.extend([outcome(9.0, 1e9), outcome(110.0, 1e9)]);
        outcomes.push(Outcome { finished: 50.0, seconds: 0.0, is_refused: true });
        let link = |factor: f64| {
            let scaled = outcomes.iter().map(|it| Outcome { seconds: it.seconds * factor, ..*it });
            let outcomes: Vec<_> = scaled.collect();
            let ideal = outcomes.clone();
            Link { rate: 20.0, alone: 0.04, outcomes, ideal, late: factor, in_flight: factor }
        };
        Summary::new(setting, &[link(1.0), link(3.0)], PLAN)
    }

    #[test]
    fn only_responses_after_the_warm_up_count() {
        let setting = Setting { utilisation: 0.8, limit: None, links: 2, seed: 1 };
        let summary = of_times(setting, [1.0, 2.0, 3.0, 4.0]);
        let Summary { mean, median, p99, first_quarter, last_quarter, .. } = summary;
        // 1, 2, 3, 4, and 3, 6, 9, 12.
        assert_eq!(format!("{mean} {median} {p99}"), "5 4 12");
        assert_eq!(format!("{first_quarter} {last_quarter}"), "2 8");
        assert_eq!(format!("{:?}", summary.link_means), "[2.5, 7.5]");
        // A standard deviation of 5 / √2, from two links.
        assert!((summary.standard_error() - 2.5).abs() < 1e-9, "{}", summary.standard_error());
        assert!((summary.sent_per_second - 0.04).abs() < 1e-9, "{}", summary.sent_per_second);
        assert!((summary.refused - 0.2).abs() < 1e-9, "{}", summary.refused);
        assert!((summary.in_flight - 2.0).abs() < 1e-9, "{}", summary.in_flight);
    }
}
