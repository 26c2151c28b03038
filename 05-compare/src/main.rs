//! The article's table, measured: runs the four programs side by side, several rounds in turn, each
//! as a process of its own, against one practice server for each job.
//!
//! It begins with the comparison that the article makes, and goes on with the one that it lacks:
//! the same number of workers for each mechanism. Everything is measured from outside: by the
//! clock, by the operating system and by the server.

mod build;
mod contenders;
mod html;
mod lab;
mod measure;
mod picture;
mod tables;
mod timelines;

use clap::Parser;
use contenders::Contender;
use lab::Lab;
use std::error::Error;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Runs the four programs side by side and prints tables of what was measured.
#[derive(Parser)]
#[command(version)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch on the command line")]
struct Options {
    /// How often each of them runs, after one run to warm up
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,

    /// A single round, and none to warm up: done within a minute, and not to be trusted
    #[arg(long, conflicts_with = "rounds")]
    quick: bool,

    /// Also run what people would use instead, where it is installed: curl, aria2c, wget2, Python
    #[arg(long)]
    peers: bool,

    /// Print tables in Markdown
    #[arg(long, conflicts_with = "json")]
    markdown: bool,

    /// Print one JSON object with every single measurement
    #[arg(long)]
    json: bool,

    /// Also write a report with charts: one page that needs no other file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// Also draw the four programs at work, on one time axis (SVG)
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
}

fn main() -> ExitCode {
    match compare(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn compare(options: &Options) -> Result<(), Box<dyn Error>> {
    for path in options.html.iter().chain(&options.picture) {
        // Better now than after some minutes.
        let opened = OpenOptions::new().append(true).create(true).open(path);
        drop(opened.map_err(|error| format!("cannot write {}: {error}", path.display()))?);
    }
    let programs = build::release()?;
    let lab = Lab::start()?;
    let mut contenders = contenders::ours(&programs);
    let mut missing = Vec::new();
    if options.peers {
        let (peers, not_installed) = contenders::peers(&lab);
        contenders.extend(peers);
        missing = not_installed;
    }
    let mut warnings = lab::warnings();
    if options.quick {
        warnings.push("a single round says nothing about how much the times differ".to_owned());
        round("quick", &lab, &mut contenders)?;
    } else {
        round("warming up", &lab, &mut contenders)?;
        // Files are in the cache now, and pictures painted.
        for contender in &mut contenders {
            contender.samples.clear();
        }
        for number in 1..=options.rounds {
            round(&format!("round {number} of {}", options.rounds), &lab, &mut contenders)?;
        }
    }
    warnings.extend(contenders.iter().filter_map(Contender::warning));

    let parts = tables::parts(&contenders, &lab);
    if options.html.is_some() || options.picture.is_some() {
        let four = ["01-sync", "02-threads", "03-processes", "04-async"];
        let timelines = four.into_iter().map(|name| lab.timeline(name, &programs[name]));
        let timelines = timelines.collect::<Result<Vec<_>, _>>()?;
        if let Some(path) = &options.html {
            fs::write(path, html::page(&contenders, &lab, &timelines, &parts, &warnings))?;
        }
        if let Some(path) = &options.picture {
            fs::write(path, picture::draw(&timelines))?;
        }
    }
    let text = if options.json {
        tables::json(&contenders, &lab, &missing, &warnings).to_string()
    } else {
        tables::text(&parts, &missing, &warnings, options.markdown)
    };
    // A reader that has gone away is no reason to complain.
    let _ = writeln!(io::stdout(), "{text}");
    Ok(())
}

/// Runs each of them once, in turn.
fn round(title: &str, lab: &Lab, contenders: &mut [Contender]) -> Result<(), Box<dyn Error>> {
    for contender in contenders {
        eprintln!("{title}: {} ({})", contender.label(), contender.job.name());
        contender.samples.push(lab.run(contender)?);
    }
    Ok(())
}
