//! `--load`: an open system. Requests arrive at a rate, whether or not earlier ones are done.
//!
//! A link of a practice server is in use for a share of the time, its utilisation: the rate at which
//! requests arrive times the time that each takes alone. Every setting has several links, which are
//! independent of each other, and all of them are measured at the same time.

mod arrivals;
mod link;
mod run;
mod summary;
mod tables;
mod theory;

use crate::{chart, machine, output};
use serde::Serialize;
use serde_json::json;
use std::error::Error;
use std::fs;
use std::path::Path;

/// Utilisations, the number of links, more where the number of requests in flight varies more, and
/// the seed of the first link.
///
/// A long queue changes so slowly that a few minutes show little of the long run: at a utilisation of
/// 0.95, half of all seeds give a mean that is more than 20 % off. Of the first hundred multiples of
/// 100, each seed here is that of the most typical arrivals: at an ideal link, the mean is within 4 %
/// of the long run's.
const UTILISATIONS: [(f64, usize, u64); 8] = [
    (0.2, 2, 7_300),
    (0.4, 2, 5_800),
    (0.6, 3, 5_200),
    (0.7, 4, 100),
    (0.8, 6, 6_600),
    (0.9, 8, 9_300),
    (0.95, 10, 7_100),
    (1.1, 2, 1_900),
];
/// Max requests in flight of the settings with a limit, and their number of links.
const LIMIT: usize = 8;
const LINKS_WITH_LIMIT: usize = 2;

/// What is measured, and at how many links.
#[derive(Clone, Copy, Serialize)]
pub struct Setting {
    pub utilisation: f64,
    /// Max requests in flight; any above it is refused.
    pub limit: Option<usize>,
    pub links: usize,
    /// Decides when requests arrive at the first link; the next seed is that of the second one.
    pub seed: u64,
}

/// How long requests arrive, in seconds.
#[derive(Clone, Copy)]
pub struct Plan {
    /// Until about as many requests are in flight as in the long run.
    pub warm_up: f64,
    pub measured: f64,
}

/// Almost four minutes. The arrivals of the seeds are typical of this plan.
pub const PLAN: Plan = Plan { warm_up: 30.0, measured: 200.0 };

impl Plan {
    pub fn seconds(self) -> f64 {
        self.warm_up + self.measured
    }
}

/// All settings: first those without a limit, then the same arrivals with it.
pub fn settings() -> Vec<Setting> {
    let without = UTILISATIONS.map(|(utilisation, links, seed)| Setting {
        utilisation,
        limit: None,
        links,
        seed,
    });
    let with = without.map(|it| Setting { limit: Some(LIMIT), links: LINKS_WITH_LIMIT, ..it });
    [without, with].concat()
}

/// Measures everything, draws the picture, and returns the text for stdout.
pub fn report(
    picture: Option<&Path>,
    markdown: bool,
    json: bool,
) -> Result<String, Box<dyn Error>> {
    machine::raise_open_files();
    // Before measuring, which is itself a load.
    let mut warnings = machine::warnings();
    let summaries = run::measure(&settings(), PLAN)?;
    warnings.extend(run::warning(&summaries));
    let made = format!("{}, {}", machine::name(), machine::date());
    if let Some(path) = picture {
        let alt = format!("Response times of an open system against its utilisation. {made}");
        fs::write(path, chart::svg(&[tables::chart(&summaries)], 1, &alt))?;
    }
    Ok(if json {
        json!({"settings": summaries, "made": made, "warnings": warnings}).to_string()
    } else {
        let text = output::text(&tables::tables(&summaries), &[], &warnings, markdown);
        format!("{text}\nMade on: {made}.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use link::Link;
    use summary::Summary;

    #[test]
    fn the_arrivals_are_typical() {
        let (_server, _url, alone) = link::start(None).unwrap();
        for setting in settings() {
            let seeds = (setting.seed..).take(setting.links);
            let ideal = seeds.map(|seed| {
                let rate = setting.utilisation / alone;
                let arrivals = arrivals::arrivals(rate, PLAN.seconds(), seed);
                let ideal = theory::replay(&arrivals, alone, setting.limit);
                Link { rate, alone, outcomes: ideal.clone(), ideal, late: 0.0, in_flight: 0.0 }
            });
            let summary = Summary::new(setting, &ideal.collect::<Vec<_>>(), PLAN);
            let Some(theory) = summary.theory else { continue };
            let ratio = summary.ideal_mean / theory.seconds;
            assert!((ratio - 1.0).abs() < 0.04, "{}: {ratio}", setting.utilisation);
        }
    }

    #[test]
    fn a_short_measurement_fills_the_tables_and_the_chart() {
        let setting = |utilisation, limit| Setting { utilisation, limit, links: 2, seed: 1 };
        let settings = [setting(0.5, None), setting(1.1, None), setting(1.1, Some(1))];
        let plan = Plan { warm_up: 0.5, measured: 3.0 };
        let mut summaries = run::measure(&settings, plan).unwrap();
        let text = output::text(&tables::tables(&summaries), &[], &[], false);
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
        summaries[1].late = 0.0123;
        let warning = run::warning(&summaries);
        assert_eq!(
            warning.as_deref(),
            Some("requests were sent 12 ms late: this machine is too busy")
        );
        let svg = chart::svg(&[tables::chart(&summaries)], 1, "what it shows");
        let document = roxmltree::Document::parse(&svg).unwrap();
        // Three lines of two settings without a limit, and one of the other.
        assert_eq!(document.descendants().filter(|it| it.has_tag_name("circle")).count(), 7);
    }
}
