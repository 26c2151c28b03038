//! The attempts at task 6.

attempts! {
    "starter.rs" starter
    "solution.rs" solution
    "pitfalls/a_process_for_each_image.rs" a_process_for_each_image
    "pitfalls/all_links_for_each.rs" all_links_for_each
    "pitfalls/asks_the_dead.rs" asks_the_dead
    "pitfalls/goes_on_with_the_others.rs" goes_on_with_the_others
    "pitfalls/loses_the_image.rs" loses_the_image
    "pitfalls/mends_the_worker.rs" mends_the_worker
    "pitfalls/takes_turns.rs" takes_turns
    "pitfalls/threads_instead.rs" threads_instead
    "pitfalls/waits_with_an_open_pipe.rs" waits_with_an_open_pipe
    "pitfalls/prints_what_it_does.rs" prints_what_it_does
    "pitfalls/unwraps.rs" unwraps
}
