//! A future that stores its waker too late, and one that doesn't. See `docs/runtime.md`.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

#[derive(Default)]
struct Event {
    happened: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Event {
    /// What another thread calls.
    fn happen(&self) {
        self.happened.store(true, SeqCst);
        if let Some(waker) = self.waker.lock().unwrap().take() {
            waker.wake();
        }
    }

    fn check(&self) -> Poll<()> {
        if self.happened.load(SeqCst) { Poll::Ready(()) } else { Poll::Pending }
    }

    fn store(&self, context: &Context) {
        *self.waker.lock().unwrap() = Some(context.waker().clone());
    }
}

/// Counts how often the task is woken.
struct Count(AtomicU32);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

fn main() {
    let count = Arc::new(Count(AtomicU32::new(0)));
    let waker = Waker::from(Arc::clone(&count));
    let context = Context::from_waker(&waker);

    let event = Event::default();
    let polled = event.check();
    event.happen(); // The other thread comes in between.
    event.store(&context);
    println!("check, then store: {polled:?}, woken {} times", count.0.swap(0, SeqCst));

    let event = Event::default();
    event.store(&context);
    event.happen(); // The same.
    let polled = event.check();
    println!("store, then check: {polled:?}, woken {} times", count.0.swap(0, SeqCst));
}
