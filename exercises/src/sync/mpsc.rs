//! Channels as in std.

use super::channel::{self, Receiving, Sending};
use crate::explore::Attempt;
use std::panic::Location;
use std::sync::mpsc;
pub use std::sync::mpsc::{RecvError, RecvTimeoutError, SendError, TryRecvError, TrySendError};
use std::time::Duration;

/// See [`std::sync::mpsc::Sender`].
#[derive(Debug)]
pub struct Sender<T> {
    inner: mpsc::Sender<T>,
    explored: Option<Sending<T>>,
}

/// See [`std::sync::mpsc::SyncSender`].
#[derive(Debug)]
pub struct SyncSender<T> {
    inner: mpsc::SyncSender<T>,
    explored: Option<Sending<T>>,
}

/// See [`std::sync::mpsc::Receiver`].
#[derive(Debug)]
pub struct Receiver<T> {
    inner: mpsc::Receiver<T>,
    explored: Option<Receiving<T>>,
}

/// See [`std::sync::mpsc::channel`].
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let (sender, receiver) = mpsc::channel();
    let (sending, receiving) = channel::channel(None).unzip();
    let sender = Sender { inner: sender, explored: sending };
    (sender, Receiver { inner: receiver, explored: receiving })
}

/// See [`std::sync::mpsc::sync_channel`].
pub fn sync_channel<T>(bound: usize) -> (SyncSender<T>, Receiver<T>) {
    let (sender, receiver) = mpsc::sync_channel(bound);
    let (sending, receiving) = channel::channel(Some(bound)).unzip();
    let sender = SyncSender { inner: sender, explored: sending };
    (sender, Receiver { inner: receiver, explored: receiving })
}

impl<T> Sender<T> {
    /// See [`std::sync::mpsc::Sender::send`].
    #[track_caller]
    pub fn send(&self, message: T) -> Result<(), SendError<T>> {
        match &self.explored {
            None => self.inner.send(message),
            Some(explored) => explored.send(message, Location::caller()).map_err(SendError),
        }
    }
}

impl<T> SyncSender<T> {
    /// See [`std::sync::mpsc::SyncSender::send`].
    #[track_caller]
    pub fn send(&self, message: T) -> Result<(), SendError<T>> {
        match &self.explored {
            None => self.inner.send(message),
            Some(explored) => explored.send(message, Location::caller()).map_err(SendError),
        }
    }

    /// See [`std::sync::mpsc::SyncSender::try_send`].
    #[track_caller]
    pub fn try_send(&self, message: T) -> Result<(), TrySendError<T>> {
        let Some(explored) = &self.explored else { return self.inner.try_send(message) };
        explored.try_send(message, Location::caller()).map_err(|(attempt, message)| match attempt {
            Attempt::Disconnected => TrySendError::Disconnected(message),
            _ => TrySendError::Full(message),
        })
    }
}

impl<T> Receiver<T> {
    /// See [`std::sync::mpsc::Receiver::recv`].
    #[track_caller]
    pub fn recv(&self) -> Result<T, RecvError> {
        match &self.explored {
            None => self.inner.recv(),
            Some(explored) => explored.receive(false, Location::caller()).map_err(|_| RecvError),
        }
    }

    /// See [`std::sync::mpsc::Receiver::try_recv`].
    #[track_caller]
    pub fn try_recv(&self) -> Result<T, TryRecvError> {
        let Some(explored) = &self.explored else { return self.inner.try_recv() };
        explored.try_receive(Location::caller()).map_err(|attempt| match attempt {
            Attempt::Disconnected => TryRecvError::Disconnected,
            _ => TryRecvError::Empty,
        })
    }

    /// See [`std::sync::mpsc::Receiver::recv_timeout`]. In the explorer, it times out when no
    /// thread can take a step, and once per thread at any moment before that.
    #[track_caller]
    pub fn recv_timeout(&self, timeout: Duration) -> Result<T, RecvTimeoutError> {
        let Some(explored) = &self.explored else { return self.inner.recv_timeout(timeout) };
        explored.receive(true, Location::caller()).map_err(|attempt| match attempt {
            Attempt::Disconnected => RecvTimeoutError::Disconnected,
            _ => RecvTimeoutError::Timeout,
        })
    }

    /// See [`std::sync::mpsc::Receiver::iter`].
    pub fn iter(&self) -> Iter<'_, T> {
        Iter(self)
    }

    /// See [`std::sync::mpsc::Receiver::try_iter`].
    pub fn try_iter(&self) -> TryIter<'_, T> {
        TryIter(self)
    }
}

/// See [`std::sync::mpsc::Iter`].
#[derive(Debug)]
pub struct Iter<'a, T>(&'a Receiver<T>);

/// See [`std::sync::mpsc::TryIter`].
#[derive(Debug)]
pub struct TryIter<'a, T>(&'a Receiver<T>);

/// See [`std::sync::mpsc::IntoIter`].
#[derive(Debug)]
pub struct IntoIter<T>(Receiver<T>);

impl<T> Iterator for Iter<'_, T> {
    type Item = T;

    #[track_caller]
    fn next(&mut self) -> Option<T> {
        self.0.recv().ok()
    }
}

impl<T> Iterator for TryIter<'_, T> {
    type Item = T;

    #[track_caller]
    fn next(&mut self) -> Option<T> {
        self.0.try_recv().ok()
    }
}

impl<T> Iterator for IntoIter<T> {
    type Item = T;

    #[track_caller]
    fn next(&mut self) -> Option<T> {
        self.0.recv().ok()
    }
}

impl<'a, T> IntoIterator for &'a Receiver<T> {
    type Item = T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

impl<T> IntoIterator for Receiver<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    fn into_iter(self) -> IntoIter<T> {
        IntoIter(self)
    }
}

// A derived `Clone` would ask for `T: Clone`.
impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), explored: self.explored.clone() }
    }
}

impl<T> Clone for SyncSender<T> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), explored: self.explored.clone() }
    }
}
