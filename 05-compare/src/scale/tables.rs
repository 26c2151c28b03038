//! The tables and the charts of what was measured.

use super::attempt::LATENCY;
use super::{Level, PROGRAMS, Run, label};
use crate::candidate::spread;
use crate::chart::{Chart, Point, Series, thousands};
use crate::measure::Peak;
use crate::tables::Table;

/// The shortest possible time of a run: the list, then all images at the same time.
fn ideal() -> f64 {
    2.0 * LATENCY.as_secs_f64()
}

impl Level {
    fn median(&self, value: impl Fn(&Run) -> Option<f64>) -> Option<[f64; 3]> {
        let values: Option<Vec<f64>> = self.runs.iter().map(value).collect();
        values.filter(|it| !it.is_empty()).map(spread)
    }
}

/// The tables: times, then what the system counted.
pub fn tables(levels: &[Level]) -> Vec<Table> {
    let cell = |value: Option<f64>, digits: usize| {
        value.map_or("-".to_owned(), |value| match digits {
            0 => thousands(value.round() as u64),
            _ => format!("{value:.digits$}"),
        })
    };
    let peak = |it: &Level, value: fn(&Peak) -> u64| it.peak.as_ref().map(|it| value(it) as f64);
    let middle = |it: &Level, value: fn(&Run) -> Option<f64>| it.median(value).map(|it| it[1]);
    let seconds = |it: &Level, index: usize| it.median(|run| Some(run.seconds)).map(|it| it[index]);
    let range = |it: &Level| format!("{} to {}", cell(seconds(it, 0), 2), cell(seconds(it, 2), 2));
    vec![
        Table::new(
            "From 10 to 10,000 requests in flight: time, processor and memory",
            "Medians; times in seconds, memory in MB (PSS of all processes of a run together). A response takes 1 s, the list of images another one, so no run can take less than 2 s; the ratio is to that time. The server runs on the same machine; the processor time is that of the program alone. \"no rayon\" is 02-threads with plain threads and one queue: rayon's idle threads search the queues of all others.",
            levels,
            &[
                ("in flight", &|it| thousands(it.in_flight as u64)),
                ("program", &|it| label(it.program).to_owned()),
                ("time", &|it| cell(seconds(it, 1), 2)),
                ("range", &|it| range(it)),
                ("ratio", &|it| cell(seconds(it, 1).map(|it| it / ideal()), 2)),
                ("CPU time", &|it| cell(middle(it, |run| run.processor_seconds), 3)),
                ("memory", &|it| cell(peak(it, |it| it.memory).map(|it| it / 1e6), 1)),
            ],
        ),
        Table::new(
            "From 10 to 10,000 requests in flight: what the system counts",
            "Context switches: voluntary ones because a thread waits, involuntary ones because another thread gets the core. Threads, processes and open files while all requests are in flight; the peak is what the server saw.",
            levels,
            &[
                ("in flight", &|it| thousands(it.in_flight as u64)),
                ("program", &|it| label(it.program).to_owned()),
                ("voluntary", &|it| {
                    cell(middle(it, |run| run.voluntary_switches.map(|it| it as f64)), 0)
                }),
                ("invol.", &|it| {
                    cell(middle(it, |run| run.involuntary_switches.map(|it| it as f64)), 0)
                }),
                ("threads", &|it| cell(peak(it, |it| it.threads), 0)),
                ("proc.", &|it| cell(peak(it, |it| it.processes), 0)),
                ("files", &|it| cell(peak(it, |it| it.files), 0)),
                ("peak", &|it| cell(middle(it, |run| Some(run.in_flight as f64)), 0)),
            ],
        ),
    ]
}

/// Four charts with logarithmic axes: time above the ideal, processor time, memory, switches.
pub fn charts(levels: &[Level]) -> Vec<Chart> {
    type Value = fn(&Level) -> Option<[f64; 3]>;
    let all: [(&str, &'static str, Value); 4] = [
        ("Time above the ideal", "in seconds", |it| {
            it.median(|run| Some((run.seconds - ideal()).max(1e-3)))
        }),
        ("Processor time", "in seconds", |it| it.median(|run| run.processor_seconds)),
        ("Memory", "in MB", |it| it.peak.map(|it| [it.memory as f64 / 1e6; 3])),
        ("Context switches", "voluntary and involuntary", |it| {
            it.median(|run| Some((run.voluntary_switches? + run.involuntary_switches?) as f64))
        }),
    ];
    let chart = |(title, unit, value): (&str, &'static str, Value)| Chart {
        title: title.to_owned(),
        x: "requests in flight",
        x_step: None,
        y: unit,
        series: PROGRAMS.into_iter().map(|program| series(levels, program, value)).collect(),
    };
    all.into_iter().map(chart).collect()
}

fn series(levels: &[Level], program: &str, value: fn(&Level) -> Option<[f64; 3]>) -> Series {
    let points = levels.iter().filter(|it| it.program == program).filter_map(|it| {
        // The axes are logarithmic.
        let [low, y, high] = value(it).filter(|spread| spread[0] > 0.0)?;
        Some(Point { x: it.in_flight as f64, y, low, high })
    });
    Series { name: label(program).to_owned(), points: points.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::text_of_width;

    fn level(program: &'static str, in_flight: usize) -> Level {
        let n = in_flight as u64;
        let peak = Peak { memory: n << 20, threads: 4 * n, processes: n + 1, files: 8 * n };
        let run = |seconds| Run {
            seconds,
            processor_seconds: Some(seconds),
            voluntary_switches: Some(40 * n),
            involuntary_switches: Some(40 * n),
            in_flight,
        };
        Level { program, in_flight, peak: Some(peak), runs: vec![run(50.0), run(54.0), run(51.0)] }
    }

    #[test]
    fn the_tables_fit_into_80_columns() {
        let levels: Vec<_> = PROGRAMS.into_iter().map(|program| level(program, 10_000)).collect();
        let text = text_of_width(&tables(&levels), &[], &[], Some(80));
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        assert!(text.contains("50.00 to 54.00") && text.contains("400,000"), "{text}");
    }

    #[test]
    fn charts_show_each_level_and_no_time_below_the_ideal() {
        let mut levels = vec![level("scoped", 10), level("scoped", 40), level("04-async", 10)];
        levels[0].runs[0].seconds = 1.9;
        let charts = charts(&levels);
        let names: Vec<_> = charts[0].series.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["02-threads", "no rayon", "03-processes", "04-async"]);
        for chart in &charts {
            let points: Vec<_> = chart.series.iter().map(|it| it.points.len()).collect();
            assert_eq!(points, [0, 2, 0, 1], "{}", chart.title);
            let all = || chart.series.iter().flat_map(|it| &it.points);
            assert!(all().all(|it| it.low > 0.0 && it.low <= it.y && it.y <= it.high));
        }
    }
}
