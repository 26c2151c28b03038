//! Timelines: which lane downloaded which image when. `--timeline` records and draws them: as text,
//! as a picture, as a page that replays the run, or as trace events.
//!
//! ```no_run
//! use shared::timeline;
//!
//! let run = timeline::read_trace(&std::fs::read_to_string("run.json")?)?;
//! std::fs::write("run.svg", timeline::svg(&[run]))?;
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod element;
mod page;
mod recording;
mod svg;
mod target;
#[cfg(test)]
mod tests;
mod text;
mod trace;

pub(crate) use recording::Download;
pub use recording::Timeline;
pub use svg::draw as svg;
pub(crate) use target::Target;
pub use trace::read as read_trace;
