//! The attempts at task 11.

attempts! {
    "starter.rs" starter
    "solution.rs" solution
    "pitfalls/always_the_same_pause.rs" always_the_same_pause
    "pitfalls/back_after_a_moment.rs" back_after_a_moment
    "pitfalls/blocks_the_thread.rs" blocks_the_thread
    "pitfalls/gives_up_too_early.rs" gives_up_too_early
    "pitfalls/ignores_retry_after.rs" ignores_retry_after
    "pitfalls/jitter_only_if_asked.rs" jitter_only_if_asked
    "pitfalls/never_gives_up.rs" never_gives_up
    "pitfalls/no_jitter.rs" no_jitter
    "pitfalls/one_after_another.rs" one_after_another
    "pitfalls/one_random_number_for_all.rs" one_random_number_for_all
    "pitfalls/the_same_jitter.rs" the_same_jitter
    "pitfalls/to_the_moment.rs" to_the_moment
    "pitfalls/no_fixed_part.rs" no_fixed_part
    "pitfalls/doubles_too_early.rs" doubles_too_early
}
