//! A server that plays Imgur, and sends the given responses byte for byte.

use crate::response::{End, Response};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;

/// The path of the only album that a stub has.
const ALBUM: &str = "/3/album/PdA9Amq/images";

/// A request that a stub has received.
#[derive(Clone, Debug)]
pub struct Request {
    /// Path and query.
    pub target: String,
    /// Request line and headers.
    pub headers: String,
}

/// A server that plays Imgur until the test process ends.
pub struct Stub {
    scheme: &'static str,
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    /// For each path, the response to the first request, to the second, and so on. The last one
    /// is repeated.
    responses: Mutex<HashMap<String, Vec<Response>>>,
    requests: Mutex<Vec<Request>>,
    request_arrived: Condvar,
}

impl Stub {
    /// Starts a server whose album is empty. All other paths get a 404.
    pub fn start() -> Self {
        Self::start_with("http", |connection| connection)
    }

    /// Starts a server whose album lists these images, and that has these responses for each.
    pub fn with_images<'a>(images: impl IntoIterator<Item = (&'a str, Vec<Response>)>) -> Self {
        let stub = Self::start();
        let images: Vec<_> = images.into_iter().collect();
        let list = images.iter().map(|(name, _)| album_entry(&stub.link(name), None));
        stub.set_album(&list.collect());
        for (name, responses) in images {
            stub.respond(&format!("/{name}"), responses);
        }
        stub
    }

    /// Starts an HTTPS server. Also returns its self-signed certificate, in PEM.
    pub fn start_tls() -> (Self, String) {
        let name = Ipv4Addr::LOCALHOST.to_string();
        let signed = rcgen::generate_simple_self_signed([name]).expect("a certificate");
        let key = rustls::pki_types::PrivateKeyDer::try_from(signed.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring supports them")
            .with_no_client_auth()
            .with_single_cert(vec![signed.cert.der().clone()], key.expect("a key"))
            .expect("the key belongs to the certificate");
        let config = Arc::new(config);
        let stub = Self::start_with("https", move |connection| {
            let session = rustls::ServerConnection::new(Arc::clone(&config)).expect("a session");
            rustls::StreamOwned::new(session, connection)
        });
        (stub, signed.cert.pem())
    }

    fn start_with<S: Read + Write>(
        scheme: &'static str,
        accept: impl Fn(TcpStream) -> S + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let stub = Self {
            scheme,
            address: listener.local_addr().expect("it is bound"),
            state: Arc::new(State {
                responses: Mutex::default(),
                requests: Mutex::default(),
                request_arrived: Condvar::new(),
            }),
        };
        let state = Arc::clone(&stub.state);
        let accept = Arc::new(accept);
        thread::spawn(move || {
            for connection in listener.incoming() {
                let (state, accept) = (Arc::clone(&state), Arc::clone(&accept));
                // An I/O error ends only this connection: clients may hang up at any time.
                thread::spawn(move || state.serve(accept(connection?)));
            }
        });
        stub.set_album(&json!([]));
        stub
    }

    /// Sets the images that the album lists.
    pub fn set_album(&self, images: &Value) {
        let body = json!({"data": images, "success": true, "status": 200}).to_string();
        self.respond_to_album(vec![Response::new(
            "200 OK",
            &["Content-Type: application/json"],
            body,
        )]);
    }

    /// Sets the responses to requests for the album.
    pub fn respond_to_album(&self, responses: Vec<Response>) {
        self.respond(ALBUM, responses);
    }

    /// Sets the responses to requests for a path, in order. The last one is repeated.
    pub fn respond(&self, path: &str, responses: Vec<Response>) {
        self.state.responses.lock().unwrap().insert(path.into(), responses);
    }

    /// The URL for `IMGUR_API_URL`.
    pub fn api_url(&self) -> String {
        format!("{}://{}/3", self.scheme, self.address)
    }

    /// The URL of an image.
    pub fn link(&self, name: &str) -> String {
        format!("{}://{}/{name}", self.scheme, self.address)
    }

    /// Address and port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// All requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.state.requests().clone()
    }

    /// The number of requests for a path.
    pub fn requests_for(&self, path: &str) -> usize {
        count(&self.state.requests(), |request| request.target == path)
    }

    /// The number of requests for the album.
    pub fn album_requests(&self) -> usize {
        self.requests_for(ALBUM)
    }

    /// The number of requests for anything but the album.
    pub fn image_requests(&self) -> usize {
        image_requests(&self.state.requests())
    }
}

impl State {
    fn requests(&self) -> MutexGuard<'_, Vec<Request>> {
        self.requests.lock().unwrap()
    }

    /// Serves one connection until it ends.
    fn serve(&self, connection: impl Read + Write) -> io::Result<()> {
        let mut connection = BufReader::new(connection);
        while let Some(headers) = read_headers(&mut connection)? {
            if headers.starts_with("CONNECT ") {
                // Plays the proxy and the server behind it on the same connection.
                connection.get_mut().write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
                continue;
            }
            let response = self.response_to(headers);
            connection.get_mut().write_all(&response.bytes)?;
            connection.get_mut().flush()?;
            match response.end {
                End::KeepAlive => {}
                End::Close => break,
                End::CloseAtNextRequest => {
                    read_headers(&mut connection)?;
                    break;
                }
                // Returns when the client closes the connection.
                End::Hang => drop(connection.fill_buf()?.len()),
            }
        }
        Ok(())
    }

    /// Records the request, and waits until its response may be sent.
    fn response_to(&self, headers: String) -> Response {
        let target = target(&headers).to_owned();
        let earlier = {
            let mut requests = self.requests();
            let earlier = count(&requests, |request| request.target == target);
            requests.push(Request { target: target.clone(), headers });
            self.request_arrived.notify_all();
            earlier
        };
        let path = target.split('?').next().unwrap_or_default();
        let response = {
            let responses = self.responses.lock().unwrap();
            let responses = responses.get(path);
            responses.and_then(|all| all.get(earlier).or(all.last())).cloned()
        };
        let response = response.unwrap_or_else(|| Response::new("404 Not Found", &[], "no"));
        let held = |requests: &mut Vec<Request>| image_requests(requests) < response.held_until;
        drop(self.request_arrived.wait_while(self.requests(), held).unwrap());
        response
    }
}

/// Reads a request line and headers, up to the empty line; `None` at the end of the connection.
fn read_headers(connection: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut headers = String::new();
    while !headers.ends_with("\r\n\r\n") {
        if connection.read_line(&mut headers)? == 0 {
            return Ok(None);
        }
    }
    Ok(Some(headers))
}

/// The path and query in the request line, which holds a whole URL if it is sent to a proxy.
fn target(headers: &str) -> &str {
    let target = headers.split(' ').nth(1).unwrap_or_default();
    let path = target.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    path.unwrap_or(target)
}

fn count(requests: &[Request], is_counted: impl Fn(&Request) -> bool) -> usize {
    requests.iter().filter(|request| is_counted(request)).count()
}

fn image_requests(requests: &[Request]) -> usize {
    count(requests, |request| request.target != ALBUM)
}

/// An image as the API lists it in an album.
pub fn album_entry(link: &str, size: Option<usize>) -> Value {
    json!({"id": "abcdefg", "link": link, "size": size, "animated": false})
}

/// `size` bytes that begin like a PNG file. The rest differs for each `seed`.
pub fn fake_image(seed: u8, size: usize) -> Vec<u8> {
    let noise = (0..size).map(|index| (index as u8).wrapping_mul(31) ^ seed);
    b"\x89PNG\r\n\x1a\n".iter().copied().chain(noise).take(size).collect()
}
