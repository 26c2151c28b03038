//! A timeline as a picture (SVG), made for a slide.
//!
//! The colours are Okabe and Ito's, which people see apart whatever their eyes; they also differ in
//! lightness and shape. The picture brings its own background, light or dark as its reader wishes.

use super::{Download, Phase, Timeline};
use std::fmt::{self, Write};
use std::time::Duration;

/// The picture, in pixels.
const WIDTH: f64 = 1600.0;
const HEIGHT: f64 = 900.0;
/// Where the lanes are drawn.
const LEFT: f64 = 110.0;
const RIGHT: f64 = 1560.0;
const TOP: f64 = 175.0;
const BOTTOM: f64 = 820.0;
/// The tallest lane.
const TALLEST: f64 = 125.0;
/// About how wide a digit is, as a part of the letters' height.
const DIGIT: f64 = 0.6;

/// Plain colours first: not every program for slides knows the rest.
const STYLE: &str = "
text { font: 28px system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #1a1a1a }
.title { font-size: 40px; font-weight: 600 }
.paper, .end { fill: #ffffff }
.line { stroke: #c8c8c8; stroke-width: 2 }
.pause { fill: #8c8c8c }
.wait { fill: #b9dcf2 }
.get { fill: #0072b2 }
.compute { fill: url(#hatched) }
.orange { fill: #e69f00 }
.hatch { stroke: #5c3f00; stroke-width: 5 }
.again { fill: #d55e00; stroke: #ffffff; stroke-width: 2 }
.gave-up { stroke: #d55e00; stroke-width: 6; stroke-linecap: round }
@media (prefers-color-scheme: dark) {
text { fill: #f2f2f2 }
.paper, .end { fill: #16181c }
.line { stroke: #4a4f57 }
.wait { fill: #31566e }
.get { fill: #56b4e9 }
.again { fill: #ff7a2e; stroke: #16181c }
.gave-up { stroke: #ff7a2e }
}
";

pub(super) fn draw(timeline: &Timeline) -> String {
    let mut svg = String::new();
    // Writing into a string does not fail.
    let _ = write(&mut svg, timeline);
    svg
}

fn write(svg: &mut String, timeline: &Timeline) -> fmt::Result {
    let lanes = timeline.lanes();
    let height = ((BOTTOM - TOP) / lanes.max(1) as f64).min(TALLEST);
    let bottom = TOP + height * lanes as f64;
    let title = escape(&timeline.title());
    writeln!(
        svg,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">
<title>{title}</title>
<style>{STYLE}</style>
<defs><pattern id="hatched" width="12" height="12" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect class="orange" width="12" height="12"/><line class="hatch" y2="12"/></pattern></defs>
<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>
<text class="title" x="40" y="62">{title}</text>"#
    )?;
    legend(svg)?;
    axis(svg, timeline, bottom)?;
    let step = nice(30.0 / height).max(1.0) as usize;
    for lane in (0..lanes).filter(|lane| lane % step == 0) {
        let y = TOP + height * (lane as f64 + 0.5) + 10.0;
        let x = LEFT - 20.0;
        writeln!(svg, r#"<text x="{x}" y="{y:.1}" text-anchor="end">{}</text>"#, lane + 1)?;
    }
    for download in &timeline.downloads {
        let y = TOP + height * download.lane as f64;
        bars(svg, timeline, download, y, height)?;
    }
    // The marks come last, so that no bar hides them.
    for download in &timeline.downloads {
        let size = (height * 0.4).clamp(6.0, 16.0);
        // At the lower edge of a high lane, so that they do not hide the numbers.
        let y = TOP + height * download.lane as f64 + (height * 0.84 - size).max(height * 0.42);
        for mark in download.marks() {
            let reason = format!("{} {}: {}", download.number, download.name, mark.reason);
            let reason = escape(&reason);
            write!(svg, "<g><title>{reason}</title>")?;
            sign(svg, mark.again, x(timeline, mark.at), y, size)?;
            writeln!(svg, "</g>")?;
        }
    }
    writeln!(svg, "</svg>")
}

fn legend(svg: &mut String) -> fmt::Result {
    let y = 122.0;
    let texts = [
        ("wait", "waiting for an answer"),
        ("get", "receiving"),
        ("compute", "thumbnail"),
        ("pause", "pause"),
    ];
    let mut x = 40.0;
    for (class, text) in texts {
        let (top, height) = if class == "pause" { (y - 12.0, 4) } else { (y - 24.0, 28) };
        writeln!(svg, r#"<rect class="{class}" x="{x}" y="{top}" width="44" height="{height}"/>"#)?;
        writeln!(svg, r#"<text x="{}" y="{y}">{text}</text>"#, x + 56.0)?;
        x += 56.0 + 16.0 * text.len() as f64 + 30.0;
    }
    for (again, text) in [(true, "a try failed"), (false, "given up")] {
        sign(svg, again, x + 14.0, y - 10.0, 14.0)?;
        writeln!(svg, r#"<text x="{}" y="{y}">{text}</text>"#, x + 40.0)?;
        x += 40.0 + 16.0 * text.len() as f64 + 30.0;
    }
    Ok(())
}

/// The seconds, and a line where the album's list was there.
fn axis(svg: &mut String, timeline: &Timeline, bottom: f64) -> fmt::Result {
    let total = timeline.total.as_secs_f64();
    let step = nice(total / 8.0);
    let ticks = (0..).map(|tick| f64::from(tick) * step).take_while(|at| *at <= total);
    for at in ticks.take(20) {
        let x = x(timeline, Duration::from_secs_f64(at));
        writeln!(
            svg,
            r#"<line class="line" x1="{x:.1}" x2="{x:.1}" y1="{TOP}" y2="{bottom:.1}"/>"#
        )?;
        let y = bottom + 36.0;
        // Rounded as the step is, so that no tick is called 0.30000000000000004.
        let at = (at * 1e6).round() / 1e6;
        writeln!(svg, r#"<text x="{x:.1}" y="{y:.1}" text-anchor="middle">{at} s</text>"#)?;
    }
    let Some(listed) = timeline.listed else {
        return Ok(());
    };
    let x = x(timeline, listed);
    writeln!(
        svg,
        r#"<g><title>the list of images is there</title><line class="line" stroke-dasharray="8 6" x1="{x:.1}" x2="{x:.1}" y1="{:.1}" y2="{bottom:.1}"/></g>"#,
        TOP - 12.0
    )
}

fn bars(
    svg: &mut String,
    timeline: &Timeline,
    download: &Download,
    y: f64,
    height: f64,
) -> fmt::Result {
    let outcome = match &download.result {
        Ok(bytes) => format!("{bytes} bytes"),
        Err(reason) => reason.clone(),
    };
    let seconds = |at: Duration| at.as_secs_f64();
    write!(
        svg,
        "<g><title>{} {}, {:.3} s to {:.3} s: {}</title>",
        download.number,
        escape(&download.name),
        seconds(download.begin),
        seconds(download.end),
        escape(&outcome)
    )?;
    let bar = height * 0.84;
    for (phase, from, to) in download.phases() {
        let (class, top, bar) = match phase {
            Phase::Waiting => ("wait", y, bar),
            Phase::Receiving => ("get", y, bar),
            Phase::Computing => ("compute", y, bar),
            Phase::Paused => ("pause", y + bar / 2.0 - bar.min(4.0) / 2.0, bar.min(4.0)),
        };
        let (from, to) = (x(timeline, from), x(timeline, to));
        write!(
            svg,
            r#"<rect class="{class}" x="{from:.1}" y="{top:.1}" width="{:.1}" height="{bar:.1}"/>"#,
            to - from
        )?;
    }
    // A gap, so that one sees where the next one begins.
    let (from, to) = (x(timeline, download.begin), x(timeline, download.end));
    let gap = ((to - from) / 8.0).min(2.0);
    write!(
        svg,
        r#"<rect class="end" x="{:.1}" y="{y:.1}" width="{gap:.1}" height="{bar:.1}"/>"#,
        to - gap
    )?;
    // The image's number in the album, where the first wait leaves room for it.
    let wait = download.phases().find(|(phase, ..)| *phase == Phase::Waiting);
    let room = wait.map_or(0.0, |(_, from, to)| x(timeline, to) - x(timeline, from));
    let number = download.number.to_string();
    let letters = (bar * 0.7).min(28.0);
    if letters >= 9.0 && room > letters * DIGIT * number.len() as f64 + 6.0 {
        write!(
            svg,
            r#"<text x="{:.1}" y="{:.1}" style="font-size:{letters:.0}px">{number}</text>"#,
            from + 3.0,
            y + bar / 2.0 + letters * 0.36
        )?;
    }
    writeln!(svg, "</g>")
}

/// A triangle for a try after which there was another one, a cross for the last.
fn sign(svg: &mut String, again: bool, x: f64, y: f64, size: f64) -> fmt::Result {
    let (left, right, top, bottom) = (x - size, x + size, y - size, y + size);
    if again {
        return write!(
            svg,
            r#"<path class="again" d="M{left:.1} {bottom:.1}H{right:.1}L{x:.1} {top:.1}Z"/>"#
        );
    }
    write!(
        svg,
        r#"<path class="gave-up" d="M{left:.1} {top:.1}L{right:.1} {bottom:.1}M{left:.1} {bottom:.1}L{right:.1} {top:.1}"/>"#
    )
}

fn x(timeline: &Timeline, at: Duration) -> f64 {
    LEFT + (RIGHT - LEFT) * timeline.share(at)
}

/// The next larger of 1, 2, 5, 10, 20, 50 …, or of 0.1, 0.2, 0.5 ….
fn nice(number: f64) -> f64 {
    if number <= 0.0 {
        return 1.0;
    }
    let power = 10_f64.powi(number.log10().floor() as i32);
    let digit = [1.0, 2.0, 5.0].into_iter().find(|digit| digit * power >= number);
    digit.unwrap_or(10.0) * power
}

fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for letter in crate::text::printable(text).chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // XML has no number for these two.
            '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            letter => escaped.push(letter),
        }
    }
    escaped
}
