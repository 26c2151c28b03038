//! Runs a submission as a process of its own, at a practice server, and observes what it does there.

mod expectations;
mod gate;
mod observations;
mod process;
mod run;
mod server;
mod submission;

pub use expectations::{Verdict, expect_all};
pub use gate::{Gathered, gather, run_gated};
pub use observations::{different, each_once, images, others_in_flight, saved_all};
pub use process::end_all;
pub use run::{Printed, Run};
pub use server::{down, gated, serve, settings};
pub use submission::{Running, Submission};
