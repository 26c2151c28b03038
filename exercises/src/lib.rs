//! Exercises whose checks judge how the work was done, by what the practice server saw.
//!
//! A *submission* is a small program that downloads the practice album. It may use std, tokio and
//! the modules in `src/api`, re-exported here: they download and save, without retries and without
//! concurrency, since that is the student's part. Some tasks also provide a module of their own,
//! such as [`counters`], which is a file in the task's folder. Two tasks use rayon and fastrand.
//!
//! The rest judges: [`task`] lists the tasks, [`judge`] runs a submission as a process of its own
//! and observes it. A task is a folder in `exercises/tasks`; `build.rs` finds it.

#![warn(missing_docs)]

mod api;
pub mod explore;
pub mod judge;
pub mod sync;
pub mod task;

pub use api::error::Error;
pub use api::files::save;
pub use api::{blocking, nonblocking};

pub(crate) use api::files;

include!(concat!(env!("OUT_DIR"), "/support.rs"));
