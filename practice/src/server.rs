//! A running server, on a thread of its own.

use crate::connections;
use crate::keep::Keep;
use crate::limits::max_connections;
use crate::live::View;
use crate::observe::Observed;
use crate::settings::Settings;
use crate::state::State;
use crate::steps::{Held, Release, Steps};
use bytes::Bytes;
use std::future::pending;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::{io, thread};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

/// A running practice server. Dropping it stops the server.
pub struct Server {
    state: Arc<State>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a server on a thread of its own.
    ///
    /// # Errors
    ///
    /// Returns an error if it cannot listen on the address or use the folder, or if no thread can be
    /// started.
    pub fn start(settings: &Settings) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(settings.listen).map_err(|error| {
            io::Error::new(error.kind(), format!("cannot listen on {}: {error}", settings.listen))
        })?;
        listener.set_nonblocking(true)?;
        let state = State::new(settings, listener.local_addr()?);
        let keep = settings.keep.as_deref().map(Keep::open).transpose()?;
        if let Some(keep) = &keep {
            keep.load(&state)?;
        }
        let (stop, stopped) = oneshot::channel();
        let shared = Arc::clone(&state);
        let thread = thread::Builder::new()
            .name("practice-server".into())
            .spawn(move || run(listener, &shared, keep.as_ref(), stopped))?;
        Ok(Self { state, stop: Some(stop), thread: Some(thread) })
    }

    /// The address that the server listens on.
    pub fn address(&self) -> SocketAddr {
        self.state.address
    }

    /// [`address`](Self::address), or one that other machines can reach if the server listens on all
    /// addresses.
    pub fn reachable(&self) -> SocketAddr {
        self.state.reachable
    }

    /// The value for `IMGUR_API_URL`, such as `http://127.0.0.1:8080/3`.
    pub fn api_url(&self) -> String {
        format!("http://{}/3", self.reachable())
    }

    /// Blocks until a page follows the live view, or returns at once if one has.
    pub fn wait_for_watcher(&self) {
        self.state.watched.wait();
    }

    /// Opens the gate, if it is closed.
    pub fn open_gate(&self) {
        self.state.gate.open();
    }

    /// The image requests that are held, oldest first. None unless the server is
    /// [judged](Settings::judged).
    pub fn held(&self) -> Vec<Held> {
        self.state.steps.as_ref().map_or_else(Vec::new, Steps::held)
    }

    /// Responds to the held request with this id. Returns false if there is none.
    pub fn release(&self, id: usize, release: Release) -> bool {
        self.state.steps.as_ref().is_some_and(|steps| steps.release(id, release))
    }

    /// Responds to all requests that are held, and to all further ones as soon as they arrive.
    pub fn release_all(&self, release: Release) {
        if let Some(steps) = &self.state.steps {
            steps.release_all(release);
        }
    }

    /// The file names of the practice album's images, in the album's order. The path of an image is
    /// `/NAME`.
    pub fn names(&self) -> Vec<String> {
        self.state.album.ids().iter().map(|id| format!("{id}.png")).collect()
    }

    /// The bytes of an image of the practice album, by its file name.
    pub fn file(&self, name: &str) -> Option<Bytes> {
        self.state.album.file(name)
    }

    /// The time since the start of the server, as in [`LoggedRequest`](crate::LoggedRequest).
    pub fn now(&self) -> std::time::Duration {
        self.state.records().now()
    }

    /// Requests in flight at this moment. Cheaper than [`observed`](Self::observed), which copies the
    /// log.
    pub fn in_flight(&self) -> usize {
        self.state.records().in_flight()
    }

    /// What the server has observed up to now.
    pub fn observed(&self) -> Observed {
        self.state.records().observed()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // Ignores a panic of the server thread.
            drop(thread.join());
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn run(
    listener: std::net::TcpListener,
    state: &Arc<State>,
    keep: Option<&Keep>,
    stop: oneshot::Receiver<()>,
) {
    let listener = TcpListener::from_std(listener).expect("the listener does not block");
    let view = View::new(Arc::clone(state));
    let mut connections = JoinSet::new();
    tokio::select! {
        () = view.send_frames() => {}
        () = save_changes(keep, state) => {}
        () = connections::accept(&listener, &mut connections, max_connections, state, &view) => {}
        _ = stop => {}
    }
    view.send_last_frame().await;
    if let Some(keep) = keep {
        keep.save(state);
    }
}

/// Saves what has changed, forever.
async fn save_changes(keep: Option<&Keep>, state: &State) {
    match keep {
        Some(keep) => keep.save_changes(state).await,
        None => pending().await,
    }
}
