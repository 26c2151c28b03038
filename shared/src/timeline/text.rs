//! A timeline as text, for a terminal of 80 columns.

use super::element::Element;
use super::recording::Timeline;
use std::time::Duration;

/// Columns for the time axis; the lanes' numbers take five more.
const WIDTH: usize = 75;
/// Lanes that are drawn; the others are counted.
const MAX_LANES: usize = 40;

/// Draws the lanes between a title and a legend.
pub(super) fn draw(timeline: &Timeline) -> String {
    let seconds = format!("{:.2} s", timeline.total.as_secs_f64());
    let mut lines = vec![
        timeline.title(),
        format!("lane {:<space$}{seconds}", "0 s", space = WIDTH - seconds.len()),
    ];
    for lane in 0..timeline.lanes().min(MAX_LANES) {
        let line = format!("{:>4} {}", lane + 1, row(timeline, lane));
        lines.push(line.trim_end().to_owned());
    }
    if timeline.lanes() > MAX_LANES {
        lines.push(format!("     and {} more lanes", timeline.lanes() - MAX_LANES));
    }
    let shown = Element::ALL.into_iter().filter(|element| timeline.shows(*element));
    let legend = shown.map(Element::look).filter_map(|look| Some((look.sign?, look.name)));
    let legend: Vec<String> = legend.map(|(sign, name)| format!("{sign} {name}")).collect();
    lines.push(format!("     {}", legend.join("  ")).trim_end().to_owned());
    lines.join("\n")
}

/// One lane: in each column the phase that took most of its time, or an attempt that failed in it.
fn row(timeline: &Timeline, lane: usize) -> String {
    // For each column the share of it that each phase took; the rest was free.
    let mut columns = [[0.0; Element::PHASES]; WIDTH];
    let mut signs = [None; WIDTH];
    let total = timeline.total.as_secs_f64().max(f64::MIN_POSITIVE);
    let position = |at: Duration| at.as_secs_f64() / total * WIDTH as f64;
    for download in timeline.downloads.iter().filter(|download| download.lane == lane) {
        for (phase, from, to) in download.phases() {
            let (from, to) = (position(from), position(to));
            let touched = columns.iter_mut().enumerate().take(to.ceil() as usize);
            for (number, column) in touched.skip(from as usize) {
                let start = number as f64;
                column[phase as usize] += to.min(start + 1.0) - from.max(start);
            }
        }
        // The image's number in the album, where there is room for it.
        let column = |at| (position(at) as usize).min(WIDTH - 1);
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
