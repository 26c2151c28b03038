//! Holds each image request until its own response is chosen: the stepped server of a judge.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// An image request that waits for [`Server::answer`](crate::Server::answer).
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

/// How a held request is responded to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The image.
    Image,
    /// The image, with this `Content-Length` if the request is a HEAD.
    Size(usize),
    /// This status, without a body.
    Status(u16),
    /// Status 429 with this `Retry-After`, in seconds.
    RetryAfter(u64),
    /// Half of the image, then a closed connection.
    CutShort,
    /// Half of the image; then the connection stays open and nothing more is sent.
    Silent,
    /// The image, 1,400 bytes every tenth of a second.
    Slow,
}

/// The held requests of a server.
#[derive(Default)]
pub struct Steps(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    held: BTreeMap<usize, (Held, oneshot::Sender<Answer>)>,
    /// The answer to all further requests.
    rest: Option<Answer>,
}

impl Steps {
    /// Holds a request until it is answered.
    pub async fn hold(&self, held: Held) -> Answer {
        let (sender, answer) = oneshot::channel();
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
        answer.await.unwrap_or(Answer::Status(503))
    }

    /// The held requests, oldest first.
    pub fn held(&self) -> Vec<Held> {
        self.inner().held.values().map(|(held, _)| held.clone()).collect()
    }

    /// Answers one request. Returns false if it isn't held.
    pub fn answer(&self, id: usize, answer: Answer) -> bool {
        let held = self.inner().held.remove(&id);
        held.is_some_and(|(_, sender)| sender.send(answer).is_ok())
    }

    /// Answers all requests that are held, and all further ones.
    pub fn answer_all(&self, answer: Answer) {
        let mut inner = self.inner();
        inner.rest = Some(answer);
        for (_, sender) in std::mem::take(&mut inner.held).into_values() {
            // It fails if the client has left.
            let _ = sender.send(answer);
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
    async fn one_request_is_answered_and_the_others_wait() {
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
        assert!(steps.answer(1, Answer::Slow) && !steps.answer(1, Answer::Slow));
        assert_eq!(steps.held(), [held(0), held(2)]);
        steps.answer_all(Answer::Status(404));
        let mut answers = Vec::new();
        for request in all {
            answers.push(request.await.unwrap());
        }
        assert_eq!(answers, [Answer::Status(404), Answer::Slow, Answer::Status(404)]);
        assert_eq!(steps.hold(held(3)).await, Answer::Status(404));
    }

    #[tokio::test]
    async fn a_client_that_leaves_is_not_held() {
        let steps = Steps::default();
        tokio::select! {
            biased;
            _ = steps.hold(held(0)) => unreachable!("nobody answers"),
            () = async { assert_eq!(steps.held(), [held(0)]) } => {}
        }
        assert_eq!(steps.held(), []);
    }
}
