//! What the four programs did when, read from the trace events that `--timeline` writes.

use serde_json::Value;

/// One program's run.
pub struct Timeline {
    /// Its name.
    pub program: String,
    /// What each lane did.
    pub spans: Vec<Span>,
}

/// What a lane did from when to when, in seconds.
pub struct Span {
    /// The lane, from 1.
    pub lane: usize,
    /// When it began.
    pub from: f64,
    /// When it ended.
    pub to: f64,
    /// Waiting, receiving, or a pause.
    pub phase: String,
}

impl Timeline {
    /// How many lanes there were.
    pub fn lanes(&self) -> usize {
        self.spans.iter().map(|span| span.lane).max().unwrap_or(1)
    }

    /// When the last image was there, in seconds.
    pub fn seconds(&self) -> f64 {
        self.spans.iter().map(|span| span.to).fold(0.0, f64::max)
    }
}

/// Reads a trace.
pub fn read(program: &str, trace: &str) -> serde_json::Result<Timeline> {
    let trace: Value = serde_json::from_str(trace)?;
    let events = trace["traceEvents"].as_array().into_iter().flatten();
    let spans = events.filter(|event| event["cat"] == "phase").filter_map(|event| {
        let from = event["ts"].as_f64()? / 1e6;
        let to = from + event["dur"].as_f64()? / 1e6;
        let phase = event["name"].as_str()?.to_owned();
        Some(Span { lane: event["tid"].as_u64()? as usize, from, to, phase })
    });
    Ok(Timeline { program: program.to_owned(), spans: spans.collect() })
}
