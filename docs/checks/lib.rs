//! Checks that the documentation is true.
//!
//! As doc tests of this crate, `cargo test` compiles and runs the Rust blocks of all chapters, and
//! makes sure that the programs in `broken/` do not compile. `build.rs` finds them.
//!
//! `excerpts.rs` checks excerpts and diffs, `questions.rs` the form of the questions, and `broken.rs`
//! the programs that are wrong on purpose.
//! `docs/check` checks the rest: console output, spelling, links, and the built book.

#![warn(missing_docs)]

#[cfg(doctest)]
mod blocks {
    include!(concat!(env!("OUT_DIR"), "/modules.rs"));
}
