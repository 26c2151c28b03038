//! A timeline as text, as wide as the terminal.

use super::element::Element;
use super::recording::Timeline;
use std::fmt::Write;
use std::time::Duration;

/// Width of the lanes' numbers on the left, in columns.
const MARGIN: usize = 5;
/// Minimum width of the drawing, in columns, even if the terminal is narrower.
const MIN_COLUMNS: usize = 40;
/// Maximum number of lanes that are drawn. The others are only counted.
const MAX_LANES: usize = 40;
/// With more lanes than this, the axis is repeated below them: the first one may have scrolled
/// away.
const LANES_ON_A_SCREEN: usize = 20;

/// Draws the lanes between a title and a legend, in a terminal with `columns` columns.
pub(super) fn draw(timeline: &Timeline, columns: usize, is_coloured: bool) -> String {
    let paint = |row: &str| if is_coloured { coloured(row) } else { row.to_owned() };
    let width = columns.max(MIN_COLUMNS) - MARGIN;
    let seconds = format!("{:.2} s", timeline.total.as_secs_f64());
    let axis = format!("     {:<space$}{seconds}", "0 s", space = width - seconds.len());
    let mut lines = vec![timeline.title(), axis.clone()];
    for lane in 0..timeline.lanes().min(MAX_LANES) {
        let row = row(timeline, lane, width);
        let line = format!("{:>4} {}", lane + 1, paint(row.trim_end()));
        lines.push(line.trim_end().to_owned());
    }
    if timeline.lanes() > MAX_LANES {
        lines.push(format!("     and {} more lanes", timeline.lanes() - MAX_LANES));
    }
    if timeline.lanes() > LANES_ON_A_SCREEN {
        lines.push(axis);
    }
    lines.extend(legend(timeline, width).iter().map(|line| paint(line)));
    lines.join("\n")
}

/// A row or a line of the legend, with its signs in colour. No word of the legend contains a sign.
fn coloured(line: &str) -> String {
    let mut coloured = String::new();
    let mut colour = None;
    for char in line.chars() {
        let mut looks = Element::ALL.into_iter().map(Element::look);
        let own = looks.find(|look| look.sign == Some(char)).map(|look| look.ansi);
        if own != colour {
            // 0 ends a colour.
            let _ = write!(coloured, "\x1b[{}m", own.unwrap_or(0));
            colour = own;
        }
        coloured.push(char);
    }
    if colour.is_some() {
        coloured.push_str("\x1b[0m");
    }
    coloured
}

/// The lines of the legend: the elements that occur, and what the numbers mean.
fn legend(timeline: &Timeline, width: usize) -> Vec<String> {
    let shown = Element::ALL.into_iter().filter(|element| timeline.shows(*element));
    let signs = shown.map(Element::look).filter_map(|look| Some((look.sign?, look.name)));
    let mut entries: Vec<String> = signs.map(|(sign, name)| format!("{sign} {name}")).collect();
    if !entries.is_empty() {
        entries.push("7 the album's image 7".to_owned());
    }
    let mut lines: Vec<String> = Vec::new();
    for entry in entries {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 2 + entry.chars().count() <= MARGIN + width => {
                line.extend(["  ", &entry]);
            }
            _ => lines.push(format!("     {entry}")),
        }
    }
    lines
}

/// One lane. Each column shows the phase that took most of its time, a digit of the image's number,
/// or an attempt that failed in it.
fn row(timeline: &Timeline, lane: usize, width: usize) -> String {
    // For each column, the share of its time that each phase took. For the rest, the lane was free.
    let mut columns = vec![[0.0; Element::PHASES]; width];
    let mut signs = vec![None; width];
    let total = timeline.total.as_secs_f64().max(f64::MIN_POSITIVE);
    let position = |at: Duration| at.as_secs_f64() / total * width as f64;
    for download in timeline.downloads.iter().filter(|download| download.lane == lane) {
        for (phase, from, to) in download.phases() {
            let (from, to) = (position(from), position(to));
            let touched = columns.iter_mut().enumerate().take(to.ceil() as usize);
            for (number, column) in touched.skip(from as usize) {
                let start = number as f64;
                column[phase as usize] += to.min(start + 1.0) - from.max(start);
            }
        }
        // The image's number in the album, if there is room for it.
        let column = |at| (position(at) as usize).min(width - 1);
        let (first, last) = (column(download.begin), column(download.end));
        let number = download.number.to_string();
        if number.len() + 2 <= last - first {
            for (offset, digit) in number.chars().enumerate() {
                signs[first + 1 + offset] = Some(digit);
            }
        }
        for (element, at, _) in download.failures() {
            let sign = &mut signs[column(at)];
            // An image that is given up matters more than a failed attempt in the same column.
            if *sign != Element::GivenUp.look().sign {
                *sign = element.look().sign;
            }
        }
    }
    columns.iter().zip(signs).map(|(column, other)| other.unwrap_or_else(|| sign(column))).collect()
}

/// The sign of the phase that took most of a column.
fn sign(column: &[f64; Element::PHASES]) -> char {
    let mut most = (1.0 - column.iter().sum::<f64>(), ' ');
    for (phase, share) in Element::ALL.into_iter().zip(column) {
        if let Some(sign) = phase.look().sign
            && *share > most.0
        {
            most = (*share, sign);
        }
    }
    most.1
}
