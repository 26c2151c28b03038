//! A terminal as programs see one: it has a size, obeys control characters and shows a screen.

use crate::await_some;
use rustix::io::{FdFlags, fcntl_setfd};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use std::fs::File;
use std::io::Read;
use std::num::NonZeroU16;
use std::os::fd::OwnedFd;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::thread;

/// A terminal, and what it shows.
pub struct Terminal {
    ours: OwnedFd,
    theirs: File,
    seen: Arc<Mutex<Seen>>,
}

struct Seen {
    raw: Vec<u8>,
    screen: vt100::Parser,
}

impl Terminal {
    /// A terminal with so many rows and columns.
    pub fn new(rows: u16, columns: u16) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        // A program that kept it open would never see that the terminal is gone.
        fcntl_setfd(&ours, FdFlags::CLOEXEC).expect("it is ours");
        grantpt(&ours).and_then(|()| unlockpt(&ours)).expect("it is ours");
        let name = ptsname(&ours, Vec::new()).expect("it has a name");
        let name = name.to_str().expect("the name is plain");
        let theirs = File::options().read(true).write(true).open(name).expect("it is there");
        let screen = vt100::Parser::new(some(rows), some(columns), 0);
        let seen = Arc::new(Mutex::new(Seen { raw: Vec::new(), screen }));
        let mut reader = File::from(ours.try_clone().expect("a handle"));
        let written = Arc::clone(&seen);
        let _reads_until_the_terminal_is_closed = thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = reader.read(&mut buffer) {
                let mut seen = written.lock().unwrap();
                seen.raw.extend_from_slice(&buffer[..read]);
                seen.screen.process(&buffer[..read]);
            }
        });
        let terminal = Self { ours, theirs, seen };
        terminal.resize(rows, columns);
        terminal
    }

    /// Makes it larger or smaller.
    pub fn resize(&self, rows: u16, columns: u16) {
        let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&self.ours, size).expect("it has a size");
        self.seen.lock().unwrap().screen.screen_mut().set_size(some(rows), some(columns));
    }

    /// What it shows now, line by line.
    pub fn screen(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        let screen = seen.screen.screen();
        screen.rows(0, screen.size().1.into()).map(|row| row.trim_end().to_owned()).collect()
    }

    /// All that was ever written to it.
    pub fn raw(&self) -> Vec<u8> {
        self.seen.lock().unwrap().raw.clone()
    }

    /// Waits until it shows what is looked for.
    #[track_caller]
    pub fn await_screen(&self, what: &str, shows: impl Fn(&[String]) -> bool) -> Vec<String> {
        await_some(what, || Some(self.screen()).filter(|screen| shows(screen)))
    }

    /// An end for a program to write to.
    pub(crate) fn end(&self) -> Stdio {
        self.theirs.try_clone().expect("a handle").into()
    }
}

fn some(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).expect("a terminal has room")
}
