//! Accepts connections, and limits their number and how long they block.

use crate::limits::{IDLE_TIMEOUT, WRITE_TIMEOUT};
use crate::live::{self, View};
use crate::route;
use crate::state::State;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::cell::Cell;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_io_timeout::TimeoutStream;

/// Pause after a failed `accept`, such as one for which there is no open file left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Accepts connections for ever and serves each one in a task of its own.
///
/// When there are `max()` of them, new ones wait in the system's queue until one ends.
pub async fn accept(
    listener: &TcpListener,
    connections: &mut JoinSet<()>,
    max: impl Fn() -> usize,
    state: &Arc<State>,
    view: &Arc<View>,
) {
    loop {
        while connections.try_join_next().is_some() {}
        while connections.len() >= max() {
            drop(connections.join_next().await);
        }
        let Ok((connection, from)) = listener.accept().await else {
            sleep(ACCEPT_PAUSE).await;
            continue;
        };
        // Otherwise small packets wait for each other, as if there were more latency.
        drop(connection.set_nodelay(true));
        connections.spawn(serve(connection, from, Arc::clone(state), Arc::clone(view)));
    }
}

/// Serves one connection to its end.
async fn serve(
    connection: impl AsyncRead + AsyncWrite + Send,
    from: SocketAddr,
    state: Arc<State>,
    view: Arc<View>,
) {
    let mut connection = TimeoutStream::new(connection);
    connection.set_write_timeout(Some(WRITE_TIMEOUT));
    let is_counted = Cell::new(false);
    let service = service_fn(move |request| {
        let (state, view) = (Arc::clone(&state), Arc::clone(&view));
        let is_for_view = live::is_for_view(&request);
        if !is_for_view && !is_counted.replace(true) {
            state.records().connections += 1;
        }
        async move {
            Ok::<_, Infallible>(if is_for_view {
                live::respond(&view, from, request).await
            } else {
                route::respond(state, from, request).await
            })
        }
    });
    // The client sees an error on its side.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE_TIMEOUT)
        .serve_connection(TokioIo::new(Box::pin(connection)), service)
        .await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;
    use std::net::Ipv4Addr;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
    use tokio::net::TcpStream;
    use tokio::task::JoinHandle;
    use tokio::time::{Instant, timeout};

    const HERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 1);

    fn state() -> (Arc<State>, Arc<View>) {
        let settings = Settings { latency: Duration::ZERO, link_rate: None, ..Settings::default() };
        let state = State::new(&settings, HERE);
        let view = View::new(Arc::clone(&state));
        (state, view)
    }

    /// The client's end of a connection whose buffer holds 1 KiB.
    fn connect(state: &Arc<State>, view: &Arc<View>) -> (DuplexStream, JoinHandle<()>) {
        let (client, server) = tokio::io::duplex(1 << 10);
        (client, tokio::spawn(serve(server, HERE, Arc::clone(state), Arc::clone(view))))
    }

    fn get(path: &str) -> Vec<u8> {
        format!("GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Client-ID x\r\n\r\n").into()
    }

    /// Reads something; the bound makes a missing response a failure.
    async fn reads(client: &mut (impl AsyncRead + Unpin)) -> bool {
        let mut bytes = [0; 4096];
        let read = timeout(Duration::from_mins(1), client.read(&mut bytes)).await;
        read.is_ok_and(|read| read.is_ok_and(|read| read > 0))
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_stops_reading_is_dropped() {
        let (state, view) = state();
        for path in ["/live/page.js", &format!("/{}.png", state.album.ids()[0])] {
            let (mut client, connection) = connect(&state, &view);
            let started = Instant::now();
            client.write_all(&get(path)).await.unwrap();
            timeout(2 * WRITE_TIMEOUT, connection).await.expect(path).unwrap();
            assert!(started.elapsed() >= WRITE_TIMEOUT, "{path}");
        }
        assert_eq!(state.records().observed().in_flight, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_watcher_that_does_not_read_is_dropped_and_others_get_all_frames() {
        let (state, view) = state();
        let frames = Arc::clone(&view);
        tokio::spawn(async move { frames.send_frames().await });
        let (mut silent, dropped) = connect(&state, &view);
        silent.write_all(&get("/live/events")).await.unwrap();
        let (mut reader, kept) = connect(&state, &view);
        reader.write_all(&get("/live/events")).await.unwrap();
        // The buffer of the silent one fills, and the write timeout passes.
        let started = Instant::now();
        while !dropped.is_finished() {
            assert!(reads(&mut reader).await);
            assert!(started.elapsed() < 2 * WRITE_TIMEOUT, "it is never dropped");
        }
        assert!(reads(&mut reader).await && !kept.is_finished());
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_reads_slowly_is_served() {
        let (state, view) = state();
        let (mut client, connection) = connect(&state, &view);
        let name = format!("/{}.png", state.album.ids()[0]);
        let length = state.album.file(&name[1..]).unwrap().len();
        client.write_all(&get(&name)).await.unwrap();
        let (mut read, mut chunk) = (0, [0; 1 << 10]);
        while read < length {
            sleep(WRITE_TIMEOUT / 2).await;
            let bytes = client.read(&mut chunk).await.unwrap();
            assert!(bytes > 0, "dropped after {read} bytes");
            read += bytes;
        }
        assert!(!connection.is_finished());
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_connection_outlives_the_write_timeout_but_not_the_idle_timeout() {
        let (state, view) = state();
        let (mut client, connection) = connect(&state, &view);
        for _ in 0..2 {
            sleep(2 * WRITE_TIMEOUT).await;
            client.write_all(&get("/3/credits")).await.unwrap();
            assert!(reads(&mut client).await);
        }
        timeout(2 * IDLE_TIMEOUT, connection).await.expect("it is closed").unwrap();
    }

    #[tokio::test]
    async fn a_connection_above_the_limit_waits_until_another_ends() {
        let (state, view) = state();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let accepting = Arc::clone(&state);
        let server = tokio::spawn(async move {
            accept(&listener, &mut JoinSet::new(), || 2, &accepting, &view).await;
        });
        let mut clients = Vec::new();
        for _ in 0..3 {
            let mut client = TcpStream::connect(address).await.unwrap();
            client.write_all(&get("/3/credits")).await.unwrap();
            clients.push(client);
        }
        let mut waiting = clients.pop().unwrap();
        for client in &mut clients {
            assert!(reads(client).await);
            for _ in 0..10 {
                client.write_all(&get("/3/credits")).await.unwrap();
                assert!(reads(client).await);
            }
        }
        assert_eq!(state.records().observed().connections, 2);
        drop(clients.pop());
        assert!(reads(&mut waiting).await);
        assert_eq!(state.records().observed().connections, 3);
        server.abort();
    }
}
