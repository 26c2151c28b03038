//! The attempts at task 10.

attempts! {
    "starter.rs" starter
    "solution.rs" solution
    "pitfalls/a_thread_for_each_thumbnail.rs" a_thread_for_each_thumbnail
    "pitfalls/an_async_block_around_it.rs" an_async_block_around_it
    "pitfalls/first_all_then_all.rs" first_all_then_all
    "pitfalls/keeps_the_permit.rs" keeps_the_permit
    "pitfalls/limits_both_at_once.rs" limits_both_at_once
    "pitfalls/more_worker_threads.rs" more_worker_threads
    "pitfalls/one_after_another.rs" one_after_another
    "pitfalls/one_at_a_time.rs" one_at_a_time
    "pitfalls/rayon_alone.rs" rayon_alone
    "pitfalls/the_global_pool.rs" the_global_pool
    "pitfalls/waits_for_the_pool.rs" waits_for_the_pool
}
