//! The attempts at task 4.

attempts! {
    "starter.rs" starter
    "solution.rs" solution
    "pitfalls/a_stronger_ordering.rs" a_stronger_ordering
    "pitfalls/locks_twice.rs" locks_twice
    "pitfalls/locks_during_the_download.rs" locks_during_the_download
    "pitfalls/prints_too_early.rs" prints_too_early
    "pitfalls/stores_under_the_lock.rs" stores_under_the_lock
}
