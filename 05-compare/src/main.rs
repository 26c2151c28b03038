//! The article's table, measured: runs the four programs side by side, several rounds in turn, each
//! as a process of its own, against one practice server for each job.
//!
//! It begins with the comparison that the article makes, and goes on with the one that it lacks:
//! the same number of workers for each mechanism. Everything is measured from outside: by the
//! clock, by the operating system and by the server.

mod build;
mod contenders;
mod lab;
mod measure;
mod tables;

use clap::Parser;
use contenders::Contender;
use lab::Lab;
use std::error::Error;
use std::process::ExitCode;

/// Runs the four programs side by side and prints tables of what was measured.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// How often each of them runs, after one run to warm up
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,

    /// Also run what people would use instead, where it is installed: curl, aria2c, wget2, Python
    #[arg(long)]
    peers: bool,

    /// Print tables in Markdown
    #[arg(long, conflicts_with = "json")]
    markdown: bool,

    /// Print one JSON object with every single measurement
    #[arg(long)]
    json: bool,
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
    let programs = build::release()?;
    let lab = Lab::start()?;
    let mut contenders = contenders::ours(&programs);
    let mut missing = Vec::new();
    if options.peers {
        let (peers, not_installed) = contenders::peers(&lab);
        contenders.extend(peers);
        missing = not_installed;
    }
    let warnings = lab::warnings();
    for round in 0..=options.rounds {
        for contender in &mut contenders {
            let name = &contender.name;
            eprintln!("round {round} of {}: {name}, {}", options.rounds, contender.job.name());
            let sample = lab.run(contender)?;
            // The first round only warms up: files in the cache, pictures painted.
            if round > 0 {
                contender.samples.push(sample);
            }
        }
    }
    let warnings: Vec<String> =
        warnings.into_iter().chain(contenders.iter().filter_map(Contender::warning)).collect();
    if options.json {
        println!("{}", tables::json(&contenders, &lab, &missing, &warnings));
    } else {
        tables::print(&tables::parts(&contenders, &lab), &missing, &warnings, options.markdown);
    }
    Ok(())
}
