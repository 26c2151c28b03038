//! A channel in the explorer, which knows when a message or a place comes free.

use super::object::Object;
use crate::explore::{self, Ask, Attempt, Until, Worker};
use std::collections::VecDeque;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The messages in a channel, each with its number.
type Messages<T> = VecDeque<(usize, T)>;

#[derive(Debug)]
struct Channel<T> {
    object: Object,
    messages: Mutex<Messages<T>>,
    /// Whether each sender waits until its message is received.
    hands_over: bool,
}

/// One sender of a channel.
#[derive(Debug)]
pub struct Sending<T>(Arc<Channel<T>>);

/// The receiver of a channel.
#[derive(Debug)]
pub struct Receiving<T>(Arc<Channel<T>>);

/// The ends of a channel with this limit. `None` outside of the explorer.
pub fn channel<T>(capacity: Option<usize>) -> Option<(Sending<T>, Receiving<T>)> {
    let worker = explore::current()?;
    let object = Object::new("channel");
    // Channels are numbered in the order in which they are made.
    object.name(&worker);
    worker.at_once(|state, _| state.open(object.id(), capacity));
    let hands_over = capacity == Some(0);
    let channel = Arc::new(Channel { object, messages: Mutex::default(), hands_over });
    Some((Sending(Arc::clone(&channel)), Receiving(channel)))
}

impl<T> Channel<T> {
    fn messages(&self) -> MutexGuard<'_, Messages<T>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask(&self, worker: &Worker, until: Until, location: &'static Location<'static>) -> Ask {
        self.object.ask(worker, until, location)
    }

    /// Whether no message has this number any more. If one has, takes it back.
    fn take_back(&self, number: usize) -> Option<T> {
        let mut messages = self.messages();
        let index = messages.iter().position(|(it, _)| *it == number)?;
        messages.remove(index).map(|(_, message)| message)
    }
}

impl<T> Sending<T> {
    /// Waits for room, then sends. If there is no receiver, returns the message.
    pub fn send(&self, message: T, location: &'static Location<'static>) -> Result<(), T> {
        let (worker, id) = (worker(), self.0.object.id());
        let ask = self.0.ask(&worker, Until::Room(id), location);
        let Attempt::Done(number) = self.attempt(&worker, &ask) else { return Err(message) };
        self.0.messages().push_back((number, message));
        if self.0.hands_over {
            let until = Until::Received { channel: id, message: number };
            worker.step(&self.0.ask(&worker, until, location), |_, _| ());
            return self.0.take_back(number).map_or(Ok(()), Err);
        }
        Ok(())
    }

    /// Sends if there is room at once, or returns the message.
    pub fn try_send(
        &self,
        message: T,
        location: &'static Location<'static>,
    ) -> Result<(), (Attempt, T)> {
        let worker = worker();
        let ask = self.0.ask(&worker, Until::Now, location);
        match self.attempt(&worker, &ask) {
            Attempt::Done(number) => {
                self.0.messages().push_back((number, message));
                Ok(())
            }
            failed => Err((failed, message)),
        }
    }

    fn attempt(&self, worker: &Worker, ask: &Ask) -> Attempt {
        let id = self.0.object.id();
        let only_tries = ask.until == Until::Now;
        worker.step(ask, |state, me| {
            // A thread that is about to receive may have begun to wait or not.
            let hands_over = only_tries && self.0.hands_over;
            let is_early = hands_over && (!state.is_awaited(id) || state.choices.choose(2) == 1);
            let attempt = if is_early { Attempt::NotYet } else { state.send(me, id) };
            let value = match attempt {
                Attempt::Done(_) => state.channels[&id].fill(),
                Attempt::NotYet => "full".into(),
                Attempt::Disconnected => "disconnected".into(),
            };
            state.record(me, "sends to", ask, Some(value));
            attempt
        })
    }
}

impl<T> Receiving<T> {
    /// Waits for a message. Without one, says why.
    pub fn receive(
        &self,
        can_time_out: bool,
        location: &'static Location<'static>,
    ) -> Result<T, Attempt> {
        let (worker, channel) = (worker(), self.0.object.id());
        let until = Until::Message { channel, can_time_out };
        self.attempt(&worker, &self.0.ask(&worker, until, location), can_time_out)
    }

    /// Takes a message if there is one at once. Without one, says why.
    pub fn try_receive(&self, location: &'static Location<'static>) -> Result<T, Attempt> {
        let worker = worker();
        self.attempt(&worker, &self.0.ask(&worker, Until::Now, location), true)
    }

    fn attempt(&self, worker: &Worker, ask: &Ask, is_watched: bool) -> Result<T, Attempt> {
        let id = self.0.object.id();
        let attempt = worker.step(ask, |state, me| {
            if is_watched {
                state.watched.insert(ask.object.clone());
            }
            let attempt = state.receive(me, id);
            let value = match attempt {
                Attempt::Done(_) => state.channels[&id].fill(),
                Attempt::NotYet => "empty".into(),
                Attempt::Disconnected => "disconnected".into(),
            };
            let timed_out = attempt == Attempt::NotYet && ask.until != Until::Now;
            let action = if timed_out { "times out on" } else { "receives from" };
            state.record(me, action, ask, Some(value));
            attempt
        });
        let message = match attempt {
            Attempt::Done(_) => self.0.messages().pop_front(),
            Attempt::NotYet | Attempt::Disconnected => None,
        };
        message.map(|(_, message)| message).ok_or(attempt)
    }
}

impl<T> Clone for Sending<T> {
    fn clone(&self) -> Self {
        let id = self.0.object.id();
        let add = |channel: &mut explore::Channel| channel.senders += 1;
        worker().at_once(|state, _| state.channels.get_mut(&id).map(add));
        Self(Arc::clone(&self.0))
    }
}

impl<T> Drop for Sending<T> {
    fn drop(&mut self) {
        let Some(worker) = explore::current() else { return };
        let ask = self.0.ask(&worker, Until::Now, Location::caller());
        let id = self.0.object.id();
        worker.release(&ask, |state, me| {
            state.drop_sender(me, id);
            if state.channels[&id].senders == 0 {
                state.record(me, "drops the last sender of", &ask, None);
            }
        });
    }
}

impl<T> Drop for Receiving<T> {
    fn drop(&mut self) {
        let Some(worker) = explore::current() else { return };
        let ask = self.0.ask(&worker, Until::Now, Location::caller());
        let id = self.0.object.id();
        // Senders can tell when the receiver goes.
        if worker.at_once(|state, _| state.channels[&id].senders > 0) {
            worker.step(&ask, |state, me| {
                state.record(me, "drops the receiver of", &ask, None);
                state.channels.entry(id).and_modify(|channel| channel.has_receiver = false);
            });
        }
        if !self.0.hands_over {
            let rest = std::mem::take(&mut *self.0.messages());
            drop(rest);
        }
    }
}

fn worker() -> Worker {
    explore::current().expect("only threads of `exercises::sync` use this channel")
}
