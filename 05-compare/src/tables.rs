//! What was measured, as tables for people and as JSON for machines.

use crate::contenders::{Contender, Job, WORKERS, articles_workers};
use crate::lab::Lab;
use comfy_table::{Table, presets};
use serde_json::{Value, json};

/// The programs of the article's table, and its times in seconds.
const ARTICLE: [(&str, f64); 4] =
    [("01-sync", 48.0), ("02-threads", 19.0), ("03-processes", 14.0), ("04-async", 14.0)];

/// A table with a title above and a note below it.
pub struct Part {
    /// What it shows.
    pub title: &'static str,
    /// What to see in it.
    pub note: &'static str,
    /// The names of its columns.
    pub head: Vec<String>,
    /// As many cells in each as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// All tables.
pub fn parts(contenders: &[Contender], lab: &Lab) -> Vec<Part> {
    vec![article(contenders), fair(contenders, lab), computing(contenders), all(contenders, lab)]
}

/// All tables, what could not be run, and why not to trust the numbers.
pub fn text(parts: &[Part], missing: &[&str], warnings: &[String], markdown: bool) -> String {
    let mut text = Vec::new();
    for part in parts {
        let mut table = Table::new();
        table.load_style(if markdown { presets::ASCII_MARKDOWN } else { presets::NOTHING });
        table.set_header(&part.head);
        table.add_rows(&part.rows);
        let title = if markdown { "## " } else { "" };
        text.push(format!("{title}{}\n\n{table}\n\n{}\n", part.title, part.note));
    }
    if !missing.is_empty() {
        text.push(format!("Not installed: {}.\n", missing.join(", ")));
    }
    text.extend(warnings.iter().map(|warning| format!("Warning: {warning}.\n")));
    text.join("\n")
}

/// Every single measurement.
pub fn json(contenders: &[Contender], lab: &Lab, missing: &[&str], warnings: &[String]) -> Value {
    let runs = contenders.iter().map(|it| {
        let ideal = (it.job == Job::Waiting).then(|| lab.ideal(it.workers));
        json!({
            "name": it.name, "workers": it.workers, "job": it.job.name(),
            "ideal_seconds": ideal, "samples": it.samples,
        })
    });
    let runs: Vec<Value> = runs.collect();
    json!({"runs": runs, "not_installed": missing, "warnings": warnings})
}

fn article(contenders: &[Contender]) -> Part {
    let sync = median(contenders, "01-sync", 1, Job::Waiting);
    let rows = ARTICLE.into_iter().map(|(program, seconds)| {
        let workers = articles_workers(program);
        let measured = median(contenders, program, workers, Job::Waiting);
        vec![
            program.to_owned(),
            workers.to_string(),
            format!("{seconds} s"),
            format!("{:.2}", seconds / ARTICLE[0].1),
            format!("{measured:.2} s"),
            format!("{:.2}", measured / sync),
        ]
    });
    Part {
        title: "The article's table",
        note: "The ratios are to 01-sync. The article compares different numbers of workers.",
        head: strings(["program", "workers", "the article", "ratio", "here", "ratio"]),
        rows: rows.collect(),
    }
}

fn fair(contenders: &[Contender], lab: &Lab) -> Part {
    let rows = WORKERS.into_iter().map(|workers| {
        let mut row = vec![workers.to_string()];
        for program in ["02-threads", "03-processes", "04-async"] {
            row.push(format!("{:.2} s", median(contenders, program, workers, Job::Waiting)));
        }
        row.push(format!("{:.2} s", lab.ideal(workers)));
        row
    });
    Part {
        title: "The same number of workers for each mechanism",
        note: "Look along the rows, then down the columns: the workers make the difference.",
        head: strings(["workers", "02-threads", "03-processes", "04-async", "at best"]),
        rows: rows.collect(),
    }
}

fn computing(contenders: &[Contender]) -> Part {
    let sync = median(contenders, "01-sync", 1, Job::Computing);
    let rows = contenders.iter().filter(|it| it.job == Job::Computing).map(|it| {
        let [least, median, most] = it.spread(|sample| sample.seconds);
        vec![
            it.label().to_owned(),
            it.workers.to_string(),
            format!("{median:.2} s"),
            format!("{least:.2} to {most:.2} s"),
            format!("{:.2}", median / sync),
        ]
    });
    Part {
        title: "Work that computes: thumbnails, from a server without any delay",
        note: "As many workers as cores are enough, more do not help, and a task that computes holds up all others.",
        head: strings(["program", "workers", "median", "from, to", "ratio to 01-sync"]),
        rows: rows.collect(),
    }
}

fn all(contenders: &[Contender], lab: &Lab) -> Part {
    let rows = contenders.iter().map(|it| {
        let [least, median, most] = it.spread(|sample| sample.seconds);
        let peak = |value: fn(&crate::measure::Peak) -> u64| {
            let has_peak = it.samples.iter().all(|sample| sample.peak.is_some());
            has_peak.then(|| it.spread(|sample| sample.peak.as_ref().map_or(0, value) as f64)[1])
        };
        let number = |value: Option<f64>| value.map_or("-".to_owned(), |it| format!("{it:.0}"));
        let processor = it.samples.iter().all(|sample| sample.processor_seconds.is_some());
        let processor = processor.then(|| it.spread(|it| it.processor_seconds.unwrap_or(0.0))[1]);
        let ideal = (it.job == Job::Waiting).then(|| median / lab.ideal(it.workers));
        vec![
            it.label().to_owned(),
            it.workers.to_string(),
            it.job.name().to_owned(),
            format!("{median:.3}"),
            format!("{least:.3}"),
            format!("{most:.3}"),
            ideal.map_or("-".to_owned(), |ratio| format!("{ratio:.3}")),
            processor.map_or("-".to_owned(), |seconds| format!("{seconds:.3}")),
            peak(|peak| peak.memory).map_or("-".to_owned(), |bytes| format!("{:.1}", bytes / 1e6)),
            number(peak(|peak| peak.threads)),
            number(peak(|peak| peak.processes)),
            number(Some(it.spread(|sample| sample.connections as f64)[1])),
            number(Some(it.spread(|sample| sample.in_flight as f64)[1])),
        ]
    });
    Part {
        title: "Everything that was measured",
        note: "Times in seconds, memory in MB for all processes of a run together. Medians; threads, processes and memory at their peaks. curl, xargs, aria2c and wget2 are given the links and need not ask for them.",
        head: strings([
            "program",
            "workers",
            "job",
            "median",
            "min",
            "max",
            "to the ideal",
            "processor",
            "memory",
            "threads",
            "processes",
            "connections",
            "in flight",
        ]),
        rows: rows.collect(),
    }
}

fn median(contenders: &[Contender], program: &str, workers: usize, job: Job) -> f64 {
    let it =
        contenders.iter().find(|it| it.name == program && it.workers == workers && it.job == job);
    it.expect("it has run").spread(|sample| sample.seconds)[1]
}

fn strings<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).into()
}
