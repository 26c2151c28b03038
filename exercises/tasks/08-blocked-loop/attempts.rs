//! The attempts at task 8.

attempts! {
    "starter.rs" starter
    "solution.rs" solution
    "pitfalls/awaits_each.rs" awaits_each
    "pitfalls/joins_a_thread.rs" joins_a_thread
    "pitfalls/more_workers.rs" more_workers
    "pitfalls/never_asks.rs" never_asks
    "pitfalls/panics.rs" panics
    "pitfalls/spawns_a_task.rs" spawns_a_task
}
