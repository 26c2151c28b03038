//! The attempts at task 6.

attempts! {
    "starter.rs" starter
    "solution.rs" solution
    "pitfalls/a_process_for_each_image.rs" a_process_for_each_image
    "pitfalls/goes_on_with_the_others.rs" goes_on_with_the_others
    "pitfalls/loses_the_image.rs" loses_the_image
    "pitfalls/takes_turns.rs" takes_turns
    "pitfalls/waits_with_an_open_pipe.rs" waits_with_an_open_pipe
    "pitfalls/unwraps.rs" unwraps
}
