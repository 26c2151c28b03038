//! A timeline as text, for a terminal of 80 columns.

use super::{Phase, Timeline};

/// The columns for the time; five more stand before them.
const WIDTH: usize = 75;
/// More lanes than fit a screen help nobody.
const MOST_LANES: usize = 40;
const LEGEND: &str = "     · waiting  █ receiving  ▒ thumbnail  - pause  ! try failed  x given up";

pub(super) fn draw(timeline: &Timeline) -> String {
    let seconds = format!("{:.2} s", timeline.total.as_secs_f64());
    let mut lines = vec![
        timeline.title(),
        format!("lane {:<space$}{seconds}", "0 s", space = WIDTH - seconds.len()),
    ];
    for lane in 0..timeline.lanes().min(MOST_LANES) {
        let line = format!("{:>4} {}", lane + 1, row(timeline, lane));
        lines.push(line.trim_end().to_owned());
    }
    if timeline.lanes() > MOST_LANES {
        lines.push(format!("     and {} lanes more", timeline.lanes() - MOST_LANES));
    }
    lines.push(LEGEND.to_owned());
    lines.join("\n")
}

/// One lane: in each column what took most of its time, or a try that failed in it.
fn row(timeline: &Timeline, lane: usize) -> String {
    // For each column the share of it that each phase took; the rest was free.
    let mut columns = [[0.0; 4]; WIDTH];
    let mut signs = [None; WIDTH];
    for download in timeline.downloads.iter().filter(|download| download.lane == lane) {
        for (phase, from, to) in download.phases() {
            let from = timeline.share(from) * WIDTH as f64;
            let to = timeline.share(to) * WIDTH as f64;
            let touched = columns.iter_mut().enumerate().take(to.ceil() as usize);
            for (number, column) in touched.skip(from as usize) {
                let start = number as f64;
                column[phase as usize] += to.min(start + 1.0) - from.max(start);
            }
        }
        // The image's number in the album, where there is room for it.
        let column = |at| ((timeline.share(at) * WIDTH as f64) as usize).min(WIDTH - 1);
        let (first, last) = (column(download.begin), column(download.end));
        let number = download.number.to_string();
        if number.len() + 2 <= last - first {
            for (number, digit) in number.chars().enumerate() {
                signs[first + 1 + number] = Some(digit);
            }
        }
        for mark in download.marks() {
            let sign = &mut signs[column(mark.at)];
            // What was given up matters more than another try in the same column.
            if *sign != Some('x') {
                *sign = Some(if mark.again { '!' } else { 'x' });
            }
        }
    }
    columns.iter().zip(signs).map(|(column, other)| other.unwrap_or_else(|| sign(column))).collect()
}

fn sign(column: &[f64; 4]) -> char {
    let phases = [
        (Phase::Waiting, '·'),
        (Phase::Receiving, '█'),
        (Phase::Computing, '▒'),
        (Phase::Paused, '-'),
    ];
    let mut most = (1.0 - column.iter().sum::<f64>(), ' ');
    for (phase, sign) in phases {
        if column[phase as usize] > most.0 {
            most = (column[phase as usize], sign);
        }
    }
    most.1
}
