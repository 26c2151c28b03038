//! The attempts at task 5.

attempts! {
    "starter.rs" starter
    "solution.rs" solution
    "pitfalls/swaps_the_lines.rs" swaps_the_lines
    "pitfalls/waits_a_moment.rs" waits_a_moment
    "pitfalls/locks_in_the_head.rs" locks_in_the_head
    "pitfalls/one_at_a_time.rs" one_at_a_time
    "pitfalls/puts_it_in_first.rs" puts_it_in_first
    "pitfalls/always_to_the_right.rs" always_to_the_right
    "pitfalls/locked_during_the_download.rs" locked_during_the_download
    "pitfalls/one_after_the_other.rs" one_after_the_other
}
