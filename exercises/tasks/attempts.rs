//! All attempts that are kept, starters, solutions and pitfalls, in one program: the variable
//! `ATTEMPT` says which of them it is to be. (A program for each would take minutes to build.)

use std::process::{self, ExitCode, Termination};
use std::time::Duration;
use std::{env, thread};

/// No attempt outlives its check by more than this, not even one that waits for ever.
const LIFETIME: Duration = Duration::from_mins(1);

/// Declares the attempts of one task: the file, and a name for its module.
macro_rules! attempts {
    ($($file:literal $name:ident)+) => {
        $(#[path = $file] mod $name;)+

        pub fn run(file: &str) -> Option<std::process::ExitCode> {
            match file {
                $($file => Some(crate::ended($name::main())),)+
                _ => None,
            }
        }
    };
}

#[path = "08-blocked-loop/attempts.rs"]
mod blocked_loop;
#[path = "04-counting-bytes/attempts.rs"]
mod counting_bytes;
#[path = "09-give-up/attempts.rs"]
mod give_up;
#[path = "03-lock-held/attempts.rs"]
mod lock_held;
#[path = "01-loud-failures/attempts.rs"]
mod loud_failures;
#[path = "02-own-pool/attempts.rs"]
mod own_pool;
#[path = "07-polite-client/attempts.rs"]
mod polite_client;
#[path = "06-pool-of-processes/attempts.rs"]
mod pool_of_processes;
#[path = "11-retries/attempts.rs"]
mod retries;
#[path = "05-two-locks/attempts.rs"]
mod two_locks;
#[path = "10-waiting-or-computing/attempts.rs"]
mod waiting_or_computing;

fn main() -> ExitCode {
    drop(thread::spawn(|| {
        thread::sleep(LIFETIME);
        process::exit(1);
    }));
    let name = env::var("ATTEMPT").unwrap_or_default();
    let (task, file) = name.split_once('/').unwrap_or_default();
    let known = match task {
        "01-loud-failures" => loud_failures::run(file),
        "02-own-pool" => own_pool::run(file),
        "03-lock-held" => lock_held::run(file),
        "04-counting-bytes" => counting_bytes::run(file),
        "05-two-locks" => two_locks::run(file),
        "06-pool-of-processes" => pool_of_processes::run(file),
        "07-polite-client" => polite_client::run(file),
        "08-blocked-loop" => blocked_loop::run(file),
        "09-give-up" => give_up::run(file),
        "10-waiting-or-computing" => waiting_or_computing::run(file),
        "11-retries" => retries::run(file),
        _ => None,
    };
    known.unwrap_or_else(|| panic!("no attempt is called {name:?}"))
}

/// The exit code of a `main`, whatever it returns.
fn ended(result: impl Termination) -> ExitCode {
    result.report()
}
