//! `--costs`: what it costs to start one more, to share, to pass on and to switch.
//!
//! Each measured function is a loop that is readable by itself. It returns how often it did its
//! work, so that a test can check it.

mod channels;
mod sample;
mod sharing;
mod starting;
mod switching;

use crate::chart::thousands;
use crate::tables::Table;
use crate::{cargo, machine, output};
pub use sample::percentile;
use sample::sample;
use serde_json::{Value, json};
use std::error::Error;

/// One line of the table.
struct Cost<'a> {
    group: &'static str,
    name: &'static str,
    /// Repeats the work this many times, and returns how often it was done.
    run: &'a dyn Fn(u64) -> u64,
}

/// What was measured for one line: nanoseconds in ascending order.
struct Measured {
    group: &'static str,
    name: &'static str,
    samples: Vec<f64>,
}

/// Measures everything, and returns the text for stdout.
pub fn report(markdown: bool, json: bool) -> Result<String, Box<dyn Error>> {
    let programs = cargo::release(&["nothing"])?;
    let process = |times| starting::process(&programs["nothing"], times);
    // Before measuring, which is itself a load.
    let warnings = machine::warnings();
    let mut measured = Vec::new();
    for Cost { group, name, run } in costs(&process) {
        eprintln!("measuring: {group}: {name}");
        measured.push(Measured { group, name, samples: sample(run) });
    }
    Ok(if json {
        json_of(&measured, &warnings).to_string()
    } else {
        let text = output::text(&[table(&measured)], &[], &warnings, markdown);
        format!("{text}\nMachine: {}.", machine::name())
    })
}

/// All costs, from cheap to expensive within each group. `process` starts processes.
fn costs(process: &dyn Fn(u64) -> u64) -> Vec<Cost<'_>> {
    let mut all: Vec<Cost> = Vec::new();
    let mut add = |group, name, run| all.push(Cost { group, name, run });
    add("do", "a function call", &sharing::call);
    add("do", "a system call", &switching::system_call);
    add("share", "atomic, one thread", &sharing::atomic);
    add("share", "atomic, two threads", &sharing::contended_atomic);
    add("share", "mutex, one thread", &sharing::mutex);
    add("share", "mutex, two threads", &sharing::contended_mutex);
    add("share", "two atomics, two lines", &sharing::two_lines);
    add("share", "two atomics, one line", &sharing::one_line);
    add("pass on", "std channel, one thread", &channels::one_thread);
    add("pass on", "std channel, two threads", &channels::two_threads);
    add("pass on", "tokio channel, two tasks", &channels::two_tasks);
    add("switch", "tasks, one thread", &switching::tasks_on_one_thread);
    add("switch", "tasks, two threads", &switching::tasks_on_two_threads);
    #[cfg(target_os = "linux")]
    add("switch", "threads, one core", &switching::threads_on_one_core);
    add("switch", "threads, any core", &switching::threads);
    add("start", "a task, one thread", &starting::task_on_one_thread);
    add("start", "a task, two threads", &starting::task_on_two_threads);
    add("start", "a rayon job", &starting::rayon_job);
    add("start", "a scoped thread", &starting::scoped_thread);
    add("start", "a thread", &starting::thread);
    add("start", "a process", process);
    all
}

fn table(measured: &[Measured]) -> Table {
    let call = percentile(&measured[0].samples, 0.5);
    let at = |it: &Measured, share| digits(percentile(&it.samples, share));
    Table::new(
        "What it costs",
        "Nanoseconds; 80 % of the samples are in the range. Calls: in function calls.",
        measured,
        &[
            ("to", &|it| it.group.to_owned()),
            ("what", &|it| it.name.to_owned()),
            ("median", &|it| at(it, 0.5)),
            ("range", &|it| format!("{} to {}", at(it, 0.1), at(it, 0.9))),
            ("calls", &|it| digits(percentile(&it.samples, 0.5) / call)),
        ],
    )
}

/// A positive number with two or three significant digits: `4.7`, `38`, `1,230,000`.
fn digits(number: f64) -> String {
    if number < 9.95 {
        return format!("{number:.1}");
    }
    let unit = 10f64.powi((number.log10().floor() as i32 - 2).max(0));
    thousands(((number / unit).round() * unit) as u64)
}

fn json_of(measured: &[Measured], warnings: &[String]) -> Value {
    let costs = measured.iter().map(|it| {
        json!({
            "group": it.group, "name": it.name, "nanoseconds": percentile(&it.samples, 0.5),
            "samples": it.samples,
        })
    });
    let costs: Vec<Value> = costs.collect();
    json!({"costs": costs, "machine": machine::name(), "warnings": warnings})
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn each_function_repeats_its_work_as_often_as_its_argument_says() {
        let none = |_| unreachable!("tested below");
        for Cost { group, name, run } in costs(&none).iter().filter(|it| it.name != "a process") {
            // Each of two threads adds to the sum.
            let both = *group == "share" && name.contains("two");
            assert_eq!(run(1000), if both { 2000 } else { 1000 }, "{group}: {name}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn each_process_that_ends_well_counts() {
        assert_eq!(starting::process(Path::new("true"), 3), 3);
        assert_eq!(starting::process(Path::new("false"), 3), 0);
    }

    #[test]
    fn numbers_have_two_or_three_significant_digits() {
        let numbers = [0.24, 9.94, 9.96, 38.4, 999.6, 1234.0, 1_234_567.0];
        let expected = ["0.2", "9.9", "10", "38", "1,000", "1,230", "1,230,000"];
        assert_eq!(numbers.map(digits), expected);
    }

    #[test]
    fn the_table_fits_into_80_columns() {
        let of = |samples: &[f64]| {
            let samples = samples.to_vec();
            move |it: Cost| Measured { group: it.group, name: it.name, samples: samples.clone() }
        };
        let none = |_| 0;
        let mut measured: Vec<_> = costs(&none).into_iter().map(of(&[8e5, 9e5, 1e6])).collect();
        measured[0].samples = vec![0.9, 1.0, 1.1];
        let text = output::text(&[table(&measured)], &[], &[], false);
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        assert!(text.contains("a process") && text.contains("900,000"), "{text}");
        let json = json_of(&measured, &[]);
        assert_eq!(json["costs"].as_array().map(Vec::len), Some(measured.len()));
        assert_eq!(json["costs"][0]["nanoseconds"], 1.0);
    }
}
