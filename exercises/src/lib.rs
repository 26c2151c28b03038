//! Exercises that judge how the work was done: by what the practice server saw.
//!
//! An *attempt* is a small program that downloads the practice album. The files in front of you,
//! `blocking.rs`, `nonblocking.rs`, `fault.rs` and `files.rs`, are all that an attempt may use
//! besides std and tokio: they download and save, without retries and without concurrency, since
//! that is your part.
//!
//! Some tasks have a file of their own besides: `slow_motion.rs` (4), `two_albums.rs` (5),
//! `frail.rs` (6), `catalogue.rs` (8), `in_time.rs` (9) and `computing.rs` (10, with rayon). Task 11
//! has fastrand.
//!
//! The rest judges: [`task`] lists the tasks, [`attempt`] runs an attempt as a process of its own,
//! and [`seen`] is what the checks have in common. The tasks' own files are in `exercises/tasks/`,
//! their texts in `docs/exercises/`.

#![warn(missing_docs)]

pub mod attempt;
pub mod blocking;
pub mod catalogue;
pub mod computing;
mod fault;
mod files;
pub mod frail;
pub mod in_time;
pub mod nonblocking;
mod place;
pub mod seen;
pub mod slow_motion;
pub mod task;
pub mod two_albums;

pub use fault::Fault;
pub use files::save;
