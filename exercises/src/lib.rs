//! Exercises that judge how the work was done: by what the practice server saw.
//!
//! An *attempt* is a small program that downloads the practice album. The files in front of you,
//! `blocking.rs`, `nonblocking.rs`, `fault.rs` and `files.rs`, are all that an attempt may use
//! besides std and tokio: they download and save, without retries and without concurrency, since
//! that is your part.
//!
//! Task 4 has `slow_motion.rs` besides; task 10 has `computing.rs` and rayon, task 11 fastrand.
//!
//! The rest judges: [`task`] lists the tasks, [`attempt`] runs an attempt as a process of its own,
//! and [`seen`] is what the checks have in common. The tasks' own files are in `exercises/tasks/`,
//! their texts in `docs/exercises/`.

pub mod attempt;
pub mod blocking;
pub mod computing;
mod fault;
mod files;
pub mod nonblocking;
mod place;
pub mod seen;
pub mod slow_motion;
pub mod task;

pub use fault::Fault;
pub use files::save;
