//! The attempts at task 7.

attempts! {
    "starter.rs" starter
    "solution.rs" solution
    "pitfalls/does_not_wait.rs" does_not_wait
    "pitfalls/acquires_in_the_loop.rs" acquires_in_the_loop
    "pitfalls/awaits_each_task.rs" awaits_each_task
    "pitfalls/batches_of_eight.rs" batches_of_eight
    "pitfalls/drops_the_permit.rs" drops_the_permit
    "pitfalls/forgets_the_permit.rs" forgets_the_permit
}
