//! The attempts at task 4.

attempts! {
    "starter.rs" starter
    "solution.rs" solution
    "pitfalls/a_stronger_ordering.rs" a_stronger_ordering
    "pitfalls/compare_exchange_once.rs" compare_exchange_once
    "pitfalls/locks_twice.rs" locks_twice
    "pitfalls/locks_during_the_download.rs" locks_during_the_download
    "pitfalls/one_after_another.rs" one_after_another
    "pitfalls/prints_too_early.rs" prints_too_early
    "pitfalls/stores_under_the_lock.rs" stores_under_the_lock
    "pitfalls/counts_with_std.rs" counts_with_std
    "pitfalls/prints_by_itself.rs" prints_by_itself
}
