//! Runs a part of a submission in every order in which its threads' steps can happen.
//!
//! A *step* is a call to [`crate::sync`]: a lock, a load, a notification. Between two steps, a
//! thread's own work is invisible to the others, so only the order of the steps matters. One order
//! is a *schedule*. Two threads with k steps each have (2k)! / (k! k!) schedules: 6 for k = 2.
//!
//! [`explore`] runs the program once for each schedule. Its threads are real, but each waits before
//! its next step until it is chosen, so one runs at a time. Starting a thread, joining it, releasing
//! a lock and the end of a thread aren't chosen: no other thread could tell when they happen, so
//! they belong to the step before them. (A thread that calls `try_lock` could. Once the explorer has
//! seen such a call, releasing that lock is a step, and the search begins anew.)
//!
//! | file | what it is about |
//! |---|---|
//! | `choices.rs` | from one schedule to the next |
//! | `state.rs` | which threads can take a step |
//! | `objects.rs` | what the steps do to locks, channels and barriers |
//! | `deadlock.rs` | why no thread can take a step |
//! | `execution.rs` | the threads of one schedule, of which one runs |
//! | `memory.rs` | what a load may see |
//! | `sequential.rs` | the order of the sequentially consistent accesses |
//! | `report.rs` | the result, as JSON |
//! | `picture.rs` | the result, as text |
//! | `server.rs` | the stand-in for the server |
//! | `submission.rs` | the two ways in which a submission runs |

mod choices;
mod deadlock;
mod execution;
mod memory;
mod objects;
mod picture;
mod report;
mod sequential;
mod server;
mod state;
mod submission;

pub(crate) use execution::{Worker, current};
pub(crate) use memory::Id;
pub(crate) use objects::{Attempt, Channel};
pub use report::{Failure, Kind, Report, Step};
pub(crate) use server::{
    Server, download, failed, links, never_wait, refuse, request, requested, serve, steps, wait_for,
};
pub(crate) use state::{Ask, Until};
pub(crate) use submission::{VARIABLE, run};

use choices::Choices;
use execution::Execution;
use state::{End, State};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Limits how many schedules are explored.
const MAX_SCHEDULES: usize = 10_000;
/// Limits how many steps they take together: some 5 s.
const MAX_STEPS: usize = 200_000;
/// Limits the interruptions of a schedule where there are too many schedules. Few mistakes need more
/// than two: see Musuvathi and Qadeer, "Iterative Context Bounding for Systematic Testing of
/// Multithreaded Programs", 2007.
const MAX_INTERRUPTIONS: usize = 2;

const STATIC: &str = "is a static: it keeps its value from one call to the next. Make it in a function, \
                      and pass a reference to the threads.";

/// The schedule that runs, for the watchdog.
static RUNNING: Mutex<Option<Arc<Execution>>> = Mutex::new(None);

/// The id that the next new object gets.
static NEXT_ID: AtomicU64 = AtomicU64::new(1);

/// An id for a new object.
pub(crate) fn next_id() -> Id {
    NEXT_ID.fetch_add(1, Ordering::Relaxed)
}

/// Whether the current thread belongs to a schedule.
pub(crate) fn is_running() -> bool {
    current().is_some()
}

/// Which values an atomic's load may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loads {
    /// The latest one: the orderings make no difference.
    Latest,
    /// Any that the orderings allow, also older ones.
    Allowed,
}

/// Runs `program` in every schedule. `file` is the source file whose lines the steps show.
///
/// A schedule fails if `program` returns an error, or a thread panics, waits forever, or never comes
/// to an end. If there are more than 10,000 schedules, or they take more than 200,000 steps, only
/// schedules with at most two interruptions of a thread that could have gone on are explored.
///
/// ```
/// use exercises::explore::{Kind, Loads, explore};
/// use exercises::sync::atomic::{AtomicU32, Ordering::Relaxed};
/// use exercises::sync::thread;
///
/// let report = explore(file!(), Loads::Latest, &|| {
///     let number = AtomicU32::new(0);
///     let add = || number.store(number.load(Relaxed) + 1, Relaxed);
///     thread::scope(|scope| (0..2).for_each(|_| drop(scope.spawn(add))));
///     if number.into_inner() == 2 { Ok(()) } else { Err("an update is lost".into()) }
/// });
/// let failure = report.failure.unwrap();
/// assert_eq!((report.schedules, failure.schedules, failure.kind), (6, 4, Kind::Wrong));
/// ```
pub fn explore(
    file: &'static str,
    loads: Loads,
    program: &dyn Fn() -> Result<(), String>,
) -> Report {
    let all = search(file, loads, None, program);
    if all.complete || all.is_endless() {
        return all;
    }
    let some = search(file, loads, Some(MAX_INTERRUPTIONS), program);
    if some.failure.is_none() && all.failure.is_some() { all } else { some }
}

fn search(
    file: &'static str,
    loads: Loads,
    max_interruptions: Option<usize>,
    program: &dyn Fn() -> Result<(), String>,
) -> Report {
    let mut failures: BTreeMap<(Kind, String), Failure> = BTreeMap::new();
    let mut watched = BTreeSet::new();
    let mut choices = Choices::default();
    let (mut schedules, mut steps) = (0, 0);
    let complete = loop {
        let mut state = State { choices, max_interruptions, file, ..State::default() };
        state.watched.clone_from(&watched);
        state.first_id = next_id();
        state.memory.has_orderings = loads == Loads::Allowed;
        let execution = Execution::new(state);
        *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&execution));
        execution.run(program);
        let state = &mut *execution.state();
        if state.watched.len() > watched.len() {
            watched.clone_from(&state.watched);
            (choices, schedules, steps) = (Choices::default(), 0, 0);
            failures.clear();
            continue;
        }
        schedules += 1;
        steps += state.steps.len();
        choices = std::mem::take(&mut state.choices);
        if let Some(failure) = failure(state) {
            let is_endless = failure.kind == Kind::Endless;
            keep(&mut failures, failure);
            if is_endless {
                break false;
            }
        }
        if !choices.advance() {
            break true;
        }
        if schedules == MAX_SCHEDULES || steps > MAX_STEPS {
            break false;
        }
    };
    let failure = failures.into_values().min_by_key(length);
    Report { schedules, max_interruptions, complete, failure }
}

/// How the schedule failed, unless it passed.
fn failure(state: &mut State) -> Option<Failure> {
    let Some(End::Failed(kind, mut message)) = state.end.take() else { return None };
    if let (Kind::Wrong | Kind::Panic, Some(name)) = (kind, &state.old) {
        message = format!("{message} Besides, {name} {STATIC}");
    }
    Some(Failure {
        kind,
        message,
        schedules: 1,
        file: state.file.into(),
        threads: state.threads.iter().map(|thread| thread.name.clone()).collect(),
        steps: std::mem::take(&mut state.steps),
    })
}

/// Counts a failure, and keeps the shorter one of two that end alike.
fn keep(failures: &mut BTreeMap<(Kind, String), Failure>, failure: Failure) {
    let key = (failure.kind, failure.message.clone());
    let Some(known) = failures.get_mut(&key) else {
        failures.insert(key, failure);
        return;
    };
    let schedules = known.schedules + 1;
    if length(&failure) < length(known) {
        *known = failure;
    }
    known.schedules = schedules;
}

/// The number of steps, then that of switches between threads.
fn length(failure: &Failure) -> (usize, usize) {
    let switches = failure.steps.windows(2).filter(|pair| pair[0].thread != pair[1].thread);
    (failure.steps.len(), switches.count())
}
