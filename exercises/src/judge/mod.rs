//! Runs a submission as a process of its own, at a practice server, and observes what it does there.

mod expectations;
mod explored;
mod failing;
mod files;
mod gate;
mod group;
mod guided;
mod observations;
mod output;
mod points;
mod pool_failures;
mod process;
mod run;
mod saving;
mod server;
mod source;
mod stalls;
mod steps;
mod submission;
mod system;
mod timeout;

pub use expectations::{
    Expectation, Verdict, at_least, at_most, does_not_panic, each_once, exits_with_failure,
    expect_all, keeps_busy, not_torn, saved_all, saved_as, saves_without_the_lock, waits_for_locks,
};
pub use explored::explored;
pub use failing::{FailingRun, ends_with_failure, fail_requests, retries_nothing, run_failing};
pub use gate::{Gathered, gather, hold, requests_images, run_gated};
pub use guided::{Ended, Guided};
pub use observations::{different, images, only_downloads};
pub use output::shown;
pub use points::count_met;
pub use pool_failures::{fails_loudly, permanent};
pub use process::end_all;
pub use run::{Printed, Run};
pub use saving::Saving;
pub use server::{down, drawn, gated, serve, settings};
pub use source::Source;
pub use stalls::Stalls;
pub use steps::{Order, Resumed, Stall, Stepped, step, step_with_losses};
pub use submission::{Running, Submission};
pub use timeout::Timeout;
