//! What the explorer knows at a moment of a schedule: the threads, their locks, what has happened.

use super::choices::Choices;
use super::memory::{Id, Memory, View, Views, join};
use super::report::{Kind, Step};
use std::collections::BTreeMap;
use std::panic::Location;
use std::thread::Thread;

/// Limits the steps of a schedule. Correct submissions take fewer than 100.
const MAX_STEPS: usize = 300;

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
    /// Another thread has taken a step since the schedule had this number of steps, unless no other
    /// one can.
    Others(usize),
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
    /// Whether its last wait ended because all threads waited.
    pub has_timed_out: bool,
    /// Whether a weak exchange of it has failed for no reason.
    pub has_failed_for_no_reason: bool,
}

#[derive(Default)]
pub struct Lock {
    pub writer: bool,
    pub readers: usize,
    /// What a thread sees that locks it.
    pub view: View,
}

/// A call of `notify_one` or `notify_all`.
pub struct Notification {
    pub condvar: Id,
    /// How many steps had been taken.
    pub at: usize,
    /// The threads that it woke.
    pub woken: Vec<usize>,
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
    pub memory: Memory,
    pub locks: BTreeMap<Id, Lock>,
    pub notifications: Vec<Notification>,
    /// Names of objects without a name of their own, by their first use.
    pub names: BTreeMap<Id, String>,
    pub steps: Vec<Step>,
    /// The file of the submission.
    pub file: &'static str,
    pub end: Option<End>,
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
            line,
            holds: self.threads[me].holds.iter().map(|(_, name)| name.clone()).collect(),
        });
        if self.steps.len() > MAX_STEPS {
            self.fail(Kind::Endless, endless(&self.threads[me].name, line));
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
        let asking = |index: &usize| match &self.threads[*index].next {
            Next::Asks(ask) => self.is_possible(&ask.until),
            Next::Runs | Next::Ended => false,
        };
        // The thread that has just run comes first, so the first schedule has the fewest switches.
        let indices = || (self.turn..self.threads.len()).chain(0..self.turn);
        let possible: Vec<_> = indices().filter(asking).collect();
        let unforced = possible.iter().find(|index| self.takes_no_step(**index));
        let next = if let Some(index) = unforced {
            Some(*index)
        } else if possible.is_empty() {
            indices().find(|index| self.goes_on_when_all_wait(*index))
        } else {
            Some(possible[self.choices.choose(possible.len())])
        };
        let Some(next) = next else { return self.fail_because_all_wait() };
        let changes = next != self.turn;
        self.turn = next;
        let timed_out = matches!(self.until(next), Some(Until::Notified { .. }));
        self.threads[next].has_timed_out = timed_out;
        self.threads[next].next = Next::Runs;
        if changes && let Some(handle) = &self.threads[next].handle {
            handle.unpark();
        }
    }

    fn is_possible(&self, until: &Until) -> bool {
        match until {
            Until::Now | Until::Started => true,
            Until::Ended(threads) => {
                threads.iter().all(|index| matches!(self.threads[*index].next, Next::Ended))
            }
            Until::Free { lock, shared } => self.is_free(*lock, *shared),
            Until::Notified { .. } => false,
            Until::Others(steps) => self.steps.len() > *steps,
            Until::AllFree(locks) => locks.iter().all(|lock| self.is_free(*lock, false)),
        }
    }

    /// Whether a thread goes on without a step: no other thread can tell when it does.
    fn takes_no_step(&self, index: usize) -> bool {
        let until = self.until(index);
        matches!(until, Some(Until::Started | Until::Ended(_)))
    }

    /// Time passes only when all threads wait: then a sleep ends, and a timeout is over.
    fn goes_on_when_all_wait(&self, index: usize) -> bool {
        match self.until(index) {
            Some(Until::Others(_)) => true,
            Some(Until::Notified { lock, can_time_out: true, .. }) => {
                self.is_possible(&Until::Free { lock: *lock, shared: false })
            }
            _ => false,
        }
    }

    fn until(&self, index: usize) -> Option<&Until> {
        match &self.threads[index].next {
            Next::Asks(ask) => Some(&ask.until),
            Next::Runs | Next::Ended => None,
        }
    }

    pub fn is_free(&self, lock: Id, shared: bool) -> bool {
        let is_free = |lock: &Lock| !lock.writer && (shared || lock.readers == 0);
        self.locks.get(&lock).is_none_or(is_free)
    }

    /// Wakes one of the threads that wait, or all. Returns their names.
    pub fn notify(&mut self, condvar: Id, all: bool) -> Vec<String> {
        let mut woken = self.waiting(condvar);
        if !all && !woken.is_empty() {
            woken = vec![woken[self.choices.choose(woken.len())]];
        }
        for index in &woken {
            self.wake(*index);
        }
        let names = woken.iter().map(|index| self.threads[*index].name.clone()).collect();
        self.notifications.push(Notification { condvar, at: self.steps.len(), woken });
        names
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

    /// Whether another thread's next step is to try this lock: it can tell when it is released.
    pub fn is_tried(&self, object: &str) -> bool {
        let tries = |thread: &ThreadState| match &thread.next {
            Next::Asks(ask) => ask.until == Until::Now && ask.object == object,
            Next::Runs | Next::Ended => false,
        };
        self.threads.iter().any(tries)
    }

    /// Lets a waiting thread go on, once it gets its lock.
    fn wake(&mut self, index: usize) {
        if let Next::Asks(ask) = &mut self.threads[index].next
            && let Until::Notified { lock, .. } = ask.until
        {
            ask.until = Until::Free { lock, shared: false };
        }
    }

    /// The threads that wait for a notification.
    fn waiting(&self, condvar: Id) -> Vec<usize> {
        let waits = |index: &usize| match self.until(*index) {
            Some(Until::Notified { condvar: on, .. }) => *on == condvar,
            _ => false,
        };
        (0..self.threads.len()).filter(waits).collect()
    }

    pub fn take(&mut self, me: usize, id: Id, shared: bool, name: String) {
        let lock = self.locks.entry(id).or_default();
        if shared {
            lock.readers += 1;
        } else {
            lock.writer = true;
        }
        join(&mut self.threads[me].views.now, &lock.view);
        self.threads[me].holds.push((id, name));
    }

    pub fn release(&mut self, me: usize, id: Id, shared: bool) {
        let lock = self.locks.entry(id).or_default();
        if shared {
            lock.readers = lock.readers.saturating_sub(1);
        } else {
            lock.writer = false;
        }
        join(&mut lock.view, &self.threads[me].views.now);
        let holds = &mut self.threads[me].holds;
        if let Some(index) = holds.iter().rposition(|(held, _)| *held == id) {
            holds.remove(index);
        }
    }

    /// Ends the schedule in a deadlock, and records what each thread waits for.
    fn fail_because_all_wait(&mut self) {
        let mut lost = None;
        let mut reasons = Vec::new();
        for index in 0..self.threads.len() {
            let Next::Asks(ask) = &self.threads[index].next else { continue };
            let ask = ask.clone();
            if let Until::Notified { condvar, .. } = ask.until {
                lost = lost.or_else(|| Some(self.lost(index, condvar)));
            } else if let Until::Free { lock, .. } = ask.until {
                reasons.push(self.reason(index, lock, &ask.object));
            } else if !matches!(ask.until, Until::Ended(_)) {
                let name = &self.threads[index].name;
                reasons.push(format!("{name} waits for {}", ask.object));
            }
            self.record(index, "waits for", &ask, None);
        }
        match lost {
            Some(lost) => self.fail(Kind::LostWakeUp, lost),
            None => self.fail(Kind::Deadlock, format!("A deadlock: {}.", reasons.join("; "))),
        }
    }

    /// Why a thread doesn't get a lock.
    fn reason(&self, index: usize, lock: Id, object: &str) -> String {
        let holds = |thread: &&ThreadState| thread.holds.iter().any(|(id, _)| *id == lock);
        let name = &self.threads[index].name;
        match self.threads.iter().find(holds) {
            Some(holder) if holder.name == *name => {
                format!("{name} waits for {object}, which it holds itself")
            }
            Some(holder) => format!("{name} waits for {object}, which {} holds", holder.name),
            None => format!("{name} waits for {object}"),
        }
    }

    /// What became of the notification that a thread waits for.
    fn lost(&self, index: usize, condvar: Id) -> String {
        let name = &self.threads[index].name;
        let began = self.steps.iter().rposition(|step| step.thread == index).unwrap_or_default();
        let last = self.notifications.iter().rev().find(|it| it.condvar == condvar);
        match last {
            None => format!("{name} waits for a notification, and no thread ever sends one."),
            Some(last) if last.at < began => format!(
                "The last notification came before {name} began to wait for it. A condition variable \
                 doesn't remember it: {name} waits forever."
            ),
            Some(last) => {
                let woken = last.woken.iter().map(|index| self.threads[*index].name.clone());
                let woken = woken.collect::<Vec<_>>().join(" and ");
                format!("The last notification woke {woken}, and {name} still waits.")
            }
        }
    }
}

fn endless(name: &str, line: Option<u32>) -> String {
    let line = line.map_or_else(String::new, |line| format!(" in line {line}"));
    format!(
        "{name} takes step after step{line}, and comes to no end: more than {MAX_STEPS} in this \
         schedule. Does it ask again and again for something, instead of waiting until it is notified?"
    )
}
