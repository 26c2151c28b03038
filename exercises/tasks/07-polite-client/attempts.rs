//! The attempts at task 7.

attempts! {
    "starter.rs" starter
    "solution.rs" solution
    "pitfalls/asks_twice.rs" asks_twice
    "pitfalls/a_mutex_instead.rs" a_mutex_instead
    "pitfalls/a_semaphore_for_each.rs" a_semaphore_for_each
    "pitfalls/acquires_in_the_loop.rs" acquires_in_the_loop
    "pitfalls/asks_again.rs" asks_again
    "pitfalls/awaits_each_task.rs" awaits_each_task
    "pitfalls/batches_of_eight.rs" batches_of_eight
    "pitfalls/drops_the_permit.rs" drops_the_permit
    "pitfalls/forgets_the_permit.rs" forgets_the_permit
}
