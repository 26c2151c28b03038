//! One schedule of a program: its threads are the system's, but only one of them runs at a time, up
//! to its next step.

use super::memory::{Id, Views, join};
use super::report::Kind;
use super::state::{Ask, End, Next, State, ThreadState, Until};
use std::any::Any;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, Location, PanicHookInfo};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, Once, PoisonError};
use std::thread;

/// How many steps all schedules took together.
pub static PROGRESS: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static CURRENT: RefCell<Option<Worker>> = const { RefCell::new(None) };
    /// The message of this thread's panic.
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A schedule that is being run.
pub struct Execution {
    state: Mutex<State>,
    /// Signals that a thread of the system has ended.
    ended: Condvar,
}

/// A thread of a schedule.
#[derive(Clone)]
pub struct Worker {
    execution: Arc<Execution>,
    index: usize,
}

/// Unwinds a thread whose schedule has ended.
struct Unwind;

/// The current thread, if it belongs to a schedule.
pub fn current() -> Option<Worker> {
    CURRENT.try_with(|current| current.borrow().clone()).ok().flatten()
}

impl Execution {
    /// A schedule that begins in this state. The current thread becomes its main thread.
    pub fn new(mut state: State) -> Arc<Self> {
        state.threads.push(ThreadState::new("main".into()));
        state.threads[0].handle = Some(thread::current());
        Arc::new(Self { state: Mutex::new(state), ended: Condvar::new() })
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs the program to its end in this thread.
    pub fn run(self: &Arc<Self>, program: &dyn Fn() -> Result<(), String>) {
        record_panics();
        let worker = Worker { execution: Arc::clone(self), index: 0 };
        CURRENT.set(Some(worker));
        let result = panic::catch_unwind(AssertUnwindSafe(program));
        CURRENT.set(None);
        let mut state = self.state();
        match result {
            Ok(Ok(())) => state.end(End::Passed),
            Ok(Err(message)) => state.fail(Kind::Wrong, message),
            Err(payload) => state.fail_by_panic(0, &*payload),
        }
        while state.alive > 0 {
            state = self.ended.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl ThreadState {
    fn new(name: String) -> Self {
        Self {
            name,
            handle: None,
            next: Next::Runs,
            views: Views::default(),
            holds: Vec::new(),
            has_timed_out: false,
            has_timed_out_early: false,
            has_failed_for_no_reason: false,
            unparked: None,
        }
    }
}

impl State {
    fn fail_by_panic(&mut self, index: usize, payload: &(dyn Any + Send)) {
        if !payload.is::<Unwind>() {
            let message = PANIC.take().unwrap_or_default();
            let name = self.threads[index].name.clone();
            self.fail(Kind::Panic, format!("{name} panics: {message}"));
        }
    }
}

impl Worker {
    /// Waits for this thread's turn to do what it asks for, then does it. If the schedule has ended,
    /// unwinds the thread.
    pub fn step<T>(&self, ask: &Ask, effect: impl FnOnce(&mut State, usize) -> T) -> T {
        PROGRESS.fetch_add(1, Ordering::Relaxed);
        let mut state = self.execution.state();
        if state.end.is_none() {
            state.threads[self.index].next = Next::Asks(ask.clone());
            state.pass_on();
        }
        while state.end.is_none() && !self.is_its_turn(&state) {
            drop(state);
            thread::park();
            state = self.execution.state();
        }
        if state.end.is_some() && !thread::panicking() {
            drop(state);
            panic::resume_unwind(Box::new(Unwind));
        }
        effect(&mut state, self.index)
    }

    /// Does something that no other thread can tell the time of, such as an unlock: it belongs to the
    /// step before it.
    pub fn at_once<T>(&self, effect: impl FnOnce(&mut State, usize) -> T) -> T {
        effect(&mut self.execution.state(), self.index)
    }

    /// Does something that a waiting thread cannot tell the time of, such as an unlock. A thread that
    /// only looks can: then it is a step.
    pub fn release(&self, ask: &Ask, effect: impl FnOnce(&mut State, usize)) {
        if self.at_once(|state, _| state.watched.contains(&ask.object)) {
            self.step(ask, effect);
        } else {
            self.at_once(effect);
        }
    }

    /// Releases a lock.
    #[track_caller]
    pub fn unlock(&self, object: &str, id: Id, shared: bool) {
        let ask = Ask { until: Until::Now, object: object.into(), location: Location::caller() };
        self.release(&ask, |state, me| {
            state.record(me, "unlocks", &ask, None);
            state.release(me, id, shared);
        });
    }

    fn is_its_turn(&self, state: &State) -> bool {
        state.turn == self.index && matches!(state.threads[self.index].next, Next::Runs)
    }

    /// A new thread of this schedule. The caller starts it with [`Worker::run`], then calls
    /// [`Worker::started`].
    pub fn spawn(&self, name: Option<&str>, location: &'static Location<'static>) -> Self {
        let mut state = self.execution.state();
        let index = state.threads.len();
        let unnamed = state.threads.iter().filter(|thread| thread.name.len() == 1).count();
        let letter = char::from(b'A' + unnamed as u8 % 26).to_string();
        let mut child = ThreadState::new(name.map_or(letter, str::to_owned));
        child.views = state.threads[self.index].views.clone();
        let ask = Ask { until: Until::Started, object: child.name.clone(), location };
        state.threads.push(child);
        state.alive += 1;
        state.record(self.index, "starts", &ask, None);
        drop(state);
        Self { execution: Arc::clone(&self.execution), index }
    }

    /// Waits until the thread that has just been started comes to its first step.
    pub fn started(&self, child: &Self, location: &'static Location<'static>) {
        let mut state = self.execution.state();
        if state.end.is_none() {
            state.turn = child.index;
            let ask = Ask { until: Until::Started, object: String::new(), location };
            state.threads[self.index].next = Next::Asks(ask);
            if let Some(handle) = &state.threads[child.index].handle {
                handle.unpark();
            }
        }
        while state.end.is_none() && !self.is_its_turn(&state) {
            drop(state);
            thread::park();
            state = self.execution.state();
        }
    }

    /// Runs a thread's function. It is called in the new thread.
    pub fn run<T>(self, function: impl FnOnce() -> T) -> T {
        let execution = Arc::clone(&self.execution);
        let index = self.index;
        CURRENT.set(Some(self));
        let mut state = execution.state();
        state.threads[index].handle = Some(thread::current());
        while state.end.is_none() && state.turn != index {
            drop(state);
            thread::park();
            state = execution.state();
        }
        drop(state);
        let result = panic::catch_unwind(AssertUnwindSafe(function));
        CURRENT.set(None);
        let mut state = execution.state();
        state.alive -= 1;
        execution.ended.notify_all();
        match result {
            Ok(value) => {
                state.threads[index].next = Next::Ended;
                if state.end.is_none() {
                    state.pass_on();
                }
                value
            }
            Err(payload) => {
                state.fail_by_panic(index, &*payload);
                drop(state);
                panic::resume_unwind(payload)
            }
        }
    }

    /// Waits until these threads have ended.
    pub fn join(&self, threads: Vec<usize>, location: &'static Location<'static>) {
        let until = Until::Ended(threads.clone());
        self.step(&Ask { until, object: "the other threads".into(), location }, |state, me| {
            for index in threads {
                let ended = state.threads[index].views.now.clone();
                join(&mut state.threads[me].views.now, &ended);
            }
        });
    }

    pub fn index(&self) -> usize {
        self.index
    }
}

/// Keeps the message of a panic in a schedule instead of printing it.
fn record_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| match current() {
            Some(_) => PANIC.set(Some(text(info))),
            None => usual(info),
        }));
    });
}

fn text(info: &PanicHookInfo) -> String {
    let message = info.payload_as_str().unwrap_or("a panic");
    let line = info.location().map_or(0, Location::line);
    format!("{message} (line {line})")
}
