//! The async client: what is asked for and kept. While it waits, other tasks go on.
//!
//! It mirrors the blocking client in `shared` step by step and follows the same rules; only the
//! waiting differs, and where the disk is written to and thumbnails are made. How a request is sent
//! stands in `client/http.rs`.

mod http;

use http::Http;
use shared::album::{Album, Image};
use shared::answer::{self, REFUSAL};
use shared::{Event, Fault, Folder, Options, Progress, Saved, Source, retry::Pauses};
use std::{mem, sync::Arc, thread::available_parallelism};
use tokio::{sync::Semaphore, task::spawn_blocking, time::sleep};

/// Disks cannot be awaited. The first bytes of a file are written in place: they only go into memory
/// that the system writes out later, which takes less time than handing them to another thread.
const IN_PLACE: u64 = 1 << 20;
/// The rest of a larger file is written by other threads, this many bytes at a time.
const BATCH: usize = 256 << 10;
/// Or as soon as there are this many pieces, since even an empty one takes memory.
const PIECES: usize = 64;

/// Downloads over connections that it keeps open. Cheap to clone; clones share the connections.
#[derive(Clone)]
pub struct Client {
    http: Http,
    options: Arc<Options>,
    folder: Folder,
    /// A permit for each core: more work at once on other threads would only take turns.
    cores: Arc<Semaphore>,
}

impl Client {
    /// A client as the options say. Fails if the folder for the images cannot be used.
    pub fn new(options: &Options) -> Result<Self, Fault> {
        let cores = available_parallelism().map_or(1, usize::from);
        Ok(Self {
            http: Http::new(options)?,
            options: Arc::new(options.clone()),
            folder: Folder::open(options)?,
            cores: Arc::new(Semaphore::new(cores)),
        })
    }

    /// Asks for the list of an album's images.
    pub async fn album(&self, source: &Source) -> Result<Album, Fault> {
        self.persist(&(), || self.try_album(source)).await
    }

    /// Saves an image in the folder, and its thumbnail if there is to be one.
    pub async fn download(&self, image: &Image, progress: &impl Progress) -> Result<Saved, Fault> {
        let bytes = self.persist(progress, || self.try_download(image, progress)).await?;
        let mut no_thumbnail = None;
        if self.options.thumbnails {
            progress.tell(Event::Saved);
            let _core = self.cores.acquire().await;
            progress.tell(Event::Computing);
            let (folder, image) = (self.folder.clone(), image.clone());
            // Computing has no pauses in which other tasks could go on: not on this thread.
            no_thumbnail = elsewhere(move || folder.thumbnail(&image)).await?;
        }
        Ok(Saved { bytes, no_thumbnail })
    }

    /// Tries until it succeeds, or no more tries are left, or they are of no use.
    async fn persist<T, F>(
        &self,
        progress: &impl Progress,
        attempt: impl Fn() -> F,
    ) -> Result<T, Fault>
    where
        F: Future<Output = Result<T, Fault>>,
    {
        let mut pauses = Pauses::new(self.options.retries, progress);
        loop {
            match attempt().await {
                Ok(done) => return Ok(done),
                Err(fault) => sleep(pauses.next(fault)?).await,
            }
        }
    }

    async fn try_album(&self, source: &Source) -> Result<Album, Fault> {
        let url = Album::url(source, &self.options.album);
        let (_, mut answer) = self.http.get(url, Some(source)).await?;
        let body = self.http.read(&mut answer, Album::LARGEST).await;
        Album::read(answer.status(), answer.headers(), body, self.options.limit)
    }

    async fn try_download(&self, image: &Image, progress: &impl Progress) -> Result<u64, Fault> {
        progress.tell(Event::Asked);
        let (url, mut answer) = self.http.get(image.url()?, None).await?;
        progress.tell(Event::Answered(answer.content_length()));
        answer::is_image(&url, answer.status(), answer.headers())?;
        if answer.status() != 200 {
            let words = self.http.read(&mut answer, REFUSAL).await.unwrap_or_default();
            return Err(answer::refused(answer.status(), answer.headers(), &words));
        }
        let mut part = self.folder.part(image, answer.headers())?;
        let (mut batch, mut held) = (Vec::new(), 0);
        while let Some(bytes) = self.http.piece(&mut answer).await? {
            progress.tell(Event::Received(bytes.len() as u64));
            if part.written() < IN_PLACE {
                part.write(&bytes)?;
                continue;
            }
            held += bytes.len();
            batch.push(bytes);
            if held >= BATCH || batch.len() == PIECES {
                let batch = mem::take(&mut batch);
                held = 0;
                let _core = self.cores.acquire().await;
                part = elsewhere(move || part.write_all(&batch).map(|()| part)).await?;
            }
        }
        part.write_all(&batch)?;
        part.keep()
    }
}

/// Does on a thread of tokio's blocking pool what would keep the other tasks waiting.
async fn elsewhere<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    spawn_blocking(work).await.map_err(|error| Fault::lasting(error.to_string()))?
}
