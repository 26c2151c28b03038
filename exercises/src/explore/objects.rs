//! The locks, condition variables, channels and barriers of a schedule.

use super::memory::{Id, View, join};
use super::state::{Next, State, ThreadState, Until};
use std::collections::VecDeque;

#[derive(Default)]
pub struct Lock {
    pub writer: bool,
    pub readers: usize,
    /// What a thread sees that locks it.
    view: View,
}

/// A call of `notify_one` or `notify_all`.
pub struct Notification {
    pub condvar: Id,
    /// How many steps had been taken.
    pub at: usize,
    /// Whether it was `notify_all`.
    pub all: bool,
    /// The threads that it woke.
    pub woken: Vec<usize>,
}

/// The messages and the two ends of a channel.
pub struct Channel {
    /// For each message in it, what a thread sees that receives it.
    messages: VecDeque<View>,
    /// Its limit. 0 if each message is handed over from thread to thread.
    capacity: Option<usize>,
    pub senders: usize,
    pub has_receiver: bool,
    /// How many messages were sent and received so far.
    sent: usize,
    received: usize,
    /// What a thread sees that finds the channel without senders.
    view: View,
}

#[derive(Default)]
pub struct Barrier {
    /// How many threads wait at it.
    pub arrived: usize,
    /// How often it has let threads pass.
    pub generation: usize,
    /// What a thread sees that passes it.
    view: View,
}

/// What came of an attempt to send or receive.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// It worked. Counts the channel's messages up to this one.
    Done(usize),
    /// A message, or room for one, can still come.
    NotYet,
    /// The other end is gone.
    Disconnected,
}

impl State {
    pub fn is_free(&self, lock: Id, shared: bool) -> bool {
        let is_free = |lock: &Lock| !lock.writer && (shared || lock.readers == 0);
        self.locks.get(&lock).is_none_or(is_free)
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

    /// Sees what the last thread that released a lock has seen, without taking it.
    pub fn see(&mut self, me: usize, id: Id) {
        if let Some(lock) = self.locks.get(&id) {
            join(&mut self.threads[me].views.now, &lock.view);
        }
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
        self.notifications.push(Notification { condvar, at: self.steps.len(), all, woken });
        names
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

    /// A channel with one sender and one receiver.
    pub fn open(&mut self, id: Id, capacity: Option<usize>) {
        let channel = Channel {
            messages: VecDeque::new(),
            capacity,
            senders: 1,
            has_receiver: true,
            sent: 0,
            received: 0,
            view: View::new(),
        };
        self.channels.insert(id, channel);
    }

    /// Puts a message into a channel, if there is room.
    pub fn send(&mut self, me: usize, id: Id) -> Attempt {
        let views = &self.threads[me].views;
        let Some(channel) = self.channels.get_mut(&id).filter(|it| it.has_receiver) else {
            return Attempt::Disconnected;
        };
        if !channel.has_room() {
            return Attempt::NotYet;
        }
        channel.messages.push_back(views.now.clone());
        channel.sent += 1;
        Attempt::Done(channel.sent)
    }

    /// Takes a message out of a channel, if there is one.
    pub fn receive(&mut self, me: usize, id: Id) -> Attempt {
        let views = &mut self.threads[me].views;
        let Some(channel) = self.channels.get_mut(&id) else { return Attempt::Disconnected };
        if let Some(view) = channel.messages.pop_front() {
            join(&mut views.now, &view);
            channel.received += 1;
            return Attempt::Done(channel.received);
        }
        if channel.senders > 0 {
            return Attempt::NotYet;
        }
        join(&mut views.now, &channel.view);
        Attempt::Disconnected
    }

    /// Drops one of a channel's senders.
    pub fn drop_sender(&mut self, me: usize, id: Id) {
        let views = &self.threads[me].views;
        if let Some(channel) = self.channels.get_mut(&id) {
            channel.senders -= 1;
            join(&mut channel.view, &views.now);
        }
    }

    /// Arrives at a barrier for `threads` threads. Returns whether this thread is the last one, and
    /// which generation it waits for.
    pub fn arrive(&mut self, me: usize, id: Id, threads: usize) -> (bool, usize) {
        let barrier = self.barriers.entry(id).or_default();
        barrier.arrived += 1;
        join(&mut barrier.view, &self.threads[me].views.now);
        let next = barrier.generation + 1;
        let is_last = barrier.arrived >= threads;
        if is_last {
            barrier.arrived = 0;
            barrier.generation = next;
        }
        (is_last, next)
    }

    pub fn pass(&mut self, me: usize, id: Id) {
        let barrier = self.barriers.entry(id).or_default();
        join(&mut self.threads[me].views.now, &barrier.view);
    }

    /// Lets another thread go on that is parked, or will park.
    pub fn unpark(&mut self, me: usize, other: usize) {
        let view = self.threads[me].views.now.clone();
        join(self.threads[other].unparked.get_or_insert_default(), &view);
    }

    /// Goes on after parking. Returns whether this thread was unparked.
    pub fn park(&mut self, me: usize) -> bool {
        let ThreadState { unparked, views, .. } = &mut self.threads[me];
        let view = unparked.take();
        if let Some(view) = &view {
            join(&mut views.now, view);
        }
        view.is_some()
    }

    /// Whether a thread waits for a message on this channel, and gets the next one.
    pub fn is_awaited(&self, id: Id) -> bool {
        let awaits = |thread: &ThreadState| match &thread.next {
            Next::Asks(ask) => matches!(ask.until, Until::Message { channel, .. } if channel == id),
            Next::Runs | Next::Ended => false,
        };
        self.channels[&id].messages.is_empty() && self.threads.iter().any(awaits)
    }
}

impl Channel {
    pub fn has_room(&self) -> bool {
        self.capacity.is_none_or(|most| most == 0 || self.messages.len() < most)
    }

    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    pub fn has_received(&self, message: usize) -> bool {
        self.received >= message
    }

    /// How many messages are in it, such as `1 of 2`.
    pub fn fill(&self) -> String {
        match self.capacity {
            None | Some(0) => format!("{} in it", self.messages.len()),
            Some(limit) => format!("{} of {limit}", self.messages.len()),
        }
    }
}
