//! The attempts at task 8.

attempts! {
    "starter.rs" starter
    "solution.rs" solution
    "pitfalls/awaits_each.rs" awaits_each
    "pitfalls/blocks_in_place.rs" blocks_in_place
    "pitfalls/eight_workers.rs" eight_workers
    "pitfalls/image_first.rs" image_first
    "pitfalls/joins_a_thread.rs" joins_a_thread
    "pitfalls/more_workers.rs" more_workers
    "pitfalls/never_asks.rs" never_asks
    "pitfalls/one_image_at_a_time.rs" one_image_at_a_time
    "pitfalls/panics.rs" panics
    "pitfalls/spawns_a_task.rs" spawns_a_task
    "pitfalls/yields_first.rs" yields_first
}
