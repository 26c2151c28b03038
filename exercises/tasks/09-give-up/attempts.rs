//! The attempts at task 9.

attempts! {
    "starter.rs" starter
    "solution.rs" solution
    "pitfalls/cleans_up_failures.rs" cleans_up_failures
    "pitfalls/does_not_stop.rs" does_not_stop
    "pitfalls/drops_a_handle.rs" drops_a_handle
    "pitfalls/exits_at_once.rs" exits_at_once
    "pitfalls/keeps_it_in_memory.rs" keeps_it_in_memory
    "pitfalls/removes_whole_ones.rs" removes_whole_ones
}
