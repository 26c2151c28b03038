//! Two readers hold an `RwLock` at the same time, and a writer must wait. See `docs/sharing.md`.

use std::sync::{Barrier, RwLock};
use std::thread;

fn main() {
    let album = RwLock::new(vec!["d7c3oww.png"]);
    let (both_read, tried) = (Barrier::new(3), Barrier::new(3));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let album = album.read().unwrap();
                // With a `Mutex`, the second reader would never get here.
                both_read.wait();
                tried.wait();
                println!("read {album:?}");
            });
        }
        both_read.wait();
        println!("a writer gets in: {}", album.try_write().is_ok());
        tried.wait();
    });
    album.write().unwrap().push("49kiolp.png");
    println!("later: {:?}", album.read().unwrap());
}
