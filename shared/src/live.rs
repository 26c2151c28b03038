//! The lanes as a terminal shows them while the program runs: a line for each download in progress.
//!
//! It draws only when something has happened: no thread and no timer.

mod rows;

use crate::options::Options;
use crate::progress::Event;
use crate::text::bytes;
use console::{Term, is_dumb};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use rows::Rows;
use std::collections::BTreeMap;
use std::env::var_os;
use std::io::{IsTerminal, stderr, stdout};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// From this many columns on there is room for bars.
const ROOM_FOR_BARS: u16 = 70;
/// The lines of the window that are not for lanes: the total, and the one below it.
const OTHER_LINES: u16 = 2;
/// What a bar counts to while nobody knows how many bytes will come: it stays empty.
const UNKNOWN: u64 = u64::MAX;

/// All lanes, and the total below them.
pub(crate) struct Live {
    all: MultiProgress,
    total: ProgressBar,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The rows and columns of the window.
    window: (u16, u16),
    /// The lines for which the window has room.
    lines: Vec<ProgressBar>,
    /// The downloads in progress, by their lanes.
    downloads: BTreeMap<usize, Download>,
}

struct Download {
    name: String,
    doing: String,
    size: Option<u64>,
    received: u64,
    /// Its place among the lines, if there was one left for it.
    line: Option<usize>,
}

/// Whether there is a terminal that wants to see it.
pub(crate) fn is_wanted(options: &Options) -> bool {
    let no_color = var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    stderr().is_terminal() && !is_dumb() && !no_color && !options.quiet && !options.json
}

impl Live {
    pub fn new() -> Self {
        let rows = Rows::new(Term::buffered_stderr());
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::term_like(Box::new(rows)));
        let total = all.add(ProgressBar::no_length());
        Self { total, all, state: Mutex::default() }
    }

    /// Shows that a lane is taken, if there is a line left for it.
    pub fn begin(&self, lane: usize, name: &str, size: Option<u64>) -> Bar<'_> {
        let mut state = self.fit();
        let taken = |line: &usize| state.downloads.values().any(|it| it.line == Some(*line));
        let free = (0..state.lines.len()).find(|line| !taken(line));
        let line = free.or_else(|| self.add_line(&mut state));
        let name = name.to_owned();
        let download = Download { name, doing: "waiting".into(), size, received: 0, line };
        drop(state.downloads.insert(lane, download));
        state.draw(lane);
        Bar { live: self, lane }
    }

    /// Shows how far all downloads together have come.
    pub fn count(&self, done: usize, images: usize, size: u64) {
        let hidden = self.fit().hidden().count();
        let more = if hidden == 0 { String::new() } else { format!(", {hidden} more now") };
        self.total.set_length(images as u64);
        self.total.set_position(done as u64);
        self.total.set_prefix(format!("total {done} of {images}"));
        self.total.set_message(format!("{}{more}", bytes(size)));
        self.total.force_draw();
    }

    /// Follows the window, which may have become larger or smaller.
    fn fit(&self) -> MutexGuard<'_, State> {
        let mut state = self.state();
        let window = Term::stderr().size();
        if state.window != window {
            state.window = window;
            let fits = state.lines.len().min(room(window.0));
            for line in state.lines.drain(fits..) {
                self.all.remove(&line);
            }
            for download in state.downloads.values_mut() {
                download.line = download.line.filter(|line| *line < fits);
            }
            for line in state.lines.iter().chain([&self.total]) {
                line.set_style(style(window.1));
                line.tick();
            }
            let hidden: Vec<usize> = state.hidden().collect();
            for lane in hidden {
                let Some(line) = self.add_line(&mut state) else { break };
                state.put(lane, line);
            }
        }
        state
    }

    /// One more line for lanes, if the window has room for it.
    fn add_line(&self, state: &mut State) -> Option<usize> {
        let line = state.lines.len();
        if line >= room(state.window.0) {
            return None;
        }
        let new = ProgressBar::no_length().with_style(style(state.window.1));
        state.lines.push(self.all.insert(line, new));
        Some(line)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Prints on stderr, above the lanes.
    pub fn complain(&self, print: impl FnOnce()) {
        self.all.suspend(print);
    }

    /// Prints on stdout, which is above the lanes if it is the same terminal.
    pub fn say(&self, print: impl FnOnce()) {
        if stdout().is_terminal() { self.all.suspend(print) } else { print() }
    }

    /// Takes the lanes off the screen, for good.
    pub fn clear(&self) {
        let _ = self.all.clear();
        self.all.set_draw_target(ProgressDrawTarget::hidden());
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
        "{prefix:26!} {bar:16} {msg:26!}"
    };
    ProgressStyle::with_template(template).expect("the template is proper").progress_chars("█▌░")
}

impl State {
    /// The lanes for which there is no line.
    fn hidden(&self) -> impl Iterator<Item = usize> {
        self.downloads.iter().filter(|(_, it)| it.line.is_none()).map(|(lane, _)| *lane)
    }

    /// Gives a line to a lane.
    fn put(&mut self, lane: usize, line: usize) {
        if let Some(download) = self.downloads.get_mut(&lane) {
            download.line = Some(line);
        }
        self.draw(lane);
    }

    /// Draws a lane on its line, if it has one.
    fn draw(&self, lane: usize) {
        let Some(download) = self.downloads.get(&lane) else { return };
        let Some(line) = download.line.and_then(|line| self.lines.get(line)) else { return };
        line.set_length(download.size.unwrap_or(UNKNOWN));
        line.set_position(download.received);
        line.set_prefix(format!("{:>4} {}", lane + 1, download.name));
        line.set_message(download.doing.clone());
    }
}

/// What is shown of a lane while a download holds it.
pub(crate) struct Bar<'a> {
    live: &'a Live,
    lane: usize,
}

impl Bar<'_> {
    pub fn show(&self, event: &Event) {
        let mut state = self.live.state();
        let Some(download) = state.downloads.get_mut(&self.lane) else { return };
        let doing = match event {
            Event::Asked => {
                download.received = 0;
                "waiting".into()
            }
            Event::Answered(size) => {
                download.size = size.or(download.size);
                "receiving".into()
            }
            Event::Received(more) => {
                download.received += more;
                bytes(download.received)
            }
            Event::Failed(_) => "failed, tries again".into(),
            Event::Saved => "saved".into(),
            Event::Computing => "thumbnail".into(),
        };
        let lasts = doing != download.doing && !matches!(event, Event::Received(_));
        download.doing = doing;
        state.draw(self.lane);
        if lasts {
            // Drawing is limited to some times a second, and the next event may be far away.
            self.live.total.force_draw();
        }
    }
}

impl Drop for Bar<'_> {
    /// Gives the line to a download that has none.
    fn drop(&mut self) {
        let mut state = self.live.state();
        let line = state.downloads.remove(&self.lane).and_then(|it| it.line);
        let Some(line) = line else { return };
        let next = state.hidden().next();
        if let Some(lane) = next {
            state.put(lane, line);
        } else if let Some(line) = state.lines.get(line) {
            line.set_length(UNKNOWN);
            line.set_position(0);
            line.set_prefix("");
            line.set_message("");
        }
    }
}
