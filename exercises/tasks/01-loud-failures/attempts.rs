//! The attempts at task 1.

attempts! {
    "starter.rs" starter
    "solution.rs" solution
    "pitfalls/exits_with_zero.rs" exits_with_zero
    "pitfalls/gives_up_at_the_first.rs" gives_up_at_the_first
    "pitfalls/unwraps.rs" unwraps
    "pitfalls/counts_the_links.rs" counts_the_links
    "pitfalls/takes_no_list_for_an_empty_one.rs" takes_no_list_for_an_empty_one
    "pitfalls/says_no_reason.rs" says_no_reason
}
