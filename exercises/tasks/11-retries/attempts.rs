//! The attempts at task 11.

attempts! {
    "starter.rs" starter
    "solution.rs" solution
    "pitfalls/always_the_same_pause.rs" always_the_same_pause
    "pitfalls/blocks_the_thread.rs" blocks_the_thread
    "pitfalls/gives_up_too_early.rs" gives_up_too_early
    "pitfalls/ignores_retry_after.rs" ignores_retry_after
    "pitfalls/no_jitter.rs" no_jitter
    "pitfalls/one_after_another.rs" one_after_another
}
