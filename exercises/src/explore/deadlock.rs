//! Why the threads of a schedule can't go on.

use super::memory::Id;
use super::report::Kind;
use super::state::{Ask, MAX_STEPS, Next, State, ThreadState, Until};

impl State {
    /// Ends the schedule in a deadlock, and records what each thread waits for.
    pub fn fail_because_all_wait(&mut self) {
        let mut lost = None;
        let mut reasons = Vec::new();
        for index in 0..self.threads.len() {
            let Next::Asks(ask) = &self.threads[index].next else { continue };
            let ask = ask.clone();
            if let Until::Notified { condvar, .. } = ask.until {
                lost = lost.or_else(|| Some(self.lost(index, condvar)));
            } else if !matches!(ask.until, Until::Ended(_)) {
                reasons.push(format!("{} {}", self.threads[index].name, self.reason(index, &ask)));
            }
            let is_parked = matches!(ask.until, Until::Unparked { .. });
            self.record(index, if is_parked { "is parked" } else { "waits for" }, &ask, None);
        }
        match lost {
            Some(lost) => self.fail(Kind::LostWakeUp, lost),
            None => self.fail(Kind::Deadlock, format!("A deadlock: {}.", reasons.join("; "))),
        }
    }

    /// What a thread waits for, as the rest of a sentence about it.
    fn reason(&self, index: usize, ask: &Ask) -> String {
        let object = &ask.object;
        match &ask.until {
            Until::Free { lock, .. } => self.holder(index, *lock, object),
            Until::Message { channel, .. } => {
                let senders = match self.channels[channel].senders {
                    1 => "a sender".into(),
                    senders => format!("{senders} senders"),
                };
                format!("waits for a message on {object}, which still has {senders}")
            }
            Until::Room(channel) => {
                format!("waits for room in {object} ({})", self.channels[channel].fill())
            }
            Until::Received { .. } => format!("waits until its message on {object} is received"),
            Until::Passed { barrier, threads, .. } => {
                let arrived = self.barriers.get(barrier).map_or(0, |it| it.arrived);
                format!("waits at {object}, where {arrived} of {threads} threads have arrived")
            }
            Until::Unparked { .. } => "is parked, and no thread unparks it".into(),
            _ => format!("waits for {object}"),
        }
    }

    /// Why a thread doesn't get a lock.
    fn holder(&self, index: usize, lock: Id, object: &str) -> String {
        let holds = |thread: &&ThreadState| thread.holds.iter().any(|(id, _)| *id == lock);
        let name = &self.threads[index].name;
        match self.threads.iter().find(holds) {
            Some(holder) if holder.name == *name => {
                format!("waits for {object}, which it holds itself")
            }
            Some(holder) => format!("waits for {object}, which {} holds", holder.name),
            None => format!("waits for {object}"),
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
                "The last notification came before {name} began to wait for it. A condition \
                 variable doesn't remember it: {name} waits for ever."
            ),
            Some(last) => {
                let woken = last.woken.iter().map(|index| self.threads[*index].name.clone());
                let woken = woken.collect::<Vec<_>>().join(" and ");
                format!("The last notification woke {woken}, and {name} still waits.")
            }
        }
    }
}

pub fn endless(name: &str, line: Option<u32>) -> String {
    let line = line.map_or_else(String::new, |line| format!(" in line {line}"));
    format!(
        "{name} takes step after step{line}, and never ends: more than {MAX_STEPS} in this \
         schedule. Does it ask again and again for something, instead of waiting until it is \
         notified?"
    )
}
