//! The article's table, measured: runs the four programs in turn for several rounds, each as a
//! process of its own, against one practice server per job.
//!
//! The first comparison is the article's. The second one is not in the article: the same number of
//! workers for each mechanism. Everything is measured from outside: by the clock, by the operating
//! system and by the server.

mod candidate;
mod cargo;
mod chart;
mod costs;
mod lab;
mod load;
mod machine;
mod measure;
mod output;
mod page;
mod peers;
mod programs;
mod progress;
mod room;
mod scale;
mod scratch;
mod tables;

use candidate::{Candidate, Job};
use clap::Parser;
use lab::Lab;
use progress::Progress;
use serde_json::json;
use shared::timeline;
use std::error::Error;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// The text of `--help` below the options.
const AFTER_HELP: &str = "\
Examples:
  05-compare --quick
      the tables after a minute
  05-compare --html report.html
      also a page with charts
  05-compare --peers --markdown
      also curl, xargs, Python and others that are installed

Environment:
  COLUMNS             the width of the tables, in place of the terminal's
  CARGO_TARGET_DIR    where cargo builds the programs, as usual

Exit codes:
  0    the tables are printed
  1    something failed; the reason is on stderr
  2    wrong usage";

/// Runs the four programs side by side and prints tables of what was measured.
#[derive(Parser)]
#[command(version, after_help = AFTER_HELP)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch on the command line")]
struct Options {
    /// Number of rounds, after one round to warm up
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,

    /// A single round without warm-up: takes about a minute, and the times are less reliable
    #[arg(long, conflicts_with = "rounds")]
    quick: bool,

    /// Measure 10 to 10,000 requests in flight instead: 4 minutes with --rounds=1, else 10
    #[arg(long, conflicts_with_all = ["quick", "peers", "html"])]
    scale: bool,

    /// Instead: requests that arrive at a rate, up to more than a link can serve. Takes 4 minutes
    #[arg(long, conflicts_with_all = ["rounds", "quick", "scale", "peers", "html"])]
    load: bool,

    /// Also run the alternatives that are installed: curl, xargs, aria2c, wget2, Python
    #[arg(long)]
    peers: bool,

    /// Measure what a thread, a process, a task and other things cost instead: 10 seconds
    #[arg(long, conflicts_with_all = ["rounds", "quick", "load", "peers", "html", "picture"])]
    costs: bool,

    /// Print tables in Markdown
    #[arg(long, conflicts_with = "json")]
    markdown: bool,

    /// Print one JSON object with every single measurement
    #[arg(long)]
    json: bool,

    /// Also write a report with charts: one HTML page that needs no other file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// Also draw the four programs' timelines on one time axis, or a chart of what --scale or --load
    /// measures (SVG)
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let result = if options.costs {
        costs::report(options.markdown, options.json)
    } else {
        compare(&options)
    };
    match result {
        Ok(text) => {
            // A closed pipe (`| head`) isn't an error.
            let _ = writeln!(io::stdout(), "{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Compares the programs, and returns the text for stdout.
fn compare(options: &Options) -> Result<String, Box<dyn Error>> {
    // Checks the output files now, not after minutes of measuring.
    for path in options.html.iter().chain(&options.picture) {
        let opened = OpenOptions::new().append(true).create(true).open(path);
        drop(opened.map_err(|error| format!("cannot write {}: {error}", path.display()))?);
    }
    let _folder = scratch::folder()?;
    if options.scale {
        return run_scale(options);
    }
    if options.load {
        return load::report(options.picture.as_deref(), options.markdown, options.json);
    }
    let programs = cargo::release(&programs::ALL)?;
    let lab = Lab::start()?;
    let mut candidates = programs::candidates(&programs);
    let mut missing = Vec::new();
    if options.peers {
        let (installed, not_installed) = peers::candidates(&lab)?;
        candidates.extend(installed);
        missing = not_installed;
    }
    let mut warnings = machine::warnings();
    if options.quick {
        warnings.push("a single round does not show how much the times vary".to_owned());
    }
    run_rounds(options, &lab, &mut candidates)?;
    warnings.extend(candidates.iter().filter_map(Candidate::warning));

    let tables = tables::all(&candidates, &lab);
    if options.html.is_some() || options.picture.is_some() {
        let four = programs::FOUR.into_iter().map(|name| lab.timeline(&programs[name]));
        let timelines = timeline::svg(&four.collect::<Result<Vec<_>, _>>()?);
        let page = page::page(&candidates, &lab, &timelines, &tables, &warnings);
        write_pictures(options, &page, &timelines)?;
    }
    Ok(if options.json {
        output::json(&candidates, &lab, &missing, &warnings).to_string()
    } else {
        output::text(&tables, &missing, &warnings, options.markdown)
    })
}

fn run_scale(options: &Options) -> Result<String, Box<dyn Error>> {
    let programs = cargo::release(&scale::PROGRAMS)?;
    machine::raise_open_files();
    let warnings = machine::warnings();
    let scale = scale::measure(&programs, options.rounds);
    let made = machine::made(options.rounds);
    if let Some(path) = &options.picture {
        let alt = format!(
            "What 10 to 10,000 requests in flight cost with threads, processes and tasks. {made}"
        );
        fs::write(path, chart::svg(&scale::charts(&scale.levels), 2, &alt))?;
    }
    Ok(if options.json {
        let (levels, stops) = (&scale.levels, &scale.stops);
        json!({"levels": levels, "stops": stops, "made": made, "warnings": warnings}).to_string()
    } else {
        let tables = output::text(&scale::tables(&scale.levels), &[], &warnings, options.markdown);
        let made = format!("Release build. {made}.");
        let rest = scale.stops.iter().chain([&made]);
        let rest: Vec<_> = rest.map(|it| output::paragraph(it, options.markdown)).collect();
        format!("{tables}\n{}", rest.join("\n\n"))
    })
}

/// Writes the report and the picture of the timelines, if the options ask for them.
fn write_pictures(options: &Options, page: &str, timelines: &str) -> io::Result<()> {
    for (path, text) in [(&options.html, page), (&options.picture, timelines)] {
        if let Some(path) = path {
            fs::write(path, text)?;
        }
    }
    Ok(())
}

/// Runs all candidates once per round: what else happens on the machine then affects all of them.
fn run_rounds(options: &Options, lab: &Lab, all: &mut [Candidate]) -> Result<(), Box<dyn Error>> {
    let rounds = if options.quick { 1 } else { 1 + options.rounds };
    let expected = |it: &Candidate| match it.job {
        Job::Waiting => lab.ideal(it.workers),
        Job::Computing => 0.6,
    };
    let expected: Vec<f64> = all.iter().map(expected).collect();
    let mut progress = Progress::new(expected.repeat(rounds.into()));
    round(lab, all, &mut progress)?;
    if options.quick {
        return Ok(());
    }
    // The warm-up has filled the file cache and generated the images. Its times do not count.
    for candidate in &mut *all {
        candidate.samples.clear();
    }
    (0..options.rounds).try_for_each(|_| round(lab, all, &mut progress))
}

/// Runs each candidate once.
fn round(
    lab: &Lab,
    candidates: &mut [Candidate],
    progress: &mut Progress,
) -> Result<(), Box<dyn Error>> {
    for candidate in candidates {
        let workers = match candidate.workers {
            1 => "1 worker".to_owned(),
            workers => format!("{workers} workers"),
        };
        progress.step(&format!("{}, {workers}, {}", candidate.label(), candidate.job.name()));
        candidate.samples.push(lab.run(candidate)?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn help_has_examples_that_are_right() {
        let help = Options::command().render_long_help().to_string();
        let examples: Vec<_> =
            help.lines().filter_map(|line| line.strip_prefix("  05-compare ")).collect();
        assert_eq!(examples.len(), 3, "{help}");
        for example in examples {
            let arguments = ["05-compare"].into_iter().chain(example.split_whitespace());
            assert!(Options::try_parse_from(arguments).is_ok(), "{example}");
        }
        assert!(help.contains("Environment:") && help.contains("Exit codes:"), "{help}");
    }
}
