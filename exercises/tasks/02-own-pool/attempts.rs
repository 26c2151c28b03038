//! The attempts at task 2.

attempts! {
    "starter.rs" starter
    "solution.rs" solution
    "pitfalls/a_thread_for_each_image.rs" a_thread_for_each_image
    "pitfalls/batches_of_five.rs" batches_of_five
    "pitfalls/shared_out_beforehand.rs" shared_out_beforehand
    "pitfalls/joined_at_once.rs" joined_at_once
    "pitfalls/one_image_each.rs" one_image_each
    "pitfalls/drops_the_errors.rs" drops_the_errors
}
