//! The same loop, which goes on with the future that it has begun. See `docs/cancellation.md`.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::pin::pin;
use std::time::Duration;
use tokio::time::{interval, sleep};

/// Takes a number from the queue, and writes it somewhere, which takes 20 ms.
async fn next(queue: &RefCell<VecDeque<u32>>) -> Option<u32> {
    let number = queue.borrow_mut().pop_front()?;
    sleep(Duration::from_millis(20)).await;
    Some(number)
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let queue = RefCell::new(VecDeque::from([1, 2, 3, 4]));
    let mut clock = interval(Duration::from_millis(30));
    let mut begun = pin!(next(&queue)); // New
    loop {
        tokio::select! {
            biased; // Polls the branches in this order, so that each run prints the same.
            number = &mut begun => match number { // New
                Some(number) => {
                    println!("got {number}");
                    begun.set(next(&queue)); // New
                }
                None => break,
            },
            _ = clock.tick() => println!("tick"),
        }
    }
}
