//! The attempts at task 10.

attempts! {
    "starter.rs" starter
    "solution.rs" solution
    "pitfalls/a_thread_for_each_thumbnail.rs" a_thread_for_each_thumbnail
    "pitfalls/first_all_then_all.rs" first_all_then_all
    "pitfalls/keeps_the_permit.rs" keeps_the_permit
    "pitfalls/more_worker_threads.rs" more_worker_threads
    "pitfalls/rayon_alone.rs" rayon_alone
    "pitfalls/waits_for_the_pool.rs" waits_for_the_pool
}
