//! For task 10: thumbnails, which are work for the processor, and how many are made at the same
//! time.
//!
//! A thread that begins a thumbnail first connects to the check, which holds the thread until it
//! has seen enough. This shows the check how many threads compute at the same time, even on a
//! machine with one core. Meanwhile the check can test whether tasks still run. Without a check, no
//! thread is held.

use crate::api::album;
use crate::{Error, nonblocking};
use image::{ImageFormat, load_from_memory};
use std::env;
use std::io::{self, Cursor, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// The longer side of a thumbnail has at most this many pixels.
const LONG_SIDE: u32 = 256;
/// The environment variable with the port at which a check watches.
const VARIABLE: &str = "COMPUTING";
/// What a task sends to the check when it runs.
const TURN: u8 = b'a';

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
        let _ = be_held(port);
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
    let mut small = Cursor::new(Vec::new());
    image
        .thumbnail(LONG_SIDE, LONG_SIDE)
        .write_to(&mut small, ImageFormat::Png)
        .map_err(|error| Error::broken(&error))?;
    Ok(small.into_inner())
}

/// The port of the check, if there is one.
fn port() -> Option<u16> {
    env::var(VARIABLE).ok()?.parse().ok()
}

/// Waits until the check closes the connection. For each byte from the check, spawns a task that
/// responds.
fn be_held(port: u16) -> io::Result<()> {
    let mut check = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
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
    /// One connection per held thread.
    held: Vec<TcpStream>,
}

impl Watch {
    /// Begins to watch, at a free port.
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        Ok(Self { listener, held: Vec::new() })
    }

    /// The environment variable with the check's port: name and value.
    pub fn variable(&self) -> io::Result<(&'static str, String)> {
        Ok((VARIABLE, self.listener.local_addr()?.port().to_string()))
    }

    /// How many threads are computing now: each of them is held.
    pub fn inside(&mut self) -> usize {
        while let Ok((thread, _)) = self.listener.accept() {
            self.held.push(thread);
        }
        self.held.len()
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
