//! The async client: while a task waits here, its thread runs other tasks.
//!
//! It mirrors the blocking client in `shared/src/http/client.rs` step by step and follows the same
//! rules. Two things differ: every wait is an `.await`, and work that would block the other tasks
//! for long runs on other threads. `client/http.rs` sends the requests.

mod http;

use http::Http;
use reqwest::Response;
use shared::http::body::Decoder;
use shared::http::response::{self, MAX_ERROR_BODY, MAX_IMAGE};
use shared::http::retry::{self, Backoff};
use shared::{Album, Error, ErrorKind, Event, Folder, Image, MAX_OPEN_IMAGES};
use shared::{Options, Progress, Saved, Source};
use std::{mem, sync::Arc, thread::available_parallelism};
use tokio::{sync::Semaphore, task::spawn_blocking, time::sleep};

/// Number of bytes at the start of a file that are written on this thread. The system keeps them in
/// memory, so writing a small chunk takes about as long as waking another thread to do it. The
/// practice album's images are smaller than this.
const WRITTEN_HERE: u64 = 1 << 20;
/// Size of a batch, in bytes. Other threads write the rest of a larger file in batches, because
/// large files can fill the system's memory, and then a write waits for the disk.
const BATCH_BYTES: usize = 256 << 10;
/// Maximum number of chunks in a batch: even a small chunk takes memory.
const BATCH_CHUNKS: usize = 64;

/// Downloads images over connections that stay open between requests. Tasks and clones share them.
#[derive(Clone)]
pub struct Client {
    http: Http,
    options: Arc<Options>,
    folder: Folder,
    /// One permit per core, for work on other threads: more threads than cores would only take
    /// turns.
    cores: Arc<Semaphore>,
    /// One permit per image file that may be open.
    files: Arc<Semaphore>,
}

impl Client {
    /// A client configured by the options. Fails if the folder for the images cannot be used.
    pub fn new(options: &Options) -> Result<Self, Error> {
        let options = Arc::new(options.clone());
        let cores = available_parallelism().map_or(1, usize::from);
        Ok(Self {
            http: Http::new(&options),
            folder: Folder::open(&options)?,
            options,
            cores: Arc::new(Semaphore::new(cores)),
            files: Arc::new(Semaphore::new(MAX_OPEN_IMAGES)),
        })
    }

    /// Requests the list of an album's images. Fails when the blocking client would.
    pub async fn album(&self, source: &Source) -> Result<Album, Error> {
        self.with_retries(&(), |is_retry| self.try_album(source, is_retry)).await
    }

    /// Saves an image in the folder, and its thumbnail with `--thumbnails`. Fails when the blocking
    /// client would.
    pub async fn download(&self, image: &Image, progress: &impl Progress) -> Result<Saved, Error> {
        let attempt = |is_retry| self.try_download(image, progress, is_retry);
        let bytes = self.with_retries(progress, attempt).await?;
        let mut no_thumbnail = None;
        if self.options.thumbnails {
            progress.report(Event::Saved);
            let _core = self.cores.acquire().await;
            progress.report(Event::Computing);
            let (folder, image) = (self.folder.clone(), image.clone());
            // Computing never awaits: on this thread it would stop all tasks until it is done.
            no_thumbnail = on_another_thread(move || folder.thumbnail(&image)).await?;
        }
        Ok(Saved { bytes, no_thumbnail })
    }

    /// Repeats the attempt until it succeeds, fails with a permanent error, or no retries are left.
    async fn with_retries<T, F>(
        &self,
        progress: &impl Progress,
        attempt: impl Fn(bool) -> F,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let mut backoff = Backoff::new(self.options.retries, progress);
        loop {
            match attempt(backoff.is_retry()).await {
                Ok(done) => return Ok(done),
                // `delay` returns the error if it is permanent or no retries are left. Otherwise
                // only this task sleeps; `thread::sleep` would stop all tasks.
                Err(error) => sleep(backoff.delay(error)?).await,
            }
        }
    }

    async fn try_album(&self, source: &Source, is_retry: bool) -> Result<Album, Error> {
        let url = source.album_url(&self.options.album);
        let (_, mut response) = self.http.get(url, Some(source), is_retry).await?;
        let max = response::max_album_body(response.status());
        // No `?` here: an error status is reported even if its body did not arrive.
        let body = self.http.read(&mut response, max).await;
        response::album(response.status(), response.headers(), body, self.options.limit)
    }

    async fn try_download(
        &self,
        image: &Image,
        progress: &impl Progress,
        is_retry: bool,
    ) -> Result<u64, Error> {
        progress.report(Event::Requested);
        let (url, mut response) = self.http.get(image.url()?, None, is_retry).await?;
        progress.report(Event::Responded(response.content_length()));
        response::check_image(&url, response.status(), response.headers())?;
        if response.status() != 200 {
            // No `?` here: most statuses are enough for the error, even if the body does not arrive.
            let body = self.http.read(&mut response, MAX_ERROR_BODY).await;
            return Err(retry::status_error(response.status(), response.headers(), body));
        }
        self.save(image, &mut response, progress).await
    }

    /// Writes the body to the image's file while it arrives. Returns the file's size in bytes.
    async fn save(
        &self,
        image: &Image,
        response: &mut Response,
        progress: &impl Progress,
    ) -> Result<u64, Error> {
        let _open = self.files.acquire().await;
        let file = self.folder.create(image)?;
        let mut body = Decoder::new(file, response.headers(), MAX_IMAGE)?;
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while let Some(chunk) = self.http.chunk(response).await? {
            progress.report(Event::Received(chunk.len() as u64));
            if body.written() < WRITTEN_HERE {
                body.write(&chunk)?;
                continue;
            }
            bytes += chunk.len();
            batch.push(chunk);
            if bytes >= BATCH_BYTES || batch.len() == BATCH_CHUNKS {
                let full = mem::take(&mut batch);
                bytes = 0;
                let _core = self.cores.acquire().await;
                // A write to the disk cannot be awaited, and one that blocks would stop all tasks.
                // The decoder moves to another thread and comes back.
                body = on_another_thread(move || {
                    full.iter().try_for_each(|chunk| body.write(chunk)).map(|()| body)
                })
                .await?;
            }
        }
        // The rest is less than a batch: it is not worth another thread.
        batch.iter().try_for_each(|chunk| body.write(chunk))?;
        body.finish_image()?.keep()
    }
}

/// Runs blocking work on tokio's blocking pool, and awaits its result. A panic becomes an error.
async fn on_another_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let done = spawn_blocking(work).await;
    done.map_err(|panic| Error::new(ErrorKind::Worker, panic.to_string()))?
}
