//! The downloads in progress, as a terminal shows them: one line each.
//!
//! Each event redraws the lines; there is no extra thread or timer.

use super::rows::Rows;
use crate::progress::Event;
use crate::text::bytes;
use console::Term;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::BTreeMap;
use std::io::{IsTerminal, stdout};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Minimum width of a window with bars, in columns. A narrower window shows only text.
const MIN_COLUMNS: u16 = 70;
/// Number of lines in the window that are not for lanes: the total, and the line below it.
const OTHER_LINES: u16 = 2;
/// Length of a bar whose download has an unknown size: the bar stays empty.
const UNKNOWN: u64 = u64::MAX;

/// All lanes, and the total below them.
pub(super) struct Bars {
    all: MultiProgress,
    total: ProgressBar,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The window's rows and columns.
    window: (u16, u16),
    /// The lines for lanes, at most as many as the window has room for.
    lines: Vec<ProgressBar>,
    /// The downloads in progress, by their lanes.
    downloads: BTreeMap<usize, Download>,
}

struct Download {
    name: String,
    doing: String,
    size: Option<u64>,
    received: u64,
    /// Index into [`State::lines`]; `None` while no line is free.
    line: Option<usize>,
}

impl Bars {
    pub fn new() -> Self {
        let rows = Rows::new(Term::buffered_stderr());
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::term_like(Box::new(rows)));
        let total = all.add(ProgressBar::no_length());
        Self { total, all, state: Mutex::default() }
    }

    /// Shows a download in its lane, if a line is free or there is room for another one.
    pub fn begin(&self, lane: usize, name: &str, size: Option<u64>) -> Bar<'_> {
        let mut state = self.fit();
        let taken = |line: &usize| state.downloads.values().any(|it| it.line == Some(*line));
        let free = (0..state.lines.len()).find(|line| !taken(line));
        let line = free.or_else(|| self.add_line(&mut state));
        let name = name.to_owned();
        let download = Download { name, doing: "waiting".into(), size, received: 0, line };
        drop(state.downloads.insert(lane, download));
        state.draw(lane);
        Bar { bars: self, lane }
    }

    /// Shows the total: the images done, all images, and the size of the saved ones in bytes.
    pub fn count(&self, done: usize, images: usize, size: u64) {
        let hidden = self.fit().hidden().count();
        let more = if hidden == 0 { String::new() } else { format!(", {hidden} more lanes") };
        self.total.set_length(images as u64);
        self.total.set_position(done as u64);
        self.total.set_prefix(format!("total {done} of {images}"));
        self.total.set_message(format!("{}{more}", bytes(size)));
        self.total.force_draw();
    }

    /// Adapts the lines to the window's size, if that has changed.
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

    /// Adds a line for lanes, if the window has room for it, and returns its index.
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
    pub fn print_error(&self, print: impl FnOnce()) {
        self.all.suspend(print);
    }

    /// Prints on stdout: above the lanes, if it is the same terminal.
    pub fn print(&self, print: impl FnOnce()) {
        if stdout().is_terminal() { self.all.suspend(print) } else { print() }
    }

    /// Removes all lines for good.
    pub fn clear(&self) {
        let _ = self.all.clear();
        self.all.set_draw_target(ProgressDrawTarget::hidden());
    }
}

/// How many lanes fit into a window with `rows` rows; at least 1.
fn room(rows: u16) -> usize {
    usize::from(rows.saturating_sub(OTHER_LINES)).max(1)
}

fn style(columns: u16) -> ProgressStyle {
    let template = if columns < MIN_COLUMNS {
        "{prefix:16!} {wide_msg}"
    } else {
        "{prefix:26!} {bar:16} {msg:26!}"
    };
    ProgressStyle::with_template(template).expect("the template is valid").progress_chars("█▌░")
}

impl State {
    /// The lanes without a line.
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

/// The bar of a download in progress; removed on drop.
pub(super) struct Bar<'a> {
    bars: &'a Bars,
    lane: usize,
}

impl Bar<'_> {
    pub fn show(&self, event: &Event) {
        let mut state = self.bars.state();
        let Some(download) = state.downloads.get_mut(&self.lane) else { return };
        let doing = match event {
            Event::Requested => {
                download.received = 0;
                "waiting".into()
            }
            Event::Responded(size) => {
                download.size = size.or(download.size);
                "receiving".into()
            }
            Event::Received(more) => {
                download.received += more;
                bytes(download.received)
            }
            Event::Failed(_) => "failed, will retry".into(),
            Event::Saved => "saved".into(),
            Event::Computing => "thumbnail".into(),
        };
        let is_new = doing != download.doing && !matches!(event, Event::Received(_));
        download.doing = doing;
        state.draw(self.lane);
        if is_new {
            // Forces a redraw: indicatif limits how often it draws, and the next event may be a
            // long way off.
            self.bars.total.force_draw();
        }
    }
}

impl Drop for Bar<'_> {
    /// Passes the line on to a download that has none, or clears it.
    fn drop(&mut self) {
        let mut state = self.bars.state();
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
