//! Runs the programs of the page "Be the scheduler" in all schedules, and compares what they do with
//! what the page's own explorer finds (`lab/scheduler/outcomes.json`).
//!
//! Shuttle runs the threads, because all its atomics are sequentially consistent, as the page says
//! (loom's `SeqCst` is weaker), and because it has tasks, too.

use serde::Deserialize;
use shuttle::scheduler::{DfsScheduler, Schedule, Scheduler, Task, TaskId};
use shuttle::{Config, FailurePersistence, Runner};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

/// What the page's explorer finds for a program.
#[derive(Deserialize)]
struct Found {
    outcomes: BTreeSet<String>,
}

#[test]
fn the_programs_end_as_the_page_says() {
    let found: BTreeMap<String, Found> =
        serde_json::from_str(include_str!("../lab/scheduler/outcomes.json")).expect("valid JSON");
    assert!(found.keys().map(String::as_str).eq(programs::names()), "other programs");
    for (name, program) in programs::PROGRAMS {
        assert_eq!(explore(*program), found[*name].outcomes, "{name}");
    }
}

/// All outcomes of a program. One of them is "deadlock" if it can stand still.
fn explore(program: fn() -> String) -> BTreeSet<String> {
    let scheduler = SharedScheduler(Arc::new(Mutex::new(DfsScheduler::new(None, false))));
    let outcomes = Arc::new(Mutex::new(BTreeSet::new()));
    loop {
        let mut config = Config::new();
        config.failure_persistence = FailurePersistence::None;
        let runner = Runner::new(scheduler.clone(), config);
        let ended = Arc::clone(&outcomes);
        let run = move || {
            let outcome = programs::run(program);
            ended.lock().expect("no panic while locked").insert(outcome);
        };
        // Shuttle panics at a deadlock. The next runner goes on with the next schedule.
        let Err(panic) = catch_unwind(AssertUnwindSafe(|| runner.run(run))) else { break };
        let message = panic.downcast_ref::<String>().map_or("", String::as_str);
        assert!(message.starts_with("deadlock"), "{message}");
        outcomes.lock().expect("no panic while locked").insert("deadlock".into());
    }
    outcomes.lock().expect("no panic while locked").clone()
}

/// A search that several runners continue.
#[derive(Clone, Debug)]
struct SharedScheduler(Arc<Mutex<DfsScheduler>>);

impl Scheduler for SharedScheduler {
    fn new_execution(&mut self) -> Option<Schedule> {
        self.0.lock().expect("no panic while locked").new_execution()
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        is_yielding: bool,
    ) -> Option<TaskId> {
        // The main thread starts the others and waits for their end: when it does so changes
        // nothing.
        let main = runnable.iter().copied().find(|task| task.id() == TaskId::from(0));
        let runnable = main.as_ref().map_or(runnable, std::slice::from_ref);
        self.0.lock().expect("no panic while locked").next_task(runnable, current, is_yielding)
    }

    fn next_u64(&mut self) -> u64 {
        unreachable!("the programs use no random numbers")
    }
}

/// The programs, and what they use.
// They are written as a chapter shows them.
#[allow(clippy::pedantic, clippy::all, unused)]
mod programs {
    use shuttle::future::{block_on, spawn_local, yield_now};
    use shuttle::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
    use shuttle::sync::{Condvar, Mutex, mpsc};
    use shuttle::thread;
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;
    use std::time::Duration;

    std::thread_local! {
        /// The lines printed in this schedule. Shuttle runs all threads of a program on one thread.
        static PRINTED: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    }

    macro_rules! println {
        ($($text:tt)*) => { print(format!($($text)*)) };
    }

    /// Another thread may run before the line is printed.
    fn print(line: String) {
        thread::yield_now();
        PRINTED.with_borrow_mut(|lines| lines.push(line));
    }

    fn printed() -> String {
        PRINTED.with_borrow(|lines| lines.join(", "))
    }

    async fn download() {
        yield_now().await;
    }

    async fn write_to_log() {
        yield_now().await;
    }

    async fn sleep(_: Duration) {
        yield_now().await;
    }

    include!("../lab/scheduler/programs.rs");

    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        let mut names: Vec<_> = PROGRAMS.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.into_iter()
    }

    pub(super) fn run(program: fn() -> String) -> String {
        PRINTED.take();
        program()
    }
}
