//! The end of a run: JSON for programs, a line or two for people, and the timeline.

use super::outcomes::{Counts, Outcomes};
use crate::error::Error;
use crate::text::{self, bytes};
use crate::timeline::Timeline;
use console::Term;
use practice::Server;
use serde_json::json;
use std::time::Duration;

/// Prints the summary: as JSON, as text, or not at all, depending on the options.
pub(super) fn print(outcomes: &Outcomes, practice: Option<&Server>, total: Duration) {
    if outcomes.options.json {
        print_json(outcomes, total);
    } else if !outcomes.options.quiet {
        print_lines(outcomes, practice, total);
    }
}

fn print_json(outcomes: &Outcomes, total: Duration) {
    let options = &outcomes.options;
    let counts = outcomes.counts();
    let failed = counts.failed.values();
    let json = json!({
        "model": options.model,
        "album": options.album.to_string(),
        "workers": options.workers,
        "images": counts.images,
        "saved": counts.saved,
        "failed": failed.map(|(link, error)| json!({"link": link, "error": error})).collect::<Vec<_>>(),
        "bytes": counts.bytes,
        "seconds": total.as_secs_f64(),
        "peak_in_flight": counts.peak_in_flight,
    });
    text::print(text::printable_json(&json.to_string()));
}

fn print_lines(outcomes: &Outcomes, practice: Option<&Server>, total: Duration) {
    let options = &outcomes.options;
    let counts = outcomes.counts();
    let Counts { images, saved, peak_in_flight, .. } = *counts;
    if images == 0 && counts.failed.is_empty() {
        let reason = if options.limit == Some(0) { "the limit is 0" } else { "the album is empty" };
        text::print(format_args!("nothing to download: {reason}"));
    } else if images > 0 {
        text::print(format_args!(
            "{saved} of {images} images saved in {}: {} in {:.2} s, peak in flight: {peak_in_flight}",
            options.out.display(),
            bytes(counts.bytes),
            total.as_secs_f64(),
        ));
        if let Some(seen) = practice.map(Server::observed) {
            text::print(format_args!(
                "seen by the practice server: requests {}, connections {}, peak in flight {}",
                seen.requests, seen.connections, seen.peak_in_flight,
            ));
        }
    }
}

/// Draws the timeline, if `--timeline` is set.
pub(super) fn draw_timeline(outcomes: &Outcomes, total: Duration) -> Result<(), Error> {
    let options = &outcomes.options;
    let Some(target) = &options.timeline else {
        return Ok(());
    };
    let mut counts = outcomes.counts();
    let timeline = Timeline {
        model: options.model.clone(),
        images: counts.images,
        saved: counts.saved,
        peak_in_flight: counts.peak_in_flight,
        listed: counts.listed,
        total,
        downloads: std::mem::take(&mut counts.downloads),
    };
    drop(counts);
    // With `--json` or `--quiet`, the timeline goes to stderr: stdout holds only the JSON, or
    // nothing.
    let is_taken = options.json || options.quiet;
    target.draw(&timeline, &if is_taken { Term::stderr() } else { Term::stdout() })?;
    if let Some(file) = target.file().filter(|_| !is_taken) {
        text::print(format_args!("timeline written to {}", file.display()));
    }
    Ok(())
}
