//! For task 10: thumbnails, which are work for the processor, and how many are made at the same
//! time.
//!
//! A thread that begins a thumbnail first connects to the check, says which image it has, and is held
//! until the check has seen enough. This shows the check how many threads compute at the same time, even on a
//! machine with one core. Meanwhile the check can test whether tasks still run. Without a check, no
//! thread is held.

use crate::api::album;
use crate::{Error, nonblocking};
use image::{ImageFormat, load_from_memory};
use std::collections::BTreeSet;
use std::env;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Cursor, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The longer side of a thumbnail has at most this many pixels.
const LONG_SIDE: u32 = 256;
/// The environment variable with the port at which a check watches.
const VARIABLE: &str = "COMPUTING";
/// What a task sends to the check when it runs.
const TURN: u8 = b'a';
/// Limits how long the check waits for `TURN`, and for the name of an image.
const TURN_TIMEOUT: Duration = Duration::from_secs(2);

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// A small copy of an image, as a PNG file. It keeps its thread busy from beginning to end.
///
/// Fails if the bytes aren't an image.
pub fn thumbnail(image: &[u8]) -> Result<Vec<u8>, Error> {
    let now = NOW.fetch_add(1, Ordering::Relaxed) + 1;
    PEAK.fetch_max(now, Ordering::Relaxed);
    if let Some(port) = port() {
        // Fails once the check has seen enough and closed its port, which is fine.
        let _ = be_held(port, image);
    }
    let small = shrink(image);
    NOW.fetch_sub(1, Ordering::Relaxed);
    small
}

/// What was measured in a run that started at this time.
pub fn measured(started: Instant) -> String {
    let threads = format!("threads computing at the same time: {}", PEAK.load(Ordering::Relaxed));
    if port().is_some() {
        return format!("{threads} (no time: the check has held them)");
    }
    let in_flight = album::peak_in_flight();
    let requests =
        in_flight.map(|peak| format!("requests in flight: {peak}, ")).unwrap_or_default();
    format!("{requests}{threads}, {:.2} s", started.elapsed().as_secs_f64())
}

pub(crate) fn shrink(image: &[u8]) -> Result<Vec<u8>, Error> {
    let image = load_from_memory(image).map_err(|error| Error::broken(&error))?;
    // `thumbnail` would enlarge a smaller image.
    let side = LONG_SIDE.min(image.width().max(image.height()));
    let mut small = Cursor::new(Vec::new());
    image
        .thumbnail(side, side)
        .write_to(&mut small, ImageFormat::Png)
        .map_err(|error| Error::broken(&error))?;
    Ok(small.into_inner())
}

/// The port of the check, if there is one.
fn port() -> Option<u16> {
    env::var(VARIABLE).ok()?.parse().ok()
}

/// A number that stands for an image.
fn fingerprint(image: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    image.hash(&mut hasher);
    hasher.finish()
}

/// Waits until the check closes the connection. For each byte from the check, spawns a task that
/// responds.
fn be_held(port: u16, image: &[u8]) -> io::Result<()> {
    let mut check = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    check.write_all(&fingerprint(image).to_le_bytes())?;
    while check.read(&mut [0])? > 0 {
        let mut check = check.try_clone()?;
        let runtime = nonblocking::RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(runtime) = &*runtime {
            drop(runtime.spawn(async move { check.write_all(&[TURN]) }));
        }
    }
    Ok(())
}

/// The check's end: it holds all threads that compute, until it is dropped.
pub(crate) struct Watch {
    listener: TcpListener,
    /// The images that no thread has begun.
    left: BTreeSet<u64>,
    /// One connection per held thread.
    held: Vec<TcpStream>,
}

impl Watch {
    /// Begins to watch, at a free port. A thumbnail of each of these images will be made.
    pub fn start(images: impl Iterator<Item = impl AsRef<[u8]>>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let left = images.map(|image| fingerprint(image.as_ref())).collect();
        Ok(Self { listener, left, held: Vec::new() })
    }

    /// The environment variable with the check's port: name and value.
    pub fn variable(&self) -> io::Result<(&'static str, String)> {
        Ok((VARIABLE, self.listener.local_addr()?.port().to_string()))
    }

    /// How many threads are computing now: each of them is held.
    pub fn inside(&mut self) -> usize {
        while let Ok((mut thread, _)) = self.listener.accept() {
            // A connection that names no image, or one that was begun before, isn't a thread that
            // computes.
            if read_fingerprint(&mut thread).is_ok_and(|image| self.left.remove(&image)) {
                self.held.push(thread);
            }
        }
        self.held.len()
    }

    /// How many images no thread has begun.
    pub fn left(&self) -> usize {
        self.left.len()
    }

    /// Lets the first so many threads go on.
    pub fn release(&mut self, threads: usize) {
        drop(self.held.drain(..threads.min(self.held.len())));
    }

    /// Whether a task runs while all threads that compute are held, before the wait for it is over.
    pub fn tasks_go_on(&mut self, mut is_over: impl FnMut() -> bool) -> bool {
        let mut byte = [0];
        let Some(thread) = self.held.last_mut() else { return false };
        let sent = thread.set_nonblocking(true).and_then(|()| thread.write_all(&byte));
        while sent.is_ok() && byte != [TURN] && !is_over() {
            // It fails as long as no byte has come.
            let _ = thread.read(&mut byte);
        }
        byte == [TURN]
    }
}

fn read_fingerprint(thread: &mut TcpStream) -> io::Result<u64> {
    // On some systems the stream inherits nonblocking mode from the listener.
    thread.set_nonblocking(false)?;
    thread.set_read_timeout(Some(TURN_TIMEOUT))?;
    let mut bytes = [0; 8];
    thread.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}
