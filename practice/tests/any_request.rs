//! The server keeps serving other clients, whatever bytes one client sends.

use practice::{ALBUM, Server, Settings};
use proptest::prelude::*;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::LazyLock;
use std::time::Duration;

static SERVER: LazyLock<Server> = LazyLock::new(|| {
    let settings = Settings { latency: Duration::ZERO, link_rate: None, ..Settings::default() };
    Server::start(&settings).unwrap()
});

/// Sends the bytes and returns the beginning of the response. With `hang_up` it then closes its sending
/// side, so that the server does not wait for the rest of an incomplete request.
fn send(bytes: &[u8], hang_up: bool) -> Vec<u8> {
    let mut connection = TcpStream::connect(SERVER.address()).unwrap();
    connection.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    // The server may hang up before it has read all bytes.
    let _ = connection.write_all(bytes);
    if hang_up {
        let _ = connection.shutdown(Shutdown::Write);
    }
    let mut response = Vec::new();
    let _ = connection.take(1 << 20).read_to_end(&mut response);
    response
}

/// Almost a request: each part is either plausible or arbitrary.
fn request() -> impl Strategy<Value = Vec<u8>> {
    let method = "GET|HEAD|POST|OPTIONS|[A-Z]{0,9}|.{0,9}";
    let path = "/3/album/(PdA9Amq|trouble|[a-z]{0,4})(/images)?|/trouble/.{0,9}|/live/(events|controls|vote|answer|join.svg|x)|/(start|join)?|/book/.{0,9}|.{0,40}";
    let version = "HTTP/1\\.[01]|HTTP/[0-9]|.{0,9}";
    let name = "host|authorization|user-agent|content-length|transfer-encoding|x-practice-token|forwarded|[a-zA-Z-]{0,12}|.{0,5}";
    let value = "127\\.0\\.0\\.1|Client-ID x|chunked|[0-9]{0,20}|x/1 \\(name=[%A-F0-9]{0,20}; run=[0-9]{0,5}\\)|.{0,60}";
    let headers = prop::collection::vec((name, value), 0..8);
    (method, path, version, headers, any::<Vec<u8>>()).prop_map(|parts| {
        let (method, path, version, headers, body) = parts;
        let mut bytes = format!("{method} {path} {version}\r\n").into_bytes();
        for (name, value) in headers {
            bytes.extend(format!("{name}: {value}\r\n").into_bytes());
        }
        bytes.extend(b"Connection: close\r\n\r\n");
        bytes.extend(body);
        bytes
    })
}

proptest! {
    #[test]
    fn the_server_goes_on_after_any_request(bytes in prop_oneof![request(), any::<Vec<u8>>()]) {
        drop(send(&bytes, true));
        let album = format!(
            "GET /3/album/{ALBUM}/images HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
             Authorization: Client-ID x\r\n\r\n"
        );
        prop_assert!(send(album.as_bytes(), false).starts_with(b"HTTP/1.1 200 OK\r\n"));
    }
}
