//! Runs a submission as a process of its own, at a practice server, and observes what it does there.

mod expectations;
mod gate;
mod observations;
mod process;
mod run;
mod server;
mod submission;

pub use expectations::{
    Expectation, Verdict, at_most, does_not_panic, each_once, exits_with_failure, expect_all,
    saved_all, saved_as,
};
pub use gate::{Gathered, gather, requests_images, run_gated};
pub use observations::{different, images, others_in_flight};
pub use process::end_all;
pub use run::{Printed, Run};
pub use server::{down, gated, serve, settings};
pub use submission::{Running, Submission};
