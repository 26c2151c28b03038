//! The attempts at task 9.

attempts! {
    "starter.rs" starter
    "solution.rs" solution
    "pitfalls/cleans_up_failures.rs" cleans_up_failures
    "pitfalls/cleans_up_parts_in_time.rs" cleans_up_parts_in_time
    "pitfalls/cleans_up_time_outs.rs" cleans_up_time_outs
    "pitfalls/does_not_stop.rs" does_not_stop
    "pitfalls/drops_a_handle.rs" drops_a_handle
    "pitfalls/exits_at_once.rs" exits_at_once
    "pitfalls/keeps_it_in_memory.rs" keeps_it_in_memory
    "pitfalls/leaves_its_part.rs" leaves_its_part
    "pitfalls/no_cleanup.rs" no_cleanup
    "pitfalls/one_image_at_a_time.rs" one_image_at_a_time
    "pitfalls/one_limit_for_all.rs" one_limit_for_all
    "pitfalls/removes_the_folder.rs" removes_the_folder
    "pitfalls/removes_whole_ones.rs" removes_whole_ones
    "pitfalls/times_each_piece.rs" times_each_piece
}
