//! The attempts at task 3.

attempts! {
    "starter.rs" starter
    "solution.rs" solution
    "pitfalls/dropped_too_late.rs" dropped_too_late
    "pitfalls/while_let.rs" while_let
    "pitfalls/forgets_to_save.rs" forgets_to_save
    "pitfalls/looks_then_takes.rs" looks_then_takes
    "pitfalls/a_queue_for_each.rs" a_queue_for_each
    "pitfalls/a_copy_each_time.rs" a_copy_each_time
}
