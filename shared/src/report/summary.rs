//! What a run came to: as JSON, in words, and as a timeline.

use super::{Counts, Report, Run};
use crate::fault::Fault;
use crate::text::{bytes, complain, say};
use crate::timeline::Timeline;
use serde_json::json;
use std::time::Duration;

impl Report {
    /// For programs: one JSON object.
    pub(super) fn print_json(&self, total: Duration) {
        let options = &self.0.options;
        let counts = self.counts();
        let failed = counts.failed.values();
        say(json!({
            "model": options.model,
            "album": options.album.to_string(),
            "workers": options.workers,
            "images": counts.images,
            "saved": counts.saved,
            "failed": failed.map(|(link, error)| json!({"link": link, "error": error})).collect::<Vec<_>>(),
            "bytes": counts.bytes,
            "seconds": total.as_secs_f64(),
            "peak_in_flight": counts.peak_in_flight,
        }));
    }

    /// For people.
    pub(super) fn print_lines(&self, total: Duration) {
        let Run { options, practice, .. } = &*self.0;
        let counts = self.counts();
        let Counts { images, saved, peak_in_flight, .. } = *counts;
        if images == 0 && counts.failed.is_empty() {
            let why =
                if options.limit == Some(0) { "the limit is 0" } else { "the album is empty" };
            say(format_args!("nothing to download: {why}"));
        } else if images > 0 {
            say(format_args!(
                "{saved} of {images} images saved in {}: {} in {:.2} s, downloads at once: {peak_in_flight}",
                options.out.display(),
                bytes(counts.bytes),
                total.as_secs_f64(),
            ));
            if let Some(seen) = practice.as_ref().map(|server| server.observed()) {
                say(format_args!(
                    "seen by the practice server: requests {}, connections {}, in flight at once {}",
                    seen.requests, seen.connections, seen.peak_in_flight,
                ));
            }
        }
    }

    /// Draws the timeline, if one is wanted.
    pub(super) fn draw(&self, total: Duration) -> Result<(), Fault> {
        let options = &self.0.options;
        let Some(target) = &options.timeline else {
            return Ok(());
        };
        let mut counts = self.counts();
        let timeline = Timeline {
            model: options.model.to_owned(),
            images: counts.images,
            saved: counts.saved,
            peak_in_flight: counts.peak_in_flight,
            listed: counts.listed,
            total,
            downloads: std::mem::take(&mut counts.downloads),
        };
        drop(counts);
        // Where stdout has to hold something else, or nothing, stderr is still there.
        let is_taken = options.json || options.quiet;
        target.draw(&timeline, if is_taken { complain } else { say })?;
        if let Some(file) = target.file().filter(|_| !is_taken) {
            say(format_args!("the timeline stands in {}", file.display()));
        }
        Ok(())
    }
}
