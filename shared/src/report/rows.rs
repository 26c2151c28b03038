//! A terminal for the bars, whose lines survive a change of the window's width.

use console::Term;
use indicatif::TermLike;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// A terminal on which each line ends with a line break.
///
/// indicatif fills its lines with spaces up to the right edge and relies on the terminal to wrap.
/// When the window becomes wider, the terminal joins such lines, and indicatif then overwrites the
/// lines above them.
#[derive(Debug)]
pub(super) struct Rows {
    term: Term,
    /// Whether a line break is due before the next text.
    ended: AtomicBool,
}

impl Rows {
    pub fn new(term: Term) -> Self {
        Self { term, ended: AtomicBool::new(false) }
    }

    /// Cancels a pending line break, and returns the terminal.
    fn stay(&self) -> &Term {
        self.ended.store(false, Relaxed);
        &self.term
    }
}

impl TermLike for Rows {
    fn width(&self) -> u16 {
        self.term.size().1
    }

    fn height(&self) -> u16 {
        self.term.size().0
    }

    fn move_cursor_up(&self, rows: usize) -> io::Result<()> {
        self.stay().move_cursor_up(rows)
    }

    fn move_cursor_down(&self, rows: usize) -> io::Result<()> {
        self.stay().move_cursor_down(rows)
    }

    fn move_cursor_right(&self, columns: usize) -> io::Result<()> {
        self.stay().move_cursor_right(columns)
    }

    fn move_cursor_left(&self, columns: usize) -> io::Result<()> {
        self.stay().move_cursor_left(columns)
    }

    fn write_line(&self, line: &str) -> io::Result<()> {
        self.stay().write_line(line)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        if text.bytes().all(|byte| byte == b' ') {
            self.ended.store(true, Relaxed);
            return Ok(());
        }
        if self.ended.swap(false, Relaxed) {
            self.term.write_line("")?;
        }
        self.term.write_str(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.stay().clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        self.term.flush()
    }
}
