//! A pseudo-terminal: it has a size, obeys control characters, and shows a screen.

use crate::wait::wait_for;
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
    controller: OwnedFd,
    /// The end that a program writes to.
    user: File,
    output: Arc<Mutex<Output>>,
}

struct Output {
    raw: Vec<u8>,
    parser: vt100::Parser,
}

impl Terminal {
    /// Opens a terminal of this size.
    pub fn new(rows: u16, columns: u16) -> Self {
        let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        // A program that inherited this end would keep its own terminal open.
        fcntl_setfd(&controller, FdFlags::CLOEXEC).expect("it is open");
        grantpt(&controller).and_then(|()| unlockpt(&controller)).expect("it is open");
        let name = ptsname(&controller, Vec::new()).expect("it has a name");
        let name = name.to_str().expect("the name is ASCII");
        let user = File::options().read(true).write(true).open(name).expect("it exists");
        let parser = vt100::Parser::new(size(rows), size(columns), 0);
        let output = Arc::new(Mutex::new(Output { raw: Vec::new(), parser }));
        let mut reader = File::from(controller.try_clone().expect("a file descriptor"));
        let written = Arc::clone(&output);
        // The thread ends when the terminal is closed.
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = reader.read(&mut buffer) {
                let mut output = written.lock().unwrap();
                output.raw.extend_from_slice(&buffer[..read]);
                output.parser.process(&buffer[..read]);
            }
        });
        let terminal = Self { controller, user, output };
        terminal.resize(rows, columns);
        terminal
    }

    /// Changes the terminal's size.
    pub fn resize(&self, rows: u16, columns: u16) {
        let window = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&self.controller, window).expect("it has a size");
        self.output.lock().unwrap().parser.screen_mut().set_size(size(rows), size(columns));
    }

    /// What the terminal shows now, line by line.
    pub fn screen(&self) -> Vec<String> {
        let output = self.output.lock().unwrap();
        let screen = output.parser.screen();
        screen.rows(0, screen.size().1.into()).map(|row| row.trim_end().to_owned()).collect()
    }

    /// All bytes written to the terminal so far.
    pub fn raw(&self) -> Vec<u8> {
        self.output.lock().unwrap().raw.clone()
    }

    /// Waits until `is_shown` holds for the screen, and returns it.
    #[track_caller]
    pub fn wait_for_screen(&self, what: &str, is_shown: impl Fn(&[String]) -> bool) -> Vec<String> {
        wait_for(what, || Some(self.screen()).filter(|screen| is_shown(screen)))
    }

    /// The end that a program writes to.
    pub(crate) fn end(&self) -> Stdio {
        self.user.try_clone().expect("a file descriptor").into()
    }
}

fn size(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).expect("a terminal has rows and columns")
}
