//! The tables of what was measured.

use crate::candidate::{Candidate, Job};
use crate::lab::Lab;
use crate::measure::Peak;
use crate::programs::{WORKERS, article_workers};

/// The programs of the article's table, and its times in seconds.
const ARTICLE: [(&str, f64); 4] =
    [("01-sync", 48.0), ("02-threads", 19.0), ("03-processes", 14.0), ("04-async", 14.0)];

/// A table with a title above and a note below it.
pub struct Table {
    pub title: &'static str,
    /// Printed below the table: what to look for.
    pub note: &'static str,
    pub header: Vec<&'static str>,
    /// Each row has one cell per column.
    pub rows: Vec<Vec<String>>,
}

/// All tables, in the order in which they are shown.
pub fn all(candidates: &[Candidate], lab: &Lab) -> Vec<Table> {
    vec![
        article(candidates),
        same_workers(candidates, lab),
        computing(candidates),
        times(candidates, lab),
        counts(candidates),
    ]
}

/// The header of a column, and the cell for a row.
pub type Column<'a, Row> = (&'static str, &'a dyn Fn(&Row) -> String);

impl Table {
    pub fn new<Row>(
        title: &'static str,
        note: &'static str,
        rows: impl IntoIterator<Item = Row>,
        columns: &[Column<Row>],
    ) -> Self {
        let cells = |row: Row| columns.iter().map(|(_, cell)| cell(&row)).collect();
        let header = columns.iter().map(|(header, _)| *header).collect();
        Self { title, note, header, rows: rows.into_iter().map(cells).collect() }
    }
}

fn article(candidates: &[Candidate]) -> Table {
    let here = |program| median(candidates, program, article_workers(program), Job::Waiting);
    let sync = here("01-sync");
    Table::new(
        "The article's table",
        "The ratios are to 01-sync. The article gives each program a different number of workers.",
        ARTICLE,
        &[
            ("program", &|(program, _)| (*program).to_owned()),
            ("workers", &|(program, _)| article_workers(program).to_string()),
            ("the article", &|(_, seconds)| format!("{seconds} s")),
            ("ratio", &|(_, seconds)| format!("{:.2}", seconds / ARTICLE[0].1)),
            ("here", &|(program, _)| format!("{:.2} s", here(program))),
            ("ratio", &|(program, _)| format!("{:.2}", here(program) / sync)),
        ],
    )
}

fn same_workers(candidates: &[Candidate], lab: &Lab) -> Table {
    let seconds = |program, workers: &usize| {
        format!("{:.2} s", median(candidates, program, *workers, Job::Waiting))
    };
    Table::new(
        "The same number of workers for each mechanism",
        "Compare along the rows, then down the columns: the number of workers makes the difference.",
        WORKERS,
        &[
            ("workers", &usize::to_string),
            ("02-threads", &|workers| seconds("02-threads", workers)),
            ("03-processes", &|workers| seconds("03-processes", workers)),
            ("04-async", &|workers| seconds("04-async", workers)),
            ("ideal", &|workers| format!("{:.2} s", lab.ideal(*workers))),
        ],
    )
}

fn computing(candidates: &[Candidate]) -> Table {
    let sync = median(candidates, "01-sync", 1, Job::Computing);
    Table::new(
        "Work that computes: thumbnails, from a server without any delay",
        "One worker for each core is enough, and more do not help. 04-async hands its thumbnails to other threads; the last two programs make them on the threads of their tasks.",
        candidates.iter().filter(|it| it.job == Job::Computing),
        &[
            ("program", &|it| it.label().to_owned()),
            ("workers", &|it| it.workers.to_string()),
            ("median", &|it| format!("{:.2} s", it.seconds()[1])),
            ("range", &|it| format!("{:.2} to {:.2} s", it.seconds()[0], it.seconds()[2])),
            ("ratio to 01-sync", &|it| format!("{:.2}", it.seconds()[1] / sync)),
        ],
    )
}

fn times(candidates: &[Candidate], lab: &Lab) -> Table {
    let ratio =
        |it: &Candidate| (it.job == Job::Waiting).then(|| it.seconds()[1] / lab.ideal(it.workers));
    Table::new(
        "Everything that was measured: times",
        "In seconds; the ratio is to the ideal time. curl, xargs, aria2c and wget2 get the links and send no request for the list.",
        candidates,
        &[
            ("program", &|it| it.label().to_owned()),
            ("workers", &|it| it.workers.to_string()),
            ("job", &|it| it.job.name().to_owned()),
            ("median", &|it| format!("{:.3}", it.seconds()[1])),
            ("min", &|it| format!("{:.3}", it.seconds()[0])),
            ("max", &|it| format!("{:.3}", it.seconds()[2])),
            ("ratio", &|it| cell(ratio(it), 3)),
            ("CPU time", &|it| cell(it.median(|sample| sample.processor_seconds), 3)),
        ],
    )
}

fn counts(candidates: &[Candidate]) -> Table {
    let peak = |it: &Candidate, value: fn(&Peak) -> u64| {
        it.median(|sample| sample.peak.as_ref().map(|peak| value(peak) as f64))
    };
    Table::new(
        "Everything that was measured: peaks",
        "Medians of the peaks. Memory in MB, of all processes of a run together; connections and requests in flight as the server saw them.",
        candidates,
        &[
            ("program", &|it| it.label().to_owned()),
            ("workers", &|it| it.workers.to_string()),
            ("job", &|it| it.job.name().to_owned()),
            ("memory", &|it| cell(peak(it, |peak| peak.memory).map(|bytes| bytes / 1e6), 1)),
            ("threads", &|it| cell(peak(it, |peak| peak.threads), 0)),
            ("proc.", &|it| cell(peak(it, |peak| peak.processes), 0)),
            ("conn.", &|it| cell(it.median(|sample| Some(sample.connections as f64)), 0)),
            ("in flight", &|it| cell(it.median(|sample| Some(sample.in_flight as f64)), 0)),
        ],
    )
}

fn cell(value: Option<f64>, digits: usize) -> String {
    value.map_or("-".to_owned(), |value| format!("{value:.digits$}"))
}

fn median(candidates: &[Candidate], program: &str, workers: usize, job: Job) -> f64 {
    let is_meant = |it: &&Candidate| it.name == program && it.workers == workers && it.job == job;
    candidates.iter().find(is_meant).expect("each table's candidates have run").seconds()[1]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Sample;
    use crate::output::text_of_width;
    use crate::programs::tests::unbuilt;

    #[test]
    fn the_tables_fit_into_80_columns() {
        let mut candidates = unbuilt();
        for candidate in &mut candidates {
            let peak = Peak { memory: 100_000_000, threads: 121, processes: 41, files: 100 };
            let sample = Sample { peak: Some(peak), ..Sample::of_seconds(10.0) };
            candidate.samples.push(Sample { processor_seconds: Some(10.0), ..sample });
        }
        let lab = Lab::start().unwrap();
        let warnings: Vec<_> = candidates.iter().filter_map(Candidate::warning).collect();
        let text = text_of_width(&all(&candidates, &lab), &["curl"; 20], &warnings, Some(80));
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        assert!(text.contains("100.0") && text.contains(" 121 "), "{text}");
    }
}
