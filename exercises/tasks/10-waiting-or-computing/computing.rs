//! For task 10: thumbnails, which are work for the processor, and how many are made at once.
//!
//! A check has to see how many threads compute at the same time, even on a machine with one core.
//! So a thread that begins a thumbnail connects to the check first, which holds it until it has seen
//! enough. Meanwhile the check can test whether tasks still run. Without a check no thread is held.

use crate::api::album;
use crate::{Error, nonblocking};
use image::{ImageFormat, load_from_memory};
use std::env;
use std::io::{self, Cursor, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;

/// The longer side of a thumbnail has at most this many pixels.
const LONG_SIDE: u32 = 256;
/// The environment variable with the port at which a check watches.
const VARIABLE: &str = "COMPUTING";
/// What a thread sends to the check: whether it belongs to a tokio runtime.
const TOKIO: u8 = b't';
const OTHER: u8 = b'o';
/// What a task sends to the check when it runs.
const TURN: u8 = b'a';
/// Limits how long the check waits for that.
const TURN_TIMEOUT: Duration = Duration::from_secs(2);

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

/// A small copy of an image, as a PNG file. It keeps its thread busy from beginning to end.
pub fn thumbnail(image: &[u8]) -> Result<Vec<u8>, Error> {
    let now = NOW.fetch_add(1, Ordering::Relaxed) + 1;
    MOST.fetch_max(now, Ordering::Relaxed);
    if let Some(port) = port() {
        // It fails when the check has seen enough and is gone. That is no error.
        let _ = be_held(port);
    }
    let small = shrink(image);
    NOW.fetch_sub(1, Ordering::Relaxed);
    small
}

/// What was measured in a run that started at this time.
pub fn measured(started: Instant) -> String {
    let threads = MOST.load(Ordering::Relaxed);
    if port().is_some() {
        return format!("threads computing at once: {threads} (no time: the check has held them)");
    }
    let in_flight = album::peak_in_flight();
    let requests =
        in_flight.map(|most| format!("requests in flight: {most}, ")).unwrap_or_default();
    let took = started.elapsed().as_secs_f64();
    format!("{requests}threads computing at once: {threads}, {took:.2} s")
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

/// Waits until the check closes the connection. For each byte from it, a task has to respond.
fn be_held(port: u16) -> io::Result<()> {
    let mut check = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    let who = if Handle::try_current().is_ok() { TOKIO } else { OTHER };
    check.write_all(&[who])?;
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
    /// Those that are held: each is one thread.
    held: Vec<TcpStream>,
    /// How many of these threads belong to a tokio runtime.
    pub of_tokio: usize,
}

impl Watch {
    /// Begins to watch, at a free port.
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        Ok(Self { listener, held: Vec::new(), of_tokio: 0 })
    }

    /// The variable, name and value, by which a submission finds it.
    pub fn variable(&self) -> io::Result<(&'static str, String)> {
        Ok((VARIABLE, self.listener.local_addr()?.port().to_string()))
    }

    /// How many threads are computing now: each of them is held.
    pub fn inside(&mut self) -> usize {
        while let Ok((mut thread, _)) = self.listener.accept() {
            let mut who = [OTHER];
            let heard = thread
                .set_nonblocking(false)
                .and_then(|()| thread.set_read_timeout(Some(Duration::from_secs(1))))
                .and_then(|()| thread.read(&mut who));
            self.of_tokio += usize::from(heard.is_ok() && who == [TOKIO]);
            self.held.push(thread);
        }
        self.held.len()
    }

    /// Whether a task runs while all of them are held.
    pub fn tasks_go_on(&mut self) -> bool {
        let mut word = [0];
        let heard = self.held.last_mut().map(|thread| {
            thread.set_read_timeout(Some(TURN_TIMEOUT))?;
            thread.write_all(&word)?;
            thread.read_exact(&mut word)
        });
        heard.is_some_and(|heard| heard.is_ok()) && word == [TURN]
    }
}
