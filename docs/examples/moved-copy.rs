//! A number moved into a thread is a copy. See `docs/sharing.md`.

use std::thread;

fn main() {
    let mut saved = 0;
    let thread = thread::spawn(move || {
        saved += 1;
        println!("in the thread: {saved}");
    });
    thread.join().unwrap();
    println!("in main: {saved}");
}
