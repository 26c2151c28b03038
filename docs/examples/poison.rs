//! A thread panics in the middle of a change. See `docs/sharing.md`.

use std::sync::Mutex;
use std::thread;

fn main() {
    let accounts = Mutex::new((100, 0));
    let result = thread::scope(|scope| {
        scope
            .spawn(|| {
                let mut accounts = accounts.lock().unwrap();
                accounts.0 -= 30;
                panic!("the power is gone");
            })
            .join()
    });
    println!("the thread panicked: {}", result.is_err());
    match accounts.lock() {
        Ok(accounts) => println!("the accounts hold {accounts:?}"),
        Err(poisoned) => println!("poisoned; left behind: {:?}", poisoned.into_inner()),
    }
}
