//! The tables and the chart of what was measured.

use super::summary::Summary;
use super::theory::Theory;
use crate::chart::{Chart, Point, Series, thousands};
use crate::tables::Table;

/// The tables: response times without and with a limit, then requests in flight.
pub fn tables(summaries: &[Summary]) -> Vec<Table> {
    let (with, without): (Vec<&Summary>, Vec<&Summary>) =
        summaries.iter().partition(|it| it.setting.limit.is_some());
    vec![without_limit(&without), with_limit(&with), little(summaries)]
}

fn without_limit(summaries: &[&Summary]) -> Table {
    Table::new(
        "The open system: response times without a limit",
        "Milliseconds, measured by the client. `theory`: the mean in the long run.\n\
         `ideal`: the mean for these arrivals at a link that gives each of n requests\n\
         exactly 1/n. The arrivals were chosen so that it is close to `theory`. With\n\
         others, it would typically be `±` away: the standard error, from how much the\n\
         links differ. `first` and `last`: the mean in the first and in the last quarter\n\
         of the measurement. Above a load of 1, no theory applies: the queue grows for as\n\
         long as requests arrive, and a longer measurement gives longer times.",
        summaries,
        &[
            ("load", &|it| utilisation(it)),
            ("median", &|it| ms(it.median)),
            ("95 %", &|it| ms(it.p95)),
            ("99 %", &|it| ms(it.p99)),
            ("mean", &|it| ms(it.mean)),
            ("±", &|it| ms(it.standard_error())),
            ("theory", &|it| theory(it, |it| ms(it.seconds))),
            ("ideal", &|it| ms(it.ideal_mean)),
            ("first", &|it| ms(it.first_quarter)),
            ("last", &|it| ms(it.last_quarter)),
        ],
    )
}

fn with_limit(summaries: &[&Summary]) -> Table {
    Table::new(
        "The open system: response times with a limit",
        "The same arrivals, but a link refuses what would be the ninth request in flight\n\
         (status 429), and the client doesn't send it again. The times, in milliseconds,\n\
         are those of the requests that weren't refused.",
        summaries,
        &[
            ("load", &|it| utilisation(it)),
            ("median", &|it| ms(it.median)),
            ("95 %", &|it| ms(it.p95)),
            ("99 %", &|it| ms(it.p99)),
            ("mean", &|it| ms(it.mean)),
            ("±", &|it| ms(it.standard_error())),
            ("theory", &|it| theory(it, |it| ms(it.seconds))),
            ("ideal", &|it| ms(it.ideal_mean)),
            ("refused", &|it| percent(it.refused)),
            ("theory", &|it| theory(it, |it| percent(it.refused))),
        ],
    )
}

fn little(summaries: &[Summary]) -> Table {
    Table::new(
        "The open system: Little's law",
        "For one link. `arrive`: requests per second. `sent`: images per second.\n\
         `product`: images per second times their mean time, which is the mean number\n\
         in flight by Little's law. `in flight`: that number as the server counted it.\n\
         The law needs as many requests to leave as arrive. Above a load of 1, without\n\
         a limit, fewer do, and the numbers differ.",
        summaries,
        &[
            ("load", &|it| utilisation(it)),
            ("limit", &|it| it.setting.limit.map_or("none".to_owned(), |it| it.to_string())),
            ("arrive", &|it| format!("{:.1}", it.rate)),
            ("sent", &|it| format!("{:.1}", it.sent_per_second)),
            ("product", &|it| format!("{:.2}", it.sent_per_second * it.mean)),
            ("in flight", &|it| format!("{:.2}", it.in_flight)),
            ("theory", &|it| theory(it, |it| format!("{:.2}", it.in_flight))),
        ],
    )
}

fn utilisation(it: &Summary) -> String {
    format!("{:.2}", it.setting.utilisation)
}

fn theory(it: &Summary, cell: impl FnOnce(Theory) -> String) -> String {
    it.theory.map_or_else(|| "none".to_owned(), cell)
}

fn ms(seconds: f64) -> String {
    thousands((seconds * 1e3).round() as u64)
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 1e2)
}

/// Response times against the utilisation.
pub fn chart(summaries: &[Summary]) -> Chart {
    type Value = fn(&Summary) -> f64;
    let lines: [(&str, bool, Value); 4] = [
        ("median", false, |it| it.median),
        ("95 %", false, |it| it.p95),
        ("99 %", false, |it| it.p99),
        ("99 % with a limit", true, |it| it.p99),
    ];
    let series = lines.into_iter().map(|(name, has_limit, value)| {
        let chosen = summaries.iter().filter(|it| it.setting.limit.is_some() == has_limit);
        let points = chosen.map(|it| {
            let y = value(it);
            Point { x: it.setting.utilisation, y, low: y, high: y }
        });
        Series { name: name.to_owned(), points: points.collect() }
    });
    Chart {
        title: "Response times of an open system".to_owned(),
        x: "utilisation",
        x_step: Some(0.2),
        y: "seconds",
        series: series.collect(),
    }
}
