//! Holds each image request until its own response is chosen: the stepped server of a judge.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// An image request that waits for [`Server::release`](crate::Server::release).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Later requests have greater ids.
    pub id: usize,
    /// The file name of the image.
    pub name: String,
    /// Whether the method is HEAD.
    pub is_head: bool,
    /// The client's end of the connection.
    pub from: SocketAddr,
}

/// The response to a held request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// The image.
    Image,
    /// The image, with this `Content-Length` if the request is a HEAD.
    Size(usize),
    /// The headers and half of the image. Then the connection is closed.
    CutShort,
    /// This status, without a body.
    Status(u16),
    /// Status 429 with this `Retry-After`, in seconds.
    RetryAfter(u64),
}

/// The held requests of a server.
#[derive(Default)]
pub struct Steps(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    held: BTreeMap<usize, (Held, oneshot::Sender<Release>)>,
    /// The response to all further requests.
    rest: Option<Release>,
}

impl Steps {
    /// Holds a request until it is released.
    pub async fn hold(&self, held: Held) -> Release {
        let (sender, release) = oneshot::channel();
        let id = held.id;
        {
            let mut inner = self.inner();
            if let Some(rest) = inner.rest {
                return rest;
            }
            inner.held.insert(id, (held, sender));
        }
        // The client may leave, and then this future is dropped.
        let _left = Left(self, id);
        release.await.unwrap_or(Release::Status(503))
    }

    /// The held requests, oldest first.
    pub fn held(&self) -> Vec<Held> {
        self.inner().held.values().map(|(held, _)| held.clone()).collect()
    }

    /// Releases one request. Returns false if it isn't held.
    pub fn release(&self, id: usize, release: Release) -> bool {
        let held = self.inner().held.remove(&id);
        held.is_some_and(|(_, sender)| sender.send(release).is_ok())
    }

    /// Releases all requests that are held, and all further ones.
    pub fn release_all(&self, release: Release) {
        let mut inner = self.inner();
        inner.rest = Some(release);
        for (_, sender) in std::mem::take(&mut inner.held).into_values() {
            // It fails if the client has left.
            let _ = sender.send(release);
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes a request whose client has left.
struct Left<'a>(&'a Steps, usize);

impl Drop for Left<'_> {
    fn drop(&mut self) {
        drop(self.0.inner().held.remove(&self.1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tokio::task::yield_now;

    fn held(id: usize) -> Held {
        let from = (std::net::Ipv4Addr::LOCALHOST, 1).into();
        Held { id, name: format!("{id}.png"), is_head: false, from }
    }

    #[tokio::test]
    async fn one_request_is_released_and_the_others_wait() {
        let steps = Arc::new(Steps::default());
        let all: Vec<_> = (0..3)
            .map(|id| {
                let steps = Arc::clone(&steps);
                tokio::spawn(async move { steps.hold(held(id)).await })
            })
            .collect();
        while steps.held().len() < 3 {
            yield_now().await;
        }
        assert!(steps.release(1, Release::Image) && !steps.release(1, Release::Image));
        assert_eq!(steps.held(), [held(0), held(2)]);
        steps.release_all(Release::Status(404));
        let mut released = Vec::new();
        for request in all {
            released.push(request.await.unwrap());
        }
        assert_eq!(released, [Release::Status(404), Release::Image, Release::Status(404)]);
        assert_eq!(steps.hold(held(3)).await, Release::Status(404));
    }

    #[tokio::test]
    async fn a_client_that_leaves_is_not_held() {
        let steps = Steps::default();
        tokio::select! {
            biased;
            _ = steps.hold(held(0)) => unreachable!("it is not released"),
            () = async { assert_eq!(steps.held(), [held(0)]) } => {}
        }
        assert_eq!(steps.held(), []);
    }
}
