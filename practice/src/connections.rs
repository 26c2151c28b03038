//! Accepts and serves connections; limits how many there are, and how long each may be idle or stalled.

use crate::limits::{
    DISCARD_TIMEOUT, IDLE_TIMEOUT, LEAVE_TIMEOUT, MAX_HEAD_BYTES, MAX_READ_AHEAD,
    READ_AHEAD_TIMEOUT, WRITE_TIMEOUT,
};
use crate::live::{self, View};
use crate::network::Connection;
use crate::route;
use crate::state::State;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::cell::Cell;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutWriter;

/// Delay after a failed `accept`, for example because the process has reached its limit on open
/// files.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(100);

/// Accepts connections forever and serves each one in a task of its own.
///
/// Once `max()` connections are open, new ones wait in the system's queue until one ends.
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
        let (connection, from) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                if !is_of_one_connection(&error) {
                    sleep(ACCEPT_RETRY_DELAY).await;
                }
                continue;
            }
        };
        // Disables Nagle's algorithm, which holds back small packets and would look like a higher
        // latency.
        drop(connection.set_nodelay(true));
        connections.spawn(serve(connection, from, Arc::clone(state), Arc::clone(view)));
    }
}

/// Whether an `accept` failed only because this client has already left.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Serves one connection to its end.
async fn serve(
    stream: impl AsyncRead + AsyncWrite + Send,
    from: SocketAddr,
    state: Arc<State>,
    view: Arc<View>,
) {
    let is_counted = Cell::new(false);
    // Before the service, so that it is dropped after it: then all requests have finished.
    let _closing = Closing { state: Arc::clone(&state), from };
    let connection = Arc::new(Connection::new());
    let service = service_fn(move |request| {
        let (state, view) = (Arc::clone(&state), Arc::clone(&view));
        let connection = Arc::clone(&connection);
        let refusal = route::refusal(&request);
        let is_for_view = state.steps.is_none() && live::is_for_view(&request);
        if refusal.is_none() && !is_for_view && !is_counted.replace(true) {
            state.records().connections += 1;
        }
        async move {
            Ok::<_, Infallible>(match refusal {
                Some(refusal) => refusal,
                None if is_for_view => live::respond(&view, from, request).await,
                None => route::respond(state, from, connection, request).await,
            })
        }
    });

    let (mut reader, writer) = tokio::io::split(stream);
    let mut writer = TimeoutWriter::new(writer);
    writer.set_timeout(Some(WRITE_TIMEOUT));
    let (received, read_ahead) = tokio::io::simplex(MAX_READ_AHEAD);
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE_TIMEOUT)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(Box::pin(tokio::io::join(received, writer))), service);
    let ended = tokio::select! {
        ended = served => ended,
        () = left(&mut reader, read_ahead) => return,
    };
    // After any error but a parse error, the connection is closed immediately: the client got no
    // response, or only a part of one.
    if ended.is_err_and(|error| !error.is_parse()) {
        return;
    }
    let _ = timeout(DISCARD_TIMEOUT, tokio::io::copy(&mut reader, &mut tokio::io::sink())).await;
}

/// Records the end of a connection when it is dropped.
struct Closing {
    state: Arc<State>,
    from: SocketAddr,
}

impl Drop for Closing {
    fn drop(&mut self) {
        self.state.records().closed(self.from);
    }
}

/// Passes on the client's bytes. Ends when the client has left, or has sent too much ahead.
///
/// Hyper alone wouldn't notice that the client leaves: once it has received the next request, it
/// stops reading until the current one is served.
async fn left(reader: impl AsyncRead + Unpin, read_ahead: impl AsyncWrite) {
    let mut reader = BufReader::with_capacity(1 << 10, reader);
    let mut read_ahead = TimeoutWriter::new(read_ahead);
    read_ahead.set_timeout(Some(READ_AHEAD_TIMEOUT));
    tokio::pin!(read_ahead);
    if tokio::io::copy_buf(&mut reader, &mut read_ahead).await.is_ok() {
        let _ = read_ahead.shutdown().await;
        sleep(LEAVE_TIMEOUT).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::{Gate, GateState};
    use crate::limits::BODY_TIMEOUT;
    use crate::settings::Settings;
    use std::net::Ipv4Addr;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
    use tokio::net::TcpStream;
    use tokio::task::JoinHandle;
    use tokio::time::{Instant, timeout};

    const HERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 1);

    fn state() -> (Arc<State>, Arc<View>) {
        state_of(&Settings { latency: Duration::ZERO, link_rate: None, ..Settings::default() })
    }

    fn state_of(settings: &Settings) -> (Arc<State>, Arc<View>) {
        let state = State::new(settings, HERE);
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

    /// Whether any bytes arrive within a minute.
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
        // The silent watcher's buffer fills up, and then the write timeout passes.
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

    /// Waits until this number of requests is in flight.
    async fn in_flight(state: &State, expected: usize) {
        let arrived = async {
            while state.records().observed().in_flight != expected {
                sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(Duration::from_mins(1), arrived)
            .await
            .expect("the expected number of requests is in flight");
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_leaves_is_not_in_flight_and_opens_no_gate() {
        let (state, view) = state();
        state.gate.set(Some(Gate { requests: 2, timeout: Duration::from_hours(1) }), 0);
        let image = get(&format!("/{}.png", state.album.ids()[0]));
        for behind in [Vec::new(), image.clone(), b"x".to_vec(), image.repeat(1_000)] {
            let (mut client, connection) = connect(&state, &view);
            client.write_all(&image).await.unwrap();
            in_flight(&state, 1).await;
            // Sends as many of the bytes behind the held request as the server accepts.
            let _ = timeout(Duration::from_secs(1), client.write_all(&behind)).await;
            drop(client);
            timeout(Duration::from_secs(10), connection).await.expect("it ends").unwrap();
            assert_eq!(state.records().observed().in_flight, 0, "{} behind it", behind.len());
        }
        let (mut client, _connection) = connect(&state, &view);
        client.write_all(&image).await.unwrap();
        in_flight(&state, 1).await;
        assert!(matches!(state.gate.state(), GateState::Closed(_)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_run_that_waits_for_the_start_gets_a_byte_each_second() {
        let (state, view) = state();
        state.gate.wait_for_start(None);
        let (mut client, _connection) = connect(&state, &view);
        let started = Instant::now();
        client.write_all(&get(&format!("/3/album/{}/images", crate::ALBUM))).await.unwrap();
        let (mut text, mut bytes) = (String::new(), [0; 4096]);
        // The chunked coding: its length, then a space.
        while !text.ends_with(&"1\r\n \r\n".repeat(100)) {
            let read = client.read(&mut bytes).await.unwrap();
            text += str::from_utf8(&bytes[..read]).unwrap();
        }
        assert_eq!(started.elapsed().as_secs(), 100);
        state.gate.set(None, 0);
        while !text.ends_with("0\r\n\r\n") {
            let read = client.read(&mut bytes).await.unwrap();
            text += str::from_utf8(&bytes[..read]).unwrap();
        }
        assert!(text.contains(&state.album.ids()[0]), "{text}");
    }

    #[tokio::test(start_paused = true)]
    async fn requests_in_advance_are_served_in_order() {
        let (state, view) = state();
        let (mut client, _connection) = connect(&state, &view);
        client.write_all(&get("/3/credits").repeat(3)).await.unwrap();
        let mut all = String::new();
        while all.matches("ClientRemaining").count() < 3 {
            let mut bytes = [0; 4096];
            let read = timeout(Duration::from_mins(1), client.read(&mut bytes)).await;
            all += std::str::from_utf8(&bytes[..read.unwrap().unwrap()]).unwrap();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_response_to_what_is_not_read_arrives() {
        let (state, view) = state();
        let long = "x".repeat(1 << 20);
        let longer = "x".repeat(MAX_HEAD_BYTES);
        for (request, expected) in [
            (format!("GET / HTTP/1.1\r\nHost: {longer}\r\n\r\n"), "HTTP/1.1 431"),
            (format!("GET / HTTP/1.1\r\nHost: {long}\r\n\r\n"), "HTTP/1.1 431"),
            (
                format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "A: x\r\n".repeat(101)),
                "HTTP/1.1 431",
            ),
            (
                format!(
                    "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: {0}\r\n\r\n{long}",
                    long.len()
                ),
                "HTTP/1.1 405",
            ),
        ] {
            let (mut client, _connection) = connect(&state, &view);
            let sent = timeout(Duration::from_secs(1), client.write_all(request.as_bytes())).await;
            sent.expect("the server reads on").unwrap();
            let mut response = Vec::new();
            let _ = client.read_to_end(&mut response).await.unwrap();
            assert_eq!(str::from_utf8(&response[..12]).unwrap(), expected);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_breaks_off_closes_the_connection_at_once() {
        let (state, view) = state();
        let (mut client, _connection) = connect(&state, &view);
        client.write_all(&get("/trouble/cut-short.png")).await.unwrap();
        let started = Instant::now();
        let read = client.read_to_end(&mut Vec::new()).await.unwrap();
        assert!(read > 1_000 && started.elapsed() < DISCARD_TIMEOUT, "{:?}", started.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_arrive_is_given_up() {
        let (state, view) = state();
        for path in ["answer", "controls", "progress", "vote"] {
            let (mut client, _connection) = connect(&state, &view);
            let request = format!(
                "POST /live/{path} HTTP/1.1\r\nHost: localhost\r\nX-Practice-Token: \r\n\
                 Content-Length: 9\r\n\r\n{{"
            );
            client.write_all(request.as_bytes()).await.unwrap();
            let mut status = [0; 12];
            let read = timeout(2 * BODY_TIMEOUT, client.read_exact(&mut status)).await;
            let _ = read.expect("there is a response").unwrap();
            assert_eq!(&status, b"HTTP/1.1 400", "{path}");
        }
    }

    const LATENCY: Duration = Duration::from_millis(100);

    /// Requests an image, and returns the response and the number of latencies it took to arrive.
    async fn fetch(client: &mut DuplexStream, name: &str, length: usize) -> (Vec<u8>, u32) {
        let started = Instant::now();
        client.write_all(&get(&format!("/{name}"))).await.unwrap();
        let (mut response, mut bytes) = (Vec::new(), [0; 4096]);
        while response.len() < length {
            let read = timeout(Duration::from_mins(1), client.read(&mut bytes)).await;
            response.extend_from_slice(&bytes[..read.unwrap().unwrap()]);
        }
        (response, (started.elapsed().as_secs_f64() / LATENCY.as_secs_f64()).round() as u32)
    }

    #[tokio::test(start_paused = true)]
    async fn only_a_new_connection_pays_for_handshake_and_slow_start() {
        for (handshake, slow_start) in [(0, false), (2, false), (0, true), (2, true)] {
            let (state, view) = state_of(&Settings {
                latency: LATENCY,
                link_rate: None,
                handshake,
                slow_start,
                ..Settings::default()
            });
            let (name, length) = largest(&state);
            // 14,600 × (2⁶ - 1) bytes need six windows.
            assert!((452_600..919_800).contains(&length), "{length}");
            let slow = if slow_start { 5 } else { 0 };
            for _ in 0..2 {
                let (mut client, _connection) = connect(&state, &view);
                for expected in [1 + handshake + slow, 1, 1] {
                    let (_, latencies) = fetch(&mut client, &name, length).await;
                    assert_eq!(latencies, expected, "{handshake}, {slow_start}");
                }
            }
        }
    }

    /// The name and the bytes of the album's largest image.
    fn largest(state: &State) -> (String, usize) {
        let names = state.album.ids().iter().map(|id| format!("{id}.png"));
        let sizes = names.map(|name| (state.album.file(&name).unwrap().len(), name));
        let (length, name) = sizes.max().unwrap();
        (name, length)
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_travels_like_any_other_response() {
        for (limit, failure_rate, status) in [(Some(0), 0, "429"), (None, 100, "503")] {
            let (state, view) =
                state_of(&Settings { latency: LATENCY, limit, ..Settings::default() });
            state.rules.send_modify(|rules| rules.failure_rate = failure_rate);
            let (mut client, _connection) = connect(&state, &view);
            let (name, _) = largest(&state);
            let (response, latencies) = fetch(&mut client, &name, 1).await;
            assert_eq!((str::from_utf8(&response[9..12]).unwrap(), latencies), (status, 1));
        }
    }

    #[test]
    fn only_an_accept_that_finds_nothing_left_pauses() {
        use io::ErrorKind::{ConnectionAborted, Other, OutOfMemory};
        for (kind, is_of_one) in [(ConnectionAborted, true), (OutOfMemory, false), (Other, false)] {
            assert_eq!(is_of_one_connection(&kind.into()), is_of_one, "{kind}");
        }
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
