//! `--load`: an open system. Requests arrive at a rate, whether or not earlier ones are done.
//!
//! A link of a practice server is in use for a share of the time, its utilisation: the rate at which
//! requests arrive times the time that each takes alone. Every setting has several links, which are
//! independent of each other, and all of them are measured at the same time.

mod link;
mod summary;
mod tables;
mod theory;

use crate::progress::Progress;
use link::Link;
use serde::Serialize;
use shared::http::network;
use std::error::Error;
use std::time::Duration;
pub use summary::Summary;
pub use tables::{chart, tables};
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Utilisations, and the number of links: more where requests in flight vary more.
const UTILISATIONS: [(f64, usize); 8] =
    [(0.2, 4), (0.4, 4), (0.6, 6), (0.7, 10), (0.8, 16), (0.9, 24), (0.95, 24), (1.1, 4)];
/// Max requests in flight of the settings with a limit, and their number of links.
const LIMIT: usize = 8;
const LINKS_WITH_LIMIT: usize = 4;
/// Seconds between two lines of progress.
const STEP: f64 = 10.0;

/// What is measured, and at how many links.
#[derive(Clone, Copy, Serialize)]
pub struct Setting {
    pub utilisation: f64,
    /// Max requests in flight; any above it is refused.
    pub limit: Option<usize>,
    pub links: usize,
}

/// How long requests arrive, in seconds.
#[derive(Clone, Copy)]
pub struct Plan {
    /// Until about as many requests are in flight as in the long run.
    pub warm_up: f64,
    pub measured: f64,
}

/// Three and a half minutes.
pub const PLAN: Plan = Plan { warm_up: 20.0, measured: 190.0 };

impl Plan {
    pub fn seconds(self) -> f64 {
        self.warm_up + self.measured
    }
}

/// All settings: first those without a limit.
pub fn settings() -> Vec<Setting> {
    let without = UTILISATIONS.map(|(utilisation, links)| (utilisation, None, links));
    let with = UTILISATIONS.map(|(utilisation, _)| (utilisation, Some(LIMIT), LINKS_WITH_LIMIT));
    let all = without.into_iter().chain(with);
    all.map(|(utilisation, limit, links)| Setting { utilisation, limit, links }).collect()
}

/// Measures all settings at the same time.
#[tokio::main(flavor = "current_thread")]
pub async fn measure(settings: &[Setting], plan: Plan) -> Result<Vec<Summary>, Box<dyn Error>> {
    network::install_crypto();
    let http = reqwest::Client::builder()
        .no_proxy()
        // Before the server closes an idle connection.
        .pool_idle_timeout(Duration::from_secs(30))
        .build()?;
    let mut tasks: Vec<JoinSet<_>> = Vec::new();
    for setting in settings {
        // A setting with a limit gets the same arrivals as the one without.
        let first_seed = (setting.utilisation * 100.0) as u64 * 1_000;
        let seeds = (0..setting.links as u64).map(|link| first_seed + link);
        tasks.push(seeds.map(|seed| Link::measure(http.clone(), *setting, seed, plan)).collect());
    }
    let links: usize = settings.iter().map(|it| it.links).sum();
    let steps = (plan.seconds() / STEP).ceil() as usize;
    let mut progress = Progress::new(vec![STEP; steps]);
    for _ in 0..steps {
        progress.step(&format!("requests arrive at {links} links"));
        sleep(Duration::from_secs_f64(STEP.min(plan.seconds()))).await;
    }
    let mut summaries = Vec::new();
    for (setting, tasks) in settings.iter().zip(tasks) {
        let links: Result<Vec<_>, _> = tasks.join_all().await.into_iter().collect();
        let links = links.map_err(|error| error as Box<dyn Error>)?;
        summaries.push(Summary::new(*setting, &links, plan));
    }
    Ok(summaries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{chart, output};

    #[test]
    fn a_short_measurement_fills_the_tables_and_the_chart() {
        let setting = |utilisation, limit| Setting { utilisation, limit, links: 2 };
        let settings = [setting(0.5, None), setting(1.1, None), setting(1.1, Some(1))];
        let plan = Plan { warm_up: 0.5, measured: 3.0 };
        let summaries = measure(&settings, plan).unwrap();
        let text = output::text(&tables(&summaries), &[], &[], false);
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        let rows: Vec<Vec<_>> = text.lines().map(|it| it.split_whitespace().collect()).collect();
        let rows: Vec<_> = rows.iter().filter(|row| row.first() == Some(&"1.10")).collect();
        let [without, with, little_without, little_with] = rows[..] else {
            panic!("a row for each setting in the tables of times and in that of the law: {text}")
        };
        assert_eq!([without.len(), with.len()], [10, 12], "{text}");
        assert_eq!([without[6], little_without[6]], ["none"; 2], "no theory applies: {text}");
        assert_eq!([little_without[1], little_with[1]], ["none", "1"], "{text}");
        assert!(summaries[1].refused < 1e-9, "{text}");
        assert!(summaries[2].refused > 0.0, "{text}");
        // Each has the whole link, and a timer is never early.
        assert!(summaries[2].median >= summaries[2].theory.unwrap().seconds, "{text}");
        let svg = chart::svg(&[chart(&summaries)], 1, "what it shows");
        let document = roxmltree::Document::parse(&svg).unwrap();
        // Three lines of two settings without a limit, and one of the other.
        assert_eq!(document.descendants().filter(|it| it.has_tag_name("circle")).count(), 7);
    }
}
