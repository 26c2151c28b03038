//! The async client: it moves bytes, and while they are on their way other tasks go on.
//!
//! It mirrors the blocking client in `shared` step by step and follows the same rules; only the
//! waiting differs, and where the disk is written to.

use bytes::Bytes;
use hyper_util::client::legacy::{self, connect::HttpInfo};
use reqwest::{Proxy, Response, Url, redirect};
use shared::album::{Album, Image};
use shared::answer::{self, MOST_REDIRECTS, REFUSAL};
use shared::body::{ACCEPT_ENCODING, Decoded};
use shared::network::{self, Stage};
use shared::{Fault, Folder, Options, Part, Source, retry::Pauses};
use std::sync::{Arc, Mutex};
use std::{collections::HashSet, mem, net::SocketAddr};
use tokio::{sync::Semaphore, task::spawn_blocking, time::sleep};

/// Disks cannot be awaited. The first bytes of a file are written in place: they only go into memory
/// that the system writes out later, which takes less time than handing them to another thread.
const IN_PLACE: u64 = 1 << 20;
/// The rest of a larger file is written by other threads, this many bytes at a time.
const BATCH: usize = 256 << 10;
/// There are at most this many of them.
const WRITERS: usize = 4;

/// Downloads over connections that it keeps open. Cheap to clone; clones share the connections.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    options: Arc<Options>,
    folder: Folder,
    writers: Arc<Semaphore>,
    /// Our ends of the connections that have answered once.
    used: Arc<Mutex<HashSet<SocketAddr>>>,
}

impl Client {
    /// A client as the options say. Fails if the folder for the images cannot be used.
    pub fn new(options: &Options) -> Result<Self, Fault> {
        network::encryption();
        let http = reqwest::Client::builder()
            .user_agent(options.user_agent())
            .connect_timeout(options.timeout)
            .read_timeout(options.timeout)
            .redirect(redirect::Policy::none())
            .proxy(Proxy::custom(network::proxy))
            .build()
            .map_err(|error| network::broken(Stage::Head, &error))?;
        Ok(Self {
            http,
            options: Arc::new(options.clone()),
            folder: Folder::open(&options.out)?,
            writers: Arc::new(Semaphore::new(WRITERS)),
            used: Arc::default(),
        })
    }

    /// Asks for the list of an album's images.
    pub async fn album(&self, source: &Source) -> Result<Album, Fault> {
        self.persist(|| self.try_album(source)).await
    }

    /// Saves an image in the folder. Returns its size in bytes.
    pub async fn download(&self, image: &Image) -> Result<u64, Fault> {
        self.persist(|| self.try_download(image)).await
    }

    /// Tries until it succeeds, or no more tries are left, or they are of no use.
    async fn persist<T, F>(&self, attempt: impl Fn() -> F) -> Result<T, Fault>
    where
        F: Future<Output = Result<T, Fault>>,
    {
        let mut pauses = Pauses::new(self.options.retries);
        loop {
            match attempt().await {
                Ok(done) => return Ok(done),
                Err(fault) => sleep(pauses.next(fault)?).await,
            }
        }
    }

    async fn try_album(&self, source: &Source) -> Result<Album, Fault> {
        let url = Album::url(source, &self.options.album);
        let (_, mut answer) = self.get(url, Some(source)).await?;
        let body = self.read(&mut answer, Album::LARGEST).await;
        Album::read(answer.status(), answer.headers(), body, self.options.limit)
    }

    async fn try_download(&self, image: &Image) -> Result<u64, Fault> {
        let (url, mut answer) = self.get(image.url()?, None).await?;
        answer::is_image(&url, answer.status(), answer.headers())?;
        if answer.status() != 200 {
            let words = self.read(&mut answer, REFUSAL).await.unwrap_or_default();
            return Err(answer::refused(answer.status(), answer.headers(), &words));
        }
        let mut part = self.folder.part(image, answer.headers())?;
        let mut batch = Vec::new();
        while let Some(bytes) = self.piece(&mut answer).await? {
            if part.written() < IN_PLACE {
                part.write(&bytes)?;
                continue;
            }
            batch.extend_from_slice(&bytes);
            if batch.len() >= BATCH {
                part = self.write_elsewhere(part, mem::take(&mut batch)).await?;
            }
        }
        part.write(&batch)?;
        part.keep()
    }

    async fn write_elsewhere(&self, mut part: Part, batch: Vec<u8>) -> Result<Part, Fault> {
        let _permit = self.writers.acquire().await;
        let written = spawn_blocking(move || part.write(&batch).map(|()| part)).await;
        written.map_err(|error| Fault::lasting(error.to_string()))?
    }

    /// Reads a body into memory, at most `limit` decoded bytes.
    async fn read(&self, answer: &mut Response, limit: u64) -> Result<Vec<u8>, Fault> {
        let mut body = Decoded::new(Vec::new(), answer.headers(), limit)?;
        while let Some(bytes) = self.piece(answer).await? {
            body.write(&bytes)?;
        }
        Ok(body.finish()?.0)
    }

    /// The next piece of a body.
    async fn piece(&self, answer: &mut Response) -> Result<Option<Bytes>, Fault> {
        answer.chunk().await.map_err(|error| self.fault(Stage::Body, &error))
    }

    /// Sends a request and follows redirects. The authorization goes to the first host only.
    async fn get(&self, mut url: Url, source: Option<&Source>) -> Result<(Url, Response), Fault> {
        let origin = url.origin();
        for _ in 0..=MOST_REDIRECTS {
            let source = source.filter(|_| url.origin() == origin);
            let answer = self.send(&url, source).await?;
            match answer::redirect(&url, answer.status(), answer.headers())? {
                Some(target) => url = target,
                None => return Ok((url, answer)),
            }
        }
        Err(answer::too_many_redirects())
    }

    async fn send(&self, url: &Url, source: Option<&Source>) -> Result<Response, Fault> {
        loop {
            let mut request = self.http.get(url.clone()).header("accept-encoding", ACCEPT_ENCODING);
            if let Some(source) = source {
                request = request.header("authorization", &source.authorization);
            }
            let error = match request.send().await {
                Ok(answer) => {
                    let end = answer.extensions().get().map(HttpInfo::local_addr);
                    self.used.lock().unwrap().extend(end);
                    return Ok(answer);
                }
                Err(error) => error,
            };
            // The server had closed a connection that was kept open: not a try of its own.
            let fault = self.fault(Stage::Head, &error);
            let was_used =
                our_end(&error).is_some_and(|end| self.used.lock().unwrap().remove(&end));
            if fault != network::hung_up(Stage::Head) || !was_used {
                return Err(fault);
            }
        }
    }

    fn fault(&self, stage: Stage, error: &reqwest::Error) -> Fault {
        if error.is_timeout() {
            return network::silent(stage, self.options.timeout);
        }
        network::broken(stage, error)
    }
}

/// Our end of the connection on which a request failed, if there was one.
fn our_end(error: &reqwest::Error) -> Option<SocketAddr> {
    let error = network::causes(error).find_map(|error| error.downcast_ref::<legacy::Error>())?;
    let mut extras = http::Extensions::new();
    error.connect_info()?.get_extras(&mut extras);
    extras.get().map(HttpInfo::local_addr)
}
