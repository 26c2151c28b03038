//! A timeline as trace events, which Perfetto and `chrome://tracing` open.
//!
//! The format is Google's "Trace Event Format", in its form as an object: complete events (`X`)
//! that nest by time on the row of their thread, instants (`i`), and metadata (`M`) with the names
//! of the rows. Times are whole microseconds.

use super::{Phase, Timeline};
use serde_json::{Value, json};
use std::time::Duration;

pub(super) fn draw(timeline: &Timeline) -> String {
    let metadata = |name: &str, lane: usize, args: Value| json!({"ph": "M", "name": name, "pid": 1, "tid": lane, "args": args});
    let mut events = vec![metadata("process_name", 0, json!({"name": timeline.model}))];
    for lane in 1..=timeline.lanes() {
        events.push(metadata("thread_name", lane, json!({"name": format!("lane {lane}")})));
        events.push(metadata("thread_sort_index", lane, json!({"sort_index": lane})));
    }
    for download in &timeline.downloads {
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
        events.push(span(&download.name, "download", download.begin, download.end, outcome));
        for (phase, from, to) in download.phases() {
            let name = match phase {
                Phase::Waiting => "waiting",
                Phase::Receiving => "receiving",
                Phase::Computing => "thumbnail",
                Phase::Paused => "pause",
            };
            // Some viewers lose their way over spans that end where they begin.
            if micros(from) < micros(to) {
                events.push(span(name, "phase", from, to, json!({})));
            }
        }
        for mark in download.marks() {
            events.push(json!({
                "ph": "i", "name": if mark.again { "try failed" } else { "gave up" }, "cat": "fault",
                "pid": 1, "tid": lane, "ts": micros(mark.at), "s": "t", "args": {"reason": mark.reason},
            }));
        }
    }
    json!({"traceEvents": events, "displayTimeUnit": "ms"}).to_string()
}

fn micros(at: Duration) -> u64 {
    at.as_micros() as u64
}
