//! A server that answers byte for byte as it is told: also what no proper server would send.

use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;

/// The only album that a stub knows.
const ALBUM: &str = "/3/album/PdA9Amq/images";

/// An answer to one request.
#[derive(Clone, Debug)]
pub struct Answer {
    bytes: Vec<u8>,
    then: Then,
    /// How many images must have been asked for before it leaves.
    after: usize,
}

/// What comes after the bytes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// The next request on the same connection.
    Next,
    /// The connection is closed.
    Close,
    /// The next request is read, and the connection closed without an answer.
    Deaf,
    /// Nothing, until the client gives up.
    Silence,
}

impl Answer {
    /// A head with these lines, and a body with its length.
    pub fn new(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Self {
        let length = format!("Content-Length: {}", body.as_ref().len());
        let headers: Vec<&str> = headers.iter().copied().chain([&*length]).collect();
        Self::raw(status, &headers, body)
    }

    /// A head with these lines and no others, and a body.
    pub fn raw(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Self {
        let mut bytes = format!("HTTP/1.1 {status}\r\n").into_bytes();
        for header in headers {
            bytes.extend_from_slice(header.as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(body.as_ref());
        Self::bytes(bytes)
    }

    /// These bytes and no others.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), then: Then::Next, after: 0 }
    }

    /// A good answer with this body.
    pub fn ok(body: impl AsRef<[u8]>) -> Self {
        Self::new("200 OK", &["Content-Type: image/png"], body)
    }

    /// The same, with another end.
    pub fn then(self, then: Then) -> Self {
        Self { then, ..self }
    }

    /// Only so many bytes of it, counted from its end if negative; then the connection closes.
    pub fn cut(mut self, end: isize) -> Self {
        let length =
            if end < 0 { self.bytes.len().saturating_add_signed(end) } else { end.unsigned_abs() };
        self.bytes.truncate(length);
        self.then(Then::Close)
    }

    /// The same, once so many images have been asked for.
    pub fn after(self, images: usize) -> Self {
        Self { after: images, ..self }
    }
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Path and query.
    pub target: String,
    /// The lines of the head.
    pub head: String,
    /// On which connection, from 0.
    pub connection: usize,
}

/// A server that plays Imgur.
pub struct Stub {
    scheme: &'static str,
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    /// Answers by path: the first to the first request, the last to all that follow.
    answers: Mutex<HashMap<String, Vec<Answer>>>,
    asked: Mutex<Vec<Asked>>,
    news: Condvar,
}

impl Stub {
    /// Starts it with an empty album.
    pub fn start() -> Self {
        Self::start_over("http", |connection| connection)
    }

    /// The same over https. Returns also the certificate, in PEM, of the authority to be trusted.
    pub fn start_secure() -> (Self, String) {
        let name = Ipv4Addr::LOCALHOST.to_string();
        let signed = rcgen::generate_simple_self_signed([name]).expect("a certificate");
        let key = rustls::pki_types::PrivateKeyDer::try_from(signed.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("they are supported")
            .with_no_client_auth()
            .with_single_cert(vec![signed.cert.der().clone()], key.expect("a key"))
            .expect("they fit");
        let config = Arc::new(config);
        let stub = Self::start_over("https", move |connection| {
            let session = rustls::ServerConnection::new(Arc::clone(&config)).expect("a session");
            rustls::StreamOwned::new(session, connection)
        });
        (stub, signed.cert.pem())
    }

    fn start_over<S: Read + Write>(
        scheme: &'static str,
        accept: impl Fn(TcpStream) -> S + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let stub = Self {
            scheme,
            address: listener.local_addr().expect("it is bound"),
            state: Arc::new(State {
                answers: Mutex::default(),
                asked: Mutex::default(),
                news: Condvar::new(),
            }),
        };
        let state = Arc::clone(&stub.state);
        let accept = Arc::new(accept);
        thread::spawn(move || {
            for (number, connection) in listener.incoming().enumerate() {
                let (state, accept) = (Arc::clone(&state), Arc::clone(&accept));
                // A client that hangs up ends its connection, not the test.
                thread::spawn(move || state.serve(accept(connection?), number));
            }
        });
        stub.album(&json!([]));
        stub
    }

    /// A server whose album holds these images, each with its answers.
    pub fn with<'a>(images: impl IntoIterator<Item = (&'a str, Vec<Answer>)>) -> Self {
        let stub = Self::start();
        let images: Vec<_> = images.into_iter().collect();
        let list = images.iter().map(|(name, _)| listed(&stub.link(name), None));
        stub.album(&list.collect());
        for (name, answers) in images {
            stub.answer(&format!("/{name}"), answers);
        }
        stub
    }

    /// The list that the album holds.
    pub fn album(&self, images: &Value) {
        let answer = json!({"data": images, "success": true, "status": 200});
        let answer = Answer::new("200 OK", &["Content-Type: application/json"], answer.to_string());
        self.answer(ALBUM, vec![answer]);
    }

    /// How the album is answered.
    pub fn answer_album(&self, answers: Vec<Answer>) {
        self.answer(ALBUM, answers);
    }

    /// How this path is answered, one time after the other; the last answer is repeated.
    pub fn answer(&self, path: &str, answers: Vec<Answer>) {
        self.state.answers.lock().unwrap().insert(path.into(), answers);
    }

    /// The address to put into `IMGUR_API_URL`.
    pub fn api_url(&self) -> String {
        format!("{}://{}/3", self.scheme, self.address)
    }

    /// The address of an image.
    pub fn link(&self, name: &str) -> String {
        format!("{}://{}/{name}", self.scheme, self.address)
    }

    /// All requests up to now.
    pub fn asked(&self) -> Vec<Asked> {
        self.state.asked().clone()
    }

    /// How many times this path was asked for.
    pub fn times(&self, path: &str) -> usize {
        self.state.asked().iter().filter(|asked| asked.target == path).count()
    }

    /// How many times the album was asked for.
    pub fn album_times(&self) -> usize {
        self.times(ALBUM)
    }

    /// How many times images were asked for.
    pub fn image_times(&self) -> usize {
        images(&self.state.asked())
    }
}

impl State {
    fn asked(&self) -> MutexGuard<'_, Vec<Asked>> {
        self.asked.lock().unwrap()
    }

    fn serve(&self, connection: impl Read + Write, number: usize) -> io::Result<()> {
        let mut requests = BufReader::new(connection);
        loop {
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                if requests.read_line(&mut head)? == 0 {
                    return Ok(());
                }
            }
            if head.starts_with("CONNECT ") {
                // It plays a proxy, and at once the server behind it.
                requests.get_mut().write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
                continue;
            }
            let target = head.split(' ').nth(1).unwrap_or_default();
            let target = match target
                .split_once("://")
                .and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]))
            {
                Some(path) => path.to_owned(),
                None => target.to_owned(),
            };
            let asked = Asked { target: target.clone(), head, connection: number };
            let times = {
                let mut all = self.asked();
                let times = all.iter().filter(|asked| asked.target == target).count();
                all.push(asked);
                self.news.notify_all();
                times
            };
            let path = target.split('?').next().unwrap_or_default();
            let answer = {
                let answers = self.answers.lock().unwrap();
                answers.get(path).and_then(|answers| answers.get(times).or(answers.last())).cloned()
            };
            let answer = answer.unwrap_or_else(|| Answer::new("404 Not Found", &[], "what?"));
            let waiting = self.news.wait_while(self.asked(), |all| images(all) < answer.after);
            drop(waiting.unwrap());
            requests.get_mut().write_all(&answer.bytes)?;
            requests.get_mut().flush()?;
            match answer.then {
                Then::Next => {}
                Then::Close => return Ok(()),
                Then::Deaf => {
                    let _ = requests.fill_buf()?;
                    return Ok(());
                }
                // The next byte or the end can only come when the client has given up.
                Then::Silence => drop(requests.fill_buf()?.len()),
            }
        }
    }
}

/// How many of the requests were for images.
fn images(asked: &[Asked]) -> usize {
    asked.iter().filter(|asked| asked.target != ALBUM).count()
}

/// An image as an album lists it.
pub fn listed(link: &str, size: Option<usize>) -> Value {
    json!({"id": "abcdefg", "link": link, "size": size, "animated": false})
}

/// Some bytes, different for each number, that look like a picture.
pub fn picture(number: u8, size: usize) -> Vec<u8> {
    let noise = (0..size).map(|place| (place as u8).wrapping_mul(31) ^ number);
    b"\x89PNG\r\n\x1a\n".iter().copied().chain(noise).take(size).collect()
}
