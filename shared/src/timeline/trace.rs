//! A timeline as trace events, which Perfetto and `chrome://tracing` open.
//!
//! The format is Google's "Trace Event Format", as a JSON object: complete events (`X`) that nest
//! by time on the row of their thread, instants (`i`), and metadata (`M`) with the names of the
//! rows. Times are whole microseconds. Viewers ignore `otherData`, which holds the recording
//! itself: it can be read back without loss.

use super::recording::{Download, Timeline};
use serde_json::{Value, json};
use std::time::Duration;

/// The trace as JSON.
pub(super) fn draw(timeline: &Timeline) -> String {
    let metadata = |name: &str, lane: usize, args: Value| json!({"ph": "M", "name": name, "pid": 1, "tid": lane, "args": args});
    let mut events = vec![metadata("process_name", 0, json!({"name": timeline.model}))];
    for lane in 1..=timeline.lanes() {
        events.push(metadata("thread_name", lane, json!({"name": format!("lane {lane}")})));
        events.push(metadata("thread_sort_index", lane, json!({"sort_index": lane})));
    }
    events.extend(timeline.downloads.iter().flat_map(download));
    json!({"traceEvents": events, "displayTimeUnit": "ms", "otherData": {"timeline": timeline}})
        .to_string()
}

/// Reads a trace that a program has written with `--timeline=FILE.json`.
///
/// # Errors
/// If the text is not JSON or holds no timeline.
pub fn read(trace: &str) -> serde_json::Result<Timeline> {
    let mut trace: Value = serde_json::from_str(trace)?;
    serde_json::from_value(trace["otherData"]["timeline"].take())
}

/// The events of a download: one for the whole of it, one per phase, and one per failed attempt.
fn download(download: &Download) -> Vec<Value> {
    let lane = download.lane + 1;
    let span = |name: &str, category: &str, from: Duration, to: Duration, args: Value| {
        let (from, to) = (micros(from), micros(to));
        json!({
            "ph": "X", "name": name, "cat": category, "pid": 1, "tid": lane,
            "ts": from, "dur": to - from, "args": args,
        })
    };
    let outcome = match &download.result {
        Ok(bytes) => json!({"number": download.number, "bytes": bytes}),
        Err(reason) => json!({"number": download.number, "error": reason}),
    };
    let mut events = vec![span(&download.name, "download", download.begin, download.end, outcome)];
    for (phase, from, to) in download.phases() {
        // Some viewers cannot handle spans that end where they begin.
        if micros(from) < micros(to) {
            events.push(span(phase.look().name, "phase", from, to, json!({})));
        }
    }
    events.extend(download.failures().map(|(element, at, reason)| {
        json!({
            "ph": "i", "name": element.look().name, "cat": "error", "pid": 1, "tid": lane,
            "ts": micros(at), "s": "t", "args": {"reason": reason},
        })
    }));
    events
}

fn micros(at: Duration) -> u64 {
    at.as_micros() as u64
}
