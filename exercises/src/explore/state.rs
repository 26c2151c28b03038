//! What the explorer knows at a moment of a schedule: the threads, what they wait for, what has
//! happened.

use super::choices::Choices;
use super::memory::{Id, Memory, View, Views};
use super::objects::{Barrier, Channel, Lock, Notification};
use super::report::{Kind, Step};
use super::server::Server;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::Location;
use std::sync::atomic::Ordering;
use std::thread::Thread;

/// Limits the steps of a schedule. Correct submissions take fewer than 100.
pub const MAX_STEPS: usize = 300;

/// What must be the case before a thread can take its next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Until {
    /// Nothing: it can take it at any time.
    Now,
    /// The thread that it has started has come to its first step. Not a step of its own.
    Started,
    /// These threads have ended. Not a step of its own.
    Ended(Vec<usize>),
    /// The lock is free, or no thread writes if it is a shared lock.
    Free { lock: Id, shared: bool },
    /// None of these locks is held.
    AllFree(Vec<Id>),
    /// Another thread has notified this one. Then the lock must be free.
    Notified { condvar: Id, lock: Id, can_time_out: bool },
    /// The channel has a message, or no sender any more.
    Message { channel: Id, can_time_out: bool },
    /// The channel has room for a message, or no receiver any more.
    Room(Id),
    /// This message has been received, or the receiver is gone. Not a step of its own.
    Received { channel: Id, message: usize },
    /// The barrier, which is for so many threads, has let this generation pass. Not a step of its own.
    Passed { barrier: Id, threads: usize, generation: usize },
    /// These images have been requested. Not a step of its own.
    Requested(Vec<String>),
    /// Another thread has unparked this one.
    Unparked { can_time_out: bool },
    /// Each other thread that can take a step has taken one, since they had taken these numbers of
    /// steps.
    Others(Vec<usize>),
}

/// What a thread wants to do next.
#[derive(Clone)]
pub struct Ask {
    pub until: Until,
    /// On what: a lock, an atomic.
    pub object: String,
    pub location: &'static Location<'static>,
}

pub enum Next {
    Runs,
    Asks(Ask),
    Ended,
}

pub struct ThreadState {
    pub name: String,
    pub handle: Option<Thread>,
    pub next: Next,
    pub views: Views,
    /// The locks that it holds, with their names.
    pub holds: Vec<(Id, String)>,
    /// Whether its last wait ended because the time was over.
    pub has_timed_out: bool,
    /// Whether it has ever timed out while another thread could take a step.
    pub has_timed_out_early: bool,
    /// Whether a weak exchange of it has failed for no reason.
    pub has_failed_for_no_reason: bool,
    /// What it sees when it parks next, if it has been unparked.
    pub unparked: Option<View>,
}

/// How a schedule ended.
pub enum End {
    Passed,
    Failed(Kind, String),
}

#[derive(Default)]
pub struct State {
    /// The thread that runs.
    pub turn: usize,
    pub threads: Vec<ThreadState>,
    pub choices: Choices,
    /// How often a thread was interrupted that could have taken another step, and the limit of that.
    pub interruptions: usize,
    pub max_interruptions: Option<usize>,
    pub memory: Memory,
    pub server: Server,
    /// If set, `sleep` and `yield_now` don't let other threads go first. The text is the hint in the
    /// message about an endless schedule.
    pub never_waits: Option<&'static str>,
    pub locks: BTreeMap<Id, Lock>,
    pub channels: BTreeMap<Id, Channel>,
    pub barriers: BTreeMap<Id, Barrier>,
    pub notifications: Vec<Notification>,
    /// Names of objects without a name of their own, by their first use.
    pub names: BTreeMap<Id, String>,
    /// The names of objects that a thread looks at without waiting: it can tell when another one
    /// releases them. See [`super::explore`].
    pub watched: BTreeSet<String>,
    pub steps: Vec<Step>,
    /// The file of the submission.
    pub file: &'static str,
    pub end: Option<End>,
    /// Objects with lower ids are older than this schedule.
    pub first_id: Id,
    /// The name of such an object that was used.
    pub old: Option<String>,
    /// How many threads of the system belong to this schedule, besides the main thread.
    pub alive: usize,
}

impl State {
    /// Adds a step to the record, which ends with the schedule.
    pub fn record(&mut self, me: usize, action: &str, ask: &Ask, value: Option<String>) {
        if self.end.is_some() {
            return;
        }
        let line = (ask.location.file() == self.file).then(|| ask.location.line());
        self.steps.push(Step {
            thread: me,
            action: action.into(),
            object: ask.object.clone(),
            value,
            ordering: None,
            line,
            holds: self.threads[me].holds.iter().map(|(_, name)| name.clone()).collect(),
        });
        if self.steps.len() > MAX_STEPS {
            self.fail(Kind::Endless, self.endless());
        }
    }

    /// Adds the step of an atomic.
    pub fn record_atomic(
        &mut self,
        me: usize,
        action: &str,
        ask: &Ask,
        value: String,
        order: Ordering,
    ) {
        // The step itself can end the schedule.
        let has_ordering = self.memory.has_orderings && self.end.is_none();
        self.record(me, action, ask, Some(value));
        if has_ordering && let Some(step) = self.steps.last_mut() {
            step.ordering = Some(format!("{order:?}"));
        }
    }

    /// Ends the schedule, unless it has ended already.
    pub fn fail(&mut self, kind: Kind, message: String) {
        self.end(End::Failed(kind, message));
    }

    pub fn end(&mut self, end: End) {
        if self.end.is_none() {
            self.end = Some(end);
            let handles = self.threads.iter().filter_map(|thread| thread.handle.as_ref());
            handles.for_each(Thread::unpark);
        }
    }

    /// Chooses the thread that takes the next step.
    pub fn pass_on(&mut self) {
        // The thread that has just run comes first, so the first schedule has the fewest switches.
        let indices = || (self.turn..self.threads.len()).chain(0..self.turn);
        let possible: Vec<_> = indices().filter(|index| self.can_go_on(*index)).collect();
        let unforced = possible.iter().find(|index| self.takes_no_step(**index)).copied();
        let next = match (unforced, possible.is_empty()) {
            (Some(index), _) => Some(index),
            (None, true) => indices().find(|index| self.can_time_out(*index)),
            (None, false) => {
                let early = indices().filter(|index| self.can_time_out_early(*index));
                Some(self.choose(&[possible.clone(), early.collect()].concat()))
            }
        };
        let Some(next) = next else { return self.fail_because_all_wait() };
        let changes = next != self.turn;
        self.turn = next;
        let has_timed_out = !possible.contains(&next);
        self.threads[next].has_timed_out = has_timed_out;
        self.threads[next].has_timed_out_early |= has_timed_out && !possible.is_empty();
        self.threads[next].next = Next::Runs;
        if changes && let Some(handle) = &self.threads[next].handle {
            handle.unpark();
        }
    }

    /// One of the threads that can take a step.
    fn choose(&mut self, possible: &[usize]) -> usize {
        let interrupts = possible[0] == self.turn;
        if interrupts && self.max_interruptions == Some(self.interruptions) {
            return self.turn;
        }
        let next = possible[self.choices.choose(possible.len())];
        self.interruptions += usize::from(interrupts && next != self.turn);
        next
    }

    fn can_go_on(&self, index: usize) -> bool {
        self.until(index).is_some_and(|until| self.is_possible(index, until))
    }

    fn is_possible(&self, index: usize, until: &Until) -> bool {
        match until {
            Until::Now | Until::Started => true,
            Until::Ended(threads) => {
                threads.iter().all(|index| matches!(self.threads[*index].next, Next::Ended))
            }
            Until::Free { lock, shared } => self.is_free(*lock, *shared),
            Until::AllFree(locks) => locks.iter().all(|lock| self.is_free(*lock, false)),
            Until::Notified { .. } => false,
            Until::Message { channel, .. } => {
                let channel = &self.channels[channel];
                !channel.is_empty() || channel.senders == 0
            }
            Until::Room(channel) => {
                let channel = &self.channels[channel];
                channel.has_room() || !channel.has_receiver
            }
            Until::Received { channel, message } => {
                let channel = &self.channels[channel];
                channel.has_received(*message) || !channel.has_receiver
            }
            Until::Passed { barrier, generation, .. } => {
                self.barriers.get(barrier).is_some_and(|it| it.generation >= *generation)
            }
            Until::Requested(links) => self.are_requested(links),
            Until::Unparked { .. } => self.threads[index].unparked.is_some(),
            Until::Others(steps) => (0..self.threads.len()).all(|other| {
                let waits = matches!(self.until(other), Some(Until::Others(_)));
                let before = steps.get(other).copied().unwrap_or_default();
                waits || self.taken(other) > before || !self.can_go_on(other)
            }),
        }
    }

    /// How many steps a thread has taken.
    pub fn taken(&self, index: usize) -> usize {
        self.steps.iter().filter(|step| step.thread == index).count()
    }

    /// Whether the last thing that a thread did was to try a lock that another one held.
    pub fn was_refused_a_lock(&self, index: usize) -> bool {
        let last = self.steps.iter().rev().find(|step| step.thread == index);
        last.is_some_and(|step| step.action == "doesn't get")
    }

    /// Whether a thread goes on without a step: no other thread can tell when it does.
    fn takes_no_step(&self, index: usize) -> bool {
        matches!(
            self.until(index),
            Some(
                Until::Started
                    | Until::Ended(_)
                    | Until::Received { .. }
                    | Until::Passed { .. }
                    | Until::Requested(_)
            )
        )
    }

    /// Whether this thread can time out before all threads wait. It can do so only once: a thread that
    /// starts waiting again would otherwise go on like this for ever.
    fn can_time_out_early(&self, index: usize) -> bool {
        !self.threads[index].has_timed_out_early
            && !self.can_go_on(index)
            && self.can_time_out(index)
    }

    /// Whether a thread waits with a timeout, and could go on when it is over.
    fn can_time_out(&self, index: usize) -> bool {
        match self.until(index) {
            Some(Until::Message { can_time_out, .. } | Until::Unparked { can_time_out }) => {
                *can_time_out
            }
            Some(Until::Notified { lock, can_time_out: true, .. }) => self.is_free(*lock, false),
            _ => false,
        }
    }

    pub fn until(&self, index: usize) -> Option<&Until> {
        match &self.threads[index].next {
            Next::Asks(ask) => Some(&ask.until),
            Next::Runs | Next::Ended => None,
        }
    }

    /// Whether a weak exchange fails although it could succeed: at most once in each thread.
    pub fn fails_for_no_reason(&mut self, me: usize) -> bool {
        if self.threads[me].has_failed_for_no_reason {
            return false;
        }
        self.threads[me].has_failed_for_no_reason = self.choices.choose(2) == 1;
        self.threads[me].has_failed_for_no_reason
    }

    /// The name of an object without a name of its own, such as `mutex 2`.
    pub fn name(&mut self, id: Id, kind: &str) -> String {
        let number = 1 + self.names.values().filter(|name| name.starts_with(kind)).count();
        self.names.entry(id).or_insert_with(|| format!("{kind} {number}")).clone()
    }
}
