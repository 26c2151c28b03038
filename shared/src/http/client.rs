//! The blocking client of `01-sync`, `02-threads` and `03-processes`: it waits for every response.
//!
//! The files beside this one decide what a response means and when to retry. The async client in
//! `04-async` follows the same rules, step by step; compare the two, and look for `.await`.

use super::body::{ACCEPT_ENCODING, Decoder};
use super::network::{self, Stage};
use super::response::{self, MAX_ERROR_BODY, MAX_IMAGE, MAX_REDIRECTS};
use super::retry::{self, Backoff};
use crate::disk::Folder;
use crate::error::Error;
use crate::imgur::{Album, Image};
use crate::open_files::OpenImage;
use crate::options::Options;
use crate::progress::{Event, Progress, Saved};
use crate::source::Source;
use http::Response;
use std::io::{ErrorKind, Read};
use std::thread;
use std::time::Duration;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body, Proxy};
use url::Url;

/// Size of the buffer between the network and the disk, in bytes.
const BUFFER: usize = 64 << 10;

/// Downloads images over connections that stay open between requests. Threads and clones share
/// them.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    options: Options,
    folder: Folder,
}

impl Client {
    /// A client configured by the options.
    ///
    /// # Errors
    /// If the folder for the images cannot be used.
    pub fn new(options: &Options) -> Result<Self, Error> {
        network::install_crypto();
        let config = Agent::config_builder()
            // Each timeout limits how long the server may send nothing, not the whole request: a
            // slow but steady server is fine.
            .timeout_connect(Some(options.timeout))
            .timeout_recv_response(Some(options.timeout))
            .timeout_per_read(Some(options.timeout))
            // `response` handles statuses and redirects.
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // Keeps one idle connection per worker. A new connection for each image would cost
            // another round trip, or two to three with TLS.
            .max_idle_connections(options.workers)
            .max_idle_connections_per_host(options.workers)
            // `send` sets the proxy for each request.
            .proxy(None)
            .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
            .build();
        Ok(Self { agent: config.into(), options: options.clone(), folder: Folder::open(options)? })
    }

    /// Requests the list of an album's images.
    ///
    /// # Errors
    /// If an attempt fails with a permanent error, or if no retries are left.
    pub fn album(&self, source: &Source) -> Result<Album, Error> {
        self.with_retries(&(), |is_retry| self.try_album(source, is_retry))
    }

    /// Saves an image in the folder, and its thumbnail with `--thumbnails`.
    ///
    /// Blocks the calling thread until the file is complete. To download several images at the same
    /// time, you need several threads or processes.
    ///
    /// ```no_run
    /// # fn download(options: &shared::Options, source: &shared::Source) -> Result<(), shared::Error> {
    /// let client = shared::Client::new(options)?;
    /// let album = client.album(source)?;
    /// // `()` ignores the events; the programs pass a lane of their report.
    /// let saved = client.download(&album.images[0], &())?;
    /// println!("{} bytes", saved.bytes);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If an attempt fails with a permanent error, if no retries are left, or if the thumbnail
    /// cannot be written.
    pub fn download(&self, image: &Image, progress: &impl Progress) -> Result<Saved, Error> {
        let bytes =
            self.with_retries(progress, |is_retry| self.try_download(image, progress, is_retry))?;
        let mut no_thumbnail = None;
        if self.options.thumbnails {
            progress.report(Event::Computing);
            no_thumbnail = self.folder.thumbnail(image)?;
        }
        Ok(Saved { bytes, no_thumbnail })
    }

    /// Repeats the attempt until it succeeds, fails with a permanent error, or no retries are left.
    fn with_retries<T>(
        &self,
        progress: &impl Progress,
        attempt: impl Fn(bool) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut backoff = Backoff::new(self.options.retries, progress);
        loop {
            match attempt(backoff.is_retry()) {
                Ok(done) => return Ok(done),
                // `delay` returns the error if it is permanent or no retries are left. Otherwise
                // this thread sleeps, and cannot download another image meanwhile.
                Err(error) => thread::sleep(backoff.delay(error)?),
            }
        }
    }

    fn try_album(&self, source: &Source, is_retry: bool) -> Result<Album, Error> {
        let url = source.album_url(&self.options.album);
        let (_, mut response) = self.get(url, Some(source), is_retry)?;
        let max = response::max_album_body(response.status());
        // No `?` here: an error status is reported even if its body did not arrive.
        let body = self.read(&mut response, max);
        response::album(response.status(), response.headers(), body, self.options.limit)
    }

    fn try_download(
        &self,
        image: &Image,
        progress: &impl Progress,
        is_retry: bool,
    ) -> Result<u64, Error> {
        progress.report(Event::Requested);
        let (url, mut response) = self.get(image.url()?, None, is_retry)?;
        progress.report(Event::Responded(response.body().content_length()));
        response::check_image(&url, response.status(), response.headers())?;
        if response.status() != 200 {
            // No `?` here: most statuses are enough for the error, even if the body does not arrive.
            let body = self.read(&mut response, MAX_ERROR_BODY);
            return Err(retry::status_error(response.status(), response.headers(), body));
        }
        // The bytes go to the disk as they arrive: a download never holds a whole image in memory.
        let _open = OpenImage::wait();
        let file = self.folder.create(image)?;
        let mut body = Decoder::new(file, response.headers(), MAX_IMAGE)?;
        self.for_each_chunk(&mut response, |bytes| {
            progress.report(Event::Received(bytes.len() as u64));
            body.write(bytes)
        })?;
        body.finish_image()?.keep()
    }

    /// Reads a body into memory, at most `max` decoded bytes.
    fn read(&self, response: &mut Response<Body>, max: u64) -> Result<Vec<u8>, Error> {
        let mut body = Decoder::new(Vec::new(), response.headers(), max)?;
        self.for_each_chunk(response, |bytes| body.write(bytes))?;
        body.finish()
    }

    /// Reads a body to its end, chunk by chunk.
    fn for_each_chunk(
        &self,
        response: &mut Response<Body>,
        mut take: impl FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        // A body that is shorter than the buffer needs no more than its length.
        let length = response.body().content_length().map_or(BUFFER, |length| length as usize);
        let mut buffer = vec![0; length.clamp(1, BUFFER)];
        let mut reader = response.body_mut().as_reader();
        loop {
            // This call blocks until at least one byte has arrived, or the connection ends.
            match reader.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(read) => take(&buffer[..read])?,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(self.error(Stage::Body, ureq::Error::from(error))),
            }
        }
    }

    /// Sends a request and follows redirects. The authorization is sent only to the first URL's
    /// origin.
    fn get(
        &self,
        mut url: Url,
        source: Option<&Source>,
        is_retry: bool,
    ) -> Result<(Url, Response<Body>), Error> {
        let origin = url.origin();
        for _ in 0..=MAX_REDIRECTS {
            let source = source.filter(|_| url.origin() == origin);
            let response = self.send(&url, source, is_retry)?;
            match response::redirect(&url, response.status(), response.headers())? {
                Some(target) => url = target,
                None => return Ok((url, response)),
            }
        }
        Err(response::too_many_redirects())
    }

    /// Sends one request and waits for the response's status and headers.
    fn send(
        &self,
        url: &Url,
        source: Option<&Source>,
        is_retry: bool,
    ) -> Result<Response<Body>, Error> {
        let mut request = self
            .agent
            .get(url.as_str())
            .header("user-agent", self.options.user_agent(url))
            .header("accept-encoding", ACCEPT_ENCODING);
        if let Some(source) = source {
            request = request.header("authorization", &source.authorization);
        }
        if let Some(proxy) = network::proxy(url)? {
            let proxy = Proxy::new(proxy.as_str()).map_err(|_| network::proxy_error())?;
            request = request.config().proxy(Some(proxy)).build();
        }
        if is_retry {
            // Opens a new connection: the attempt may have failed because the server had closed an
            // idle one.
            request = request.config().max_idle_age(Duration::ZERO).build();
        }
        let response = request.call().map_err(|error| self.error(Stage::Headers, error))?;
        response::check_framing(response.version(), response.headers())?;
        Ok(response)
    }

    fn error(&self, stage: Stage, error: ureq::Error) -> Error {
        use ureq::Error::{
            BadUri, BodyStalled, ConnectProxyFailed, HostNotFound, Http, Io, LargeResponseHeader,
            Protocol, Rustls, Timeout,
        };
        let ours = match &error {
            Timeout(_) => network::timeout(stage, self.options.timeout),
            HostNotFound => network::unknown_host(),
            BodyStalled => network::closed(stage),
            Io(error) => network::connection_error(stage, error),
            Rustls(error) => network::tls_error(error),
            ConnectProxyFailed(_) => network::proxy_error(),
            BadUri(_) | Http(_) | LargeResponseHeader(..) | Protocol(_) => network::not_http(),
            error => network::connection_error(stage, error),
        };
        ours.with_source(error)
    }
}
