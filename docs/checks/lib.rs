//! The Rust blocks of all chapters, as documentation of empty modules: `cargo test` compiles and
//! runs them, as it does with the examples of any library. `build.rs` finds the chapters.
//!
//! What else is checked stands beside this file: excerpts and diffs in `excerpts.rs`, programs that
//! are wrong on purpose in `broken.rs`. `docs/check` does the rest.

#![warn(missing_docs)]

#[cfg(doctest)]
mod chapters {
    include!(concat!(env!("OUT_DIR"), "/chapters.rs"));
}
