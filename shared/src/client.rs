//! The blocking client: it moves bytes, and waits while they move. Used by 01 to 03.
//!
//! What to ask for, what the answers mean and when to try again stands in the other modules; the
//! async client in `04-async` follows the same rules.

use crate::album::{Album, Image};
use crate::answer::{self, MOST_REDIRECTS, REFUSAL};
use crate::body::{ACCEPT_ENCODING, Decoded};
use crate::credentials::Source;
use crate::fault::Fault;
use crate::files::Folder;
use crate::network::{self, Stage};
use crate::options::Options;
use crate::progress::{Event, Progress, Saved};
use crate::retry::Pauses;
use http::Response;
use std::cell::Cell;
use std::io::{ErrorKind, Read};
use std::thread;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{ConnectionDetails, Connector, DefaultConnector};
use ureq::{Agent, Body, Proxy};
use url::Url;

/// How many bytes are read and written at a time.
const BUFFER: usize = 64 << 10;

/// Downloads over connections that it keeps open. Cheap to clone; clones share the connections.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    options: Options,
    folder: Folder,
}

impl Client {
    /// A client as the options say. Fails if the folder for the images cannot be used.
    pub fn new(options: &Options) -> Result<Self, Fault> {
        network::encryption();
        let config = Agent::config_builder()
            .timeout_connect(Some(options.timeout))
            .timeout_recv_response(Some(options.timeout))
            .timeout_per_read(Some(options.timeout))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(options.workers)
            .max_idle_connections_per_host(options.workers)
            .proxy(None)
            .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
            .build();
        let connector = Opening.chain(DefaultConnector::default());
        Ok(Self {
            agent: Agent::with_parts(config, connector, DefaultResolver::default()),
            options: options.clone(),
            folder: Folder::open(options)?,
        })
    }

    /// Asks for the list of an album's images.
    pub fn album(&self, source: &Source) -> Result<Album, Fault> {
        self.persist(&(), || self.try_album(source))
    }

    /// Saves an image in the folder, and its thumbnail if there is to be one.
    pub fn download(&self, image: &Image, progress: &impl Progress) -> Result<Saved, Fault> {
        let bytes = self.persist(progress, || self.try_download(image, progress))?;
        let mut no_thumbnail = None;
        if self.options.thumbnails {
            progress.tell(Event::Computing);
            no_thumbnail = self.folder.thumbnail(image)?;
        }
        Ok(Saved { bytes, no_thumbnail })
    }

    /// Tries until it succeeds, or no more tries are left, or they are of no use.
    fn persist<T>(
        &self,
        progress: &impl Progress,
        attempt: impl Fn() -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut pauses = Pauses::new(self.options.retries, progress);
        loop {
            match attempt() {
                Ok(done) => return Ok(done),
                Err(fault) => thread::sleep(pauses.next(fault)?),
            }
        }
    }

    fn try_album(&self, source: &Source) -> Result<Album, Fault> {
        let url = Album::url(source, &self.options.album);
        let (_, mut answer) = self.get(url, Some(source))?;
        let body = self.read(&mut answer, Album::LARGEST);
        Album::read(answer.status(), answer.headers(), body, self.options.limit)
    }

    fn try_download(&self, image: &Image, progress: &impl Progress) -> Result<u64, Fault> {
        progress.tell(Event::Asked);
        let (url, mut answer) = self.get(image.url()?, None)?;
        progress.tell(Event::Answered(answer.body().content_length()));
        answer::is_image(&url, answer.status(), answer.headers())?;
        if answer.status() != 200 {
            let words = self.read(&mut answer, REFUSAL).unwrap_or_default();
            return Err(answer::refused(answer.status(), answer.headers(), &words));
        }
        let mut part = self.folder.part(image, answer.headers())?;
        self.pieces(&mut answer, |bytes| {
            progress.tell(Event::Received(bytes.len() as u64));
            part.write(bytes)
        })?;
        part.keep()
    }

    /// Reads a body into memory, at most `limit` decoded bytes.
    fn read(&self, answer: &mut Response<Body>, limit: u64) -> Result<Vec<u8>, Fault> {
        let mut body = Decoded::new(Vec::new(), answer.headers(), limit)?;
        self.pieces(answer, |bytes| body.write(bytes))?;
        Ok(body.finish()?.0)
    }

    /// Hands a body over, piece by piece.
    fn pieces(
        &self,
        answer: &mut Response<Body>,
        mut take: impl FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut reader = answer.body_mut().as_reader();
        let mut buffer = vec![0; BUFFER];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(read) => take(&buffer[..read])?,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(self.fault(Stage::Body, &ureq::Error::from(error))),
            }
        }
    }

    /// Sends a request and follows redirects. The authorization goes to the first host only.
    fn get(&self, mut url: Url, source: Option<&Source>) -> Result<(Url, Response<Body>), Fault> {
        let origin = url.origin();
        for _ in 0..=MOST_REDIRECTS {
            let source = source.filter(|_| url.origin() == origin);
            let answer = self.send(&url, source)?;
            match answer::redirect(&url, answer.status(), answer.headers())? {
                Some(target) => url = target,
                None => return Ok((url, answer)),
            }
        }
        Err(answer::too_many_redirects())
    }

    fn send(&self, url: &Url, source: Option<&Source>) -> Result<Response<Body>, Fault> {
        loop {
            let mut request = self
                .agent
                .get(url.as_str())
                .header("user-agent", self.options.user_agent(url))
                .header("accept-encoding", ACCEPT_ENCODING);
            if let Some(source) = source {
                request = request.header("authorization", &source.authorization);
            }
            if let Some(proxy) = network::proxy(url) {
                let proxy = Proxy::new(&proxy).map_err(|_| network::bad_proxy())?;
                request = request.config().proxy(Some(proxy)).build();
            }
            OPENED.set(false);
            match request.call().map_err(|error| self.fault(Stage::Head, &error)) {
                // The server had closed a connection that was kept open: not a try of its own.
                Err(fault) if fault == network::hung_up(Stage::Head) && !OPENED.get() => {}
                result => return result,
            }
        }
    }

    fn fault(&self, stage: Stage, error: &ureq::Error) -> Fault {
        use ureq::Error::{
            BadUri, BodyStalled, ConnectProxyFailed, HostNotFound, Http, Io, LargeResponseHeader,
            Protocol, Rustls, Timeout,
        };
        match error {
            Timeout(_) => network::silent(stage, self.options.timeout),
            HostNotFound => network::unknown_host(),
            BodyStalled => network::hung_up(stage),
            Io(error) => network::broken(stage, error),
            Rustls(error) => network::insecure(error),
            ConnectProxyFailed(_) => network::bad_proxy(),
            BadUri(_) | Http(_) | LargeResponseHeader(..) | Protocol(_) => network::not_http(),
            error => network::broken(stage, error),
        }
    }
}

thread_local! {
    /// Whether the last request of this thread opened a connection.
    static OPENED: Cell<bool> = const { Cell::new(false) };
}

/// The first step of opening a connection: it takes a note.
#[derive(Debug)]
struct Opening;

impl Connector for Opening {
    type Out = ();

    fn connect(
        &self,
        _: &ConnectionDetails,
        chained: Option<()>,
    ) -> Result<Option<()>, ureq::Error> {
        OPENED.set(true);
        Ok(chained)
    }
}
