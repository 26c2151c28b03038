//! Why the threads of a schedule can't go on.

use super::memory::Id;
use super::report::{Kind, Step};
use super::state::{Ask, MAX_STEPS, Next, State, ThreadState, Until};

const LEAVES: &str = "a thread that leaves with an error must not let others wait.";
const ASKS: &str =
    "Does it check for something again and again, instead of waiting to be notified?";

impl State {
    /// Ends the schedule in a deadlock, and records what each thread waits for.
    pub fn fail_because_all_wait(&mut self) {
        let mut lost = None;
        let mut reasons = Vec::new();
        let mut awaits_server = false;
        for index in 0..self.threads.len() {
            let Next::Asks(ask) = &self.threads[index].next else { continue };
            let ask = ask.clone();
            awaits_server |= matches!(ask.until, Until::Requested(_));
            if let Until::Notified { condvar, .. } = ask.until {
                lost = lost.or_else(|| Some(self.lost(index, condvar)));
            } else if !matches!(ask.until, Until::Ended(_)) {
                reasons.push(format!("{} {}", self.threads[index].name, self.reason(index, &ask)));
            }
            let is_parked = matches!(ask.until, Until::Unparked { .. });
            self.record(index, if is_parked { "is parked" } else { "waits for" }, &ask, None);
        }
        let ended =
            self.threads.iter().filter(|it| awaits_server && matches!(it.next, Next::Ended));
        reasons.extend(ended.map(|thread| format!("{} has ended", thread.name)));
        let (kind, mut message) = match lost {
            Some(lost) => (Kind::LostWakeUp, lost),
            None => (Kind::Deadlock, format!("A deadlock: {}.", reasons.join("; "))),
        };
        if awaits_server {
            message = format!("{message} {}", self.server.hint);
        }
        if let Some(name) = &self.server.failed {
            message = format!("{message} Before that, {name} failed: {LEAVES}");
        }
        self.fail(kind, message);
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
            Until::Requested(links) => {
                let links = links.join(" and ");
                format!("waits for {object}, which the server sends once {links} are requested")
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
                "The last notification came before {name} began to wait for it. A condition variable \
                 doesn't remember it: {name} waits for ever. {}",
                self.missed(index, last.at, began)
            )
            .trim_end()
            .into(),
            Some(last) => {
                let woken = last.woken.iter().map(|index| self.threads[*index].name.clone());
                let woken = woken.collect::<Vec<_>>().join(" and ");
                let few = if last.all { "" } else { " `notify_one` wakes one thread at most." };
                format!("The last notification woke {woken}, and {name} still waits.{few}")
            }
        }
    }

    /// Why a thread began to wait after the last notification: the numbers count steps.
    fn missed(&self, index: usize, notified: usize, began: usize) -> String {
        if self.server.failed.is_some() {
            return String::new();
        }
        let name = &self.threads[index].name;
        let locks = |step: &Step| ["locks", "wakes up on"].contains(&step.action.as_str());
        let own = |step: &Step| step.thread == index && locks(step);
        let locked = self.steps[..began].iter().rposition(own).unwrap_or_default();
        if locked < notified {
            return format!(
                "{name} held the lock at that time. So what it waits for was changed without this \
                 lock, or {name} doesn't look at it before it waits."
            );
        }
        let lock = &self.steps[locked].object;
        let other = |step: &&Step| step.thread != index && locks(step) && step.object == *lock;
        match self.steps[notified..].iter().find(other) {
            Some(step) => format!(
                "{} took the lock after the notification, and sent no other one. If it has changed \
                 something, it must notify after that, not before.",
                self.threads[step.thread].name
            ),
            None => format!(
                "{name} took the lock after the notification. Did it look for something to do before \
                 that, with another guard? It must look and wait with the same one."
            ),
        }
    }

    /// The message about a schedule with too many steps. It names the thread that took most of them: the
    /// one in the loop.
    pub fn endless(&self) -> String {
        let most = (0..self.threads.len()).max_by_key(|index| self.taken(*index));
        let index = most.unwrap_or_default();
        let name = &self.threads[index].name;
        let last = self.steps.iter().rev().find(|step| step.thread == index);
        let line = last.and_then(|step| step.line);
        let line = line.map_or_else(String::new, |line| format!(" in line {line}"));
        let why = self.never_waits.filter(|_| !self.was_refused_a_lock(index)).unwrap_or(ASKS);
        format!(
            "{name} keeps taking steps{line} and never ends: this schedule has more than {MAX_STEPS} \
             steps. {why}"
        )
    }
}
