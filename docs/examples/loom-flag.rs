//! loom also tries what the memory model allows. See `docs/testing.md`.

use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use loom::thread;

fn main() {
    loom::model(|| {
        let bytes = Arc::new(AtomicU32::new(0));
        let is_ready = Arc::new(AtomicBool::new(false));
        let for_thread = (Arc::clone(&bytes), Arc::clone(&is_ready));
        thread::spawn(move || {
            for_thread.0.store(4096, Relaxed);
            for_thread.1.store(true, Relaxed);
        });
        if is_ready.load(Relaxed) {
            assert_eq!(bytes.load(Relaxed), 4096);
        }
    });
}
