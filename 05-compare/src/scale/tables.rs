//! The tables and the charts of what was measured.

use super::attempt::LATENCY;
use super::{Level, PROGRAMS, Run};
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
            "Medians; times in seconds, memory in MB (PSS of all processes of a run together). A response takes 1 s, the list of images another one, so no run can take less than 2 s. The server runs on the same machine; the processor time is that of the program alone.",
            levels,
            &[
                ("in flight", &|it| thousands(it.workers as u64)),
                ("program", &|it| it.program.to_owned()),
                ("time", &|it| cell(seconds(it, 1), 2)),
                ("range", &|it| range(it)),
                ("ratio to ideal", &|it| cell(seconds(it, 1).map(|it| it / ideal()), 2)),
                ("CPU time", &|it| cell(middle(it, |run| run.processor_seconds), 3)),
                ("memory", &|it| cell(peak(it, |it| it.memory).map(|it| it / 1e6), 1)),
            ],
        ),
        Table::new(
            "From 10 to 10,000 requests in flight: what the system counts",
            "Context switches: voluntary ones because a thread waits, involuntary ones because another thread gets the core. Threads, processes and open files while all requests are in flight; the peak is what the server saw.",
            levels,
            &[
                ("in flight", &|it| thousands(it.workers as u64)),
                ("program", &|it| it.program.to_owned()),
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
        ("Time above the ideal", "seconds", |it| {
            it.median(|run| Some((run.seconds - ideal()).max(1e-3)))
        }),
        ("Processor time", "seconds", |it| it.median(|run| run.processor_seconds)),
        ("Memory", "MB", |it| it.peak.map(|it| [it.memory as f64 / 1e6; 3])),
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
    Series { name: program.to_owned(), points: points.collect() }
}
