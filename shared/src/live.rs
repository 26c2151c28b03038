//! The lanes as a terminal shows them while the program runs: a line for each download in progress.
//!
//! It draws only when something has happened: no thread and no timer.

use crate::options::Options;
use crate::progress::Event;
use crate::text::{bytes, printable};
use console::{Term, is_dumb};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::env::var_os;
use std::io::{IsTerminal, stderr, stdout};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// From this many columns on there is room for bars.
const ROOM_FOR_BARS: u16 = 66;
/// The lines of the window that are not for lanes: the total, and the one below it.
const OTHER_LINES: u16 = 2;
/// What a bar counts to while nobody knows how many bytes will come: it stays empty.
const UNKNOWN: u64 = u64::MAX;

/// All lanes, and the total below them.
pub(crate) struct Live {
    all: MultiProgress,
    total: ProgressBar,
    shown: Mutex<Shown>,
}

/// What the window has room for.
#[derive(Default)]
struct Shown {
    /// Its rows and columns.
    window: (u16, u16),
    /// The lines of the lanes, from the first on.
    lanes: Vec<ProgressBar>,
}

/// Whether there is a terminal that wants to see it.
pub(crate) fn is_wanted(options: &Options) -> bool {
    let no_color = var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    stderr().is_terminal() && !is_dumb() && !no_color && !options.quiet && !options.json
}

impl Live {
    pub fn new() -> Self {
        let all = MultiProgress::new();
        // Over the old lines instead of clearing them first: it does not flicker.
        all.set_move_cursor(true);
        let total = ProgressBar::no_length();
        Self { total: all.add(total), all, shown: Mutex::default() }
    }

    /// Shows that a lane is taken. None if there is no room for it.
    pub fn begin(&self, number: usize, name: &str, size: Option<u64>) -> Option<Bar> {
        let mut shown = self.fit();
        let room = room(shown.window.0);
        while shown.lanes.len() <= number && shown.lanes.len() < room {
            let line = ProgressBar::no_length().with_style(style(shown.window.1));
            let line = self.all.insert(shown.lanes.len(), line);
            shown.lanes.push(line);
        }
        let line = shown.lanes.get(number)?.clone();
        line.set_length(size.unwrap_or(UNKNOWN));
        line.set_position(0);
        line.set_prefix(prefix(number, name));
        line.set_message("waiting");
        Some(Bar { number, line })
    }

    /// Shows how far all downloads together have come. `taken` are the lanes in use.
    pub fn count(&self, done: usize, images: usize, size: u64, taken: impl Iterator<Item = usize>) {
        let shown = self.fit().lanes.len();
        let hidden = taken.filter(|lane| *lane >= shown).count();
        let more = if hidden == 0 { String::new() } else { format!(", {hidden} more now") };
        self.total.set_length(images as u64);
        self.total.set_position(done as u64);
        self.total.set_prefix(format!("total {done} of {images}"));
        self.total.set_message(format!("{}{more}", bytes(size)));
        // Drawing is limited to some times a second; nobody knows when the next event comes.
        self.total.force_draw();
    }

    /// Follows the window, which may have become larger or smaller.
    fn fit(&self) -> MutexGuard<'_, Shown> {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let window = Term::stderr().size();
        if shown.window != window {
            shown.window = window;
            let fits = shown.lanes.len().min(room(window.0));
            for line in shown.lanes.drain(fits..) {
                self.all.remove(&line);
            }
            for line in shown.lanes.iter().chain([&self.total]) {
                line.set_style(style(window.1));
                line.tick();
            }
        }
        shown
    }

    /// Prints on stderr, above the lanes.
    pub fn complain(&self, print: impl FnOnce()) {
        self.all.suspend(print);
    }

    /// Prints on stdout, which is above the lanes if it is the same terminal.
    pub fn say(&self, print: impl FnOnce()) {
        if stdout().is_terminal() { self.all.suspend(print) } else { print() }
    }

    /// Takes the lanes off the screen.
    pub fn clear(&self) {
        let _ = self.all.clear();
    }
}

/// How many lanes fit into this many rows.
fn room(rows: u16) -> usize {
    usize::from(rows.saturating_sub(OTHER_LINES)).max(1)
}

fn style(columns: u16) -> ProgressStyle {
    let template = if columns < ROOM_FOR_BARS {
        "{prefix:16!} {wide_msg}"
    } else {
        "{prefix:26!} {bar:16} {msg:20!}"
    };
    ProgressStyle::with_template(template).expect("the template is proper").progress_chars("█▌░")
}

fn prefix(number: usize, name: &str) -> String {
    format!("{:>4} {}", number + 1, printable(name))
}

/// The line of a lane, while a download holds it.
pub(crate) struct Bar {
    number: usize,
    line: ProgressBar,
}

impl Bar {
    pub fn show(&self, event: &Event) {
        let line = &self.line;
        match event {
            Event::Asked => {
                line.set_position(0);
                line.set_message("waiting");
            }
            Event::Answered(size) => {
                if let Some(size) = size {
                    line.set_length(*size);
                }
                line.set_message("receiving");
            }
            Event::Received(more) => {
                line.inc(*more);
                line.set_message(bytes(line.position()));
            }
            Event::Failed(_) => line.set_message("failed, tries again"),
            Event::Saved => line.set_message("saved"),
            Event::Computing => line.set_message("thumbnail"),
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.line.set_length(UNKNOWN);
        self.line.set_position(0);
        self.line.set_prefix(prefix(self.number, ""));
        self.line.set_message("idle");
    }
}
