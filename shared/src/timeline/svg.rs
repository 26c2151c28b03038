//! Timelines as a picture (SVG): one run or several on one time axis, large enough for a slide.
//!
//! The picture has its own background, light or dark as the reader's browser prefers, and light on paper.

use super::element::{Element, Look};
use super::recording::{Download, Timeline};
use std::fmt::Display;
use std::time::Duration;

/// Width of the picture, in pixels; its height follows from the lanes.
const WIDTH: f64 = 1600.0;
/// Left edge of titles and legend.
const MARGIN: f64 = 40.0;
/// Left and right end of the time axis.
const LEFT: f64 = 110.0;
const RIGHT: f64 = 1560.0;
/// Height of a run's title.
const TITLE: f64 = 84.0;
/// Height of a line of the legend.
const LINE: f64 = 44.0;
/// Maximum height of a lane, as `[one, least]`: `one` divided by the number of runs, but at least
/// `least`.
const MAX_LANE: [f64; 2] = [125.0, 36.0];
/// Maximum height of all lanes of a run together, by the same rule.
const MAX_LANES: [f64; 2] = [645.0, 220.0];
/// Height of a bar, relative to its lane, and of a bar's waiting, relative to the bar. The live view
/// has the same heights, in `chart.js`.
const BAR: f64 = 0.84;
const WAITING: f64 = 0.5;
/// Height of the thinnest bar that has thinner phases, in pixels.
const THIN: f64 = 3.0;
/// Width of a digit, and approximate width of a letter, relative to the font size.
const DIGIT: f64 = 0.6;
const LETTER: f64 = 0.5;
/// Font size, and the smallest that is readable on a slide, in pixels.
const LETTERS: f64 = 28.0;
const MIN_LETTERS: f64 = 14.0;

/// Every rule names the picture's class, and therefore changes nothing else on a page that contains
/// the picture. Plain colours come first: some presentation programs ignore media queries.
const STYLE: &str = "
.timeline text { font: 28px system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #1a1a1a }
.timeline .title { font-size: 36px; font-weight: 600 }
.timeline .paper { fill: #ffffff }
.timeline .grid { stroke: #c8c8c8; stroke-width: 2 }
.timeline .orange { fill: #e69f00 }
.timeline .hatch { stroke: #5c3f00; stroke-width: 5 }";
const DARK: &str = "
.timeline text { fill: #f2f2f2 }
.timeline .paper { fill: #16181c }
.timeline .grid { stroke: #4a4f57 }";
const HATCHED: &str = r#"<defs><pattern id="hatched" width="12" height="12" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect class="orange" width="12" height="12"/><line class="hatch" y2="12"/></pattern></defs>"#;

/// Draws the runs below each other, in the given order.
pub fn draw(runs: &[Timeline]) -> String {
    let total = runs.iter().map(|run| run.total).max().unwrap_or_default();
    let mut drawing = Drawing { total: total.as_secs_f64(), lines: Vec::new() };
    let bottom = runs.iter().fold(0.0, |top, run| drawing.run(run, top, runs.len()));
    for at in drawing.ticks() {
        // Rounded, so that no label is 0.30000000000000004.
        let label = format!("{} s", (at * 1e6).round() / 1e6);
        drawing.text(drawing.x(at), bottom + 36.0, r#"text-anchor="middle""#, label);
    }
    let height = drawing.legend(runs, bottom + 100.0) + 28.0;
    let titles = runs.iter().map(|run| escape(&run.title())).collect::<Vec<_>>().join("; ");
    let (light, dark) = (rules(|look| look.light), rules(|look| look.dark));
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" class="timeline" viewBox="0 0 {WIDTH} {height:.0}" role="img">
<title>{titles}</title>
<style>{STYLE}{light}
@media screen and (prefers-color-scheme: dark) {{{DARK}{dark}
}}
</style>
{HATCHED}
<rect class="paper" width="{WIDTH}" height="{height:.0}"/>
{}
</svg>
"#,
        drawing.lines.join("\n")
    )
}

struct Drawing {
    /// Duration of the longest run, in seconds.
    total: f64,
    lines: Vec<String>,
}

impl Drawing {
    /// Draws a run below `top`, and returns its lower edge.
    fn run(&mut self, run: &Timeline, top: f64, runs: usize) -> f64 {
        let share = |[one, least]: [f64; 2]| (one / runs as f64).max(least);
        let height = (share(MAX_LANES) / run.lanes().max(1) as f64).min(share(MAX_LANE));
        // Lanes begin on whole pixels, so that all have the same height and sharp edges.
        let height = if height < 1.0 { height } else { height.floor() };
        let bar = (height * BAR).round().max(1.0).min(height);
        self.text(MARGIN, top + 56.0, r#"class="title""#, escape(&run.title()));
        let top = top + TITLE;
        let bottom = top + height * run.lanes() as f64;
        for at in self.ticks() {
            self.vertical("grid", self.x(at), top, bottom);
        }
        let step = nice(34.0 / height).max(1.0) as usize;
        for lane in (0..run.lanes()).step_by(step) {
            let y = top + height * (lane as f64 + 0.5) + 10.0;
            self.text(LEFT - 20.0, y, r#"text-anchor="end""#, lane + 1);
        }
        for download in &run.downloads {
            self.download(download, top + height * download.lane as f64, bar);
        }
        if let Some(listed) = run.listed {
            self.vertical(&Element::Listed.class(), self.x(seconds(listed)), top - 8.0, bottom);
        }
        // The marks are drawn last, so that no bar hides them.
        for download in &run.downloads {
            let size = (height * 0.4).clamp(6.0, 16.0);
            // In a tall lane, the marks are at the lower edge, where they do not hide the numbers.
            let y = top + height * download.lane as f64 + (bar - size).max(bar / 2.0);
            for (element, at, reason) in download.failures() {
                let title = escape(&format!("{} {}: {reason}", download.number, download.name));
                self.lines.push(format!("<g><title>{title}</title>"));
                self.mark(element, self.x(seconds(at)), y, size);
                self.lines.push("</g>".to_owned());
            }
        }
        bottom
    }

    /// Draws a download's bars and its image's number.
    fn download(&mut self, download: &Download, y: f64, height: f64) {
        let Download { number, name, begin, end, result, .. } = download;
        let outcome = match result {
            Ok(bytes) => format!("{bytes} bytes"),
            Err(reason) => reason.clone(),
        };
        let (begin, end) = (seconds(*begin), seconds(*end));
        let title = escape(&format!("{number} {name}, {begin:.3} s to {end:.3} s: {outcome}"));
        self.lines.push(format!("<g><title>{title}</title>"));
        let phases = download.phases();
        for (phase, from, to) in &phases {
            let x = self.x(seconds(*from));
            self.bar(*phase, x, y, self.x(seconds(*to)) - x, height);
        }
        // A gap shows where the next download begins.
        let (begin, end) = (self.x(begin), self.x(end));
        let gap = ((end - begin) / 8.0).min(2.0);
        self.rect("paper", end - gap, y, gap, height);
        // The number, if the first wait leaves room for it.
        let number = number.to_string();
        let letters = (height * WAITING).min(LETTERS);
        let wait = phases.first().filter(|(phase, ..)| *phase == Element::Waiting);
        let room = wait.map_or(0.0, |(.., to)| self.x(seconds(*to)) - begin);
        if letters >= MIN_LETTERS && room > letters * DIGIT * number.len() as f64 + 6.0 {
            let style = format!(r#"style="font-size:{letters:.0}px""#);
            self.text(begin + 3.0, y + height / 2.0 + letters * 0.36, &style, number);
        }
        self.lines.push("</g>".to_owned());
    }

    /// Draws the legend for the elements that occur, and returns its last line's position.
    fn legend(&mut self, runs: &[Timeline], mut y: f64) -> f64 {
        let mut x = MARGIN;
        for element in Element::ALL {
            let text = element.look().legend;
            let width = 66.0 + LETTERS * LETTER * text.len() as f64;
            if !runs.iter().any(|run| run.shows(element)) {
                continue;
            }
            if x + width > RIGHT {
                (x, y) = (MARGIN, y + LINE);
            }
            match element {
                Element::FailedAttempt | Element::GivenUp => {
                    self.mark(element, x + 22.0, y - 10.0, 14.0);
                }
                Element::Listed => self.vertical(&element.class(), x + 22.0, y - 26.0, y + 6.0),
                _ => self.bar(element, x, y - 24.0, LINE, LETTERS),
            }
            self.text(x + 56.0, y, "", text);
            x += width + LETTERS;
        }
        y
    }

    fn bar(&mut self, phase: Element, x: f64, y: f64, width: f64, height: f64) {
        let thick = match phase {
            Element::Idle => height.min(4.0),
            // Colour isn't the only difference, except in very thin bars.
            Element::Waiting if height > THIN => (height * WAITING).round(),
            _ => height,
        };
        self.rect(&phase.class(), x, y + ((height - thick) / 2.0).floor(), width, thick);
    }

    fn rect(&mut self, class: &str, x: f64, y: f64, width: f64, height: f64) {
        self.lines.push(format!(
            r#"<rect class="{class}" x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}"/>"#
        ));
    }

    fn vertical(&mut self, class: &str, x: f64, top: f64, bottom: f64) {
        self.lines.push(format!(r#"<path class="{class}" d="M{x:.1} {top:.1}V{bottom:.1}"/>"#));
    }

    /// Draws a triangle for a failed attempt that is retried, and a cross for the last attempt.
    fn mark(&mut self, element: Element, x: f64, y: f64, size: f64) {
        let (left, right, top, bottom) = (x - size, x + size, y - size, y + size);
        let path = if element == Element::FailedAttempt {
            format!("M{left:.1} {bottom:.1}H{right:.1}L{x:.1} {top:.1}Z")
        } else {
            format!(
                "M{left:.1} {top:.1}L{right:.1} {bottom:.1}M{left:.1} {bottom:.1}L{right:.1} {top:.1}"
            )
        };
        self.lines.push(format!(r#"<path class="{}" d="{path}"/>"#, element.class()));
    }

    fn text(&mut self, x: f64, y: f64, attributes: &str, text: impl Display) {
        self.lines.push(format!(r#"<text x="{x:.1}" y="{y:.1}" {attributes}>{text}</text>"#));
    }

    /// The times of the grid lines, in seconds: at most 9.
    fn ticks(&self) -> Vec<f64> {
        let step = nice(self.total / 8.0);
        (0..9).map(|tick| f64::from(tick) * step).take_while(|at| *at <= self.total).collect()
    }

    fn x(&self, at: f64) -> f64 {
        LEFT + if self.total > 0.0 { (RIGHT - LEFT) * at / self.total } else { 0.0 }
    }
}

/// The CSS rules for the elements' classes, with their light or dark colours.
fn rules(colour: fn(&Look) -> &'static str) -> String {
    let rule = |element: Element| {
        let (class, colour) = (element.class(), colour(&element.look()));
        let paint = match element {
            // The outline separates the mark from the bars.
            Element::FailedAttempt => format!("fill: {colour}; stroke: #ffffff; stroke-width: 2"),
            Element::GivenUp => format!("stroke: {colour}; stroke-width: 6; stroke-linecap: round"),
            Element::Listed => format!("stroke: {colour}; stroke-width: 3; stroke-dasharray: 8 6"),
            _ => format!("fill: {colour}"),
        };
        format!("\n.timeline .{class} {{ {paint} }}")
    };
    Element::ALL.map(rule).concat()
}

fn seconds(at: Duration) -> f64 {
    at.as_secs_f64()
}

/// Rounds up to 1, 2 or 5 times a power of ten, such as 0.2, 5 or 10. Returns 1 for 0.
fn nice(number: f64) -> f64 {
    if number <= 0.0 {
        return 1.0;
    }
    let power = 10_f64.powi(number.log10().floor() as i32);
    let digit = [1.0, 2.0, 5.0].into_iter().find(|digit| digit * power >= number);
    digit.unwrap_or(10.0) * power
}

/// Escapes a text for SVG and HTML, outside of attributes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for letter in crate::text::printable(text).chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // XML does not allow these two characters.
            '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            letter => escaped.push(letter),
        }
    }
    escaped
}
