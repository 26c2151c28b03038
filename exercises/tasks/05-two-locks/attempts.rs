//! The attempts at task 5.

attempts! {
    "starter.rs" starter
    "solution.rs" solution
    "pitfalls/swaps_the_lines.rs" swaps_the_lines
    "pitfalls/one_at_a_time.rs" one_at_a_time
    "pitfalls/puts_it_in_first.rs" puts_it_in_first
    "pitfalls/always_to_the_right.rs" always_to_the_right
    "pitfalls/locked_during_the_download.rs" locked_during_the_download
}
