//! What is left when the closure of a `OnceLock` or of a `LazyLock` panics. See `docs/condvar.md`.

use std::sync::{LazyLock, OnceLock};
use std::thread;

static SETTINGS: OnceLock<&str> = OnceLock::new();
static TABLE: LazyLock<u32> = LazyLock::new(|| panic!("the disk isn't ready"));

fn main() {
    let first = thread::spawn(|| SETTINGS.get_or_init(|| panic!("the disk isn't ready")).len());
    println!("OnceLock, first caller: {}", if first.join().is_ok() { "ok" } else { "panicked" });
    println!("OnceLock, next caller: {}", SETTINGS.get_or_init(|| "workers = 5"));
    for caller in ["first", "next"] {
        let result = thread::spawn(|| *TABLE).join();
        println!("LazyLock, {caller} caller: {}", if result.is_ok() { "ok" } else { "panicked" });
    }
}
