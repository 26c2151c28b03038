//! Line charts as a picture (SVG), light or dark as the reader's browser prefers.

use std::fmt::Write;

/// Width and height of a panel, in pixels.
const WIDTH: f64 = 840.0;
const HEIGHT: f64 = 540.0;
/// Where the axes are in a panel.
const LEFT: f64 = 110.0;
const RIGHT: f64 = WIDTH - 54.0;
const TOP: f64 = 108.0;
const BOTTOM: f64 = HEIGHT - 86.0;
/// An axis with more ticks than this has only powers of ten.
const MAX_TICKS: usize = 7;
/// The class of each series, in order. Their colours differ for colour-blind readers, too.
const CLASSES: [&str; 4] = ["a", "b", "c", "d"];

const STYLE: &str = "\
.chart text { font: 24px system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #1a1a1a }
.chart .title { font-size: 28px; font-weight: 600 }
.chart .mid { text-anchor: middle } .chart .end { text-anchor: end }
.chart .paper { fill: #ffffff } .chart .grid { stroke: #d9d9d9; stroke-width: 1.5 }
.chart .line { fill: none; stroke-width: 4 }
.chart .a { stroke: #005a91; fill: #005a91 } .chart .b { stroke: #b06f00; fill: #b06f00 }
.chart .c { stroke: #00795a; fill: #00795a } .chart .d { stroke: #6a6a6a; fill: #6a6a6a }
.chart path.line { fill: none }
@media screen and (prefers-color-scheme: dark) {
.chart text { fill: #f2f2f2 } .chart .paper { fill: #16181c } .chart .grid { stroke: #3a3f47 }
.chart .a { stroke: #56b4e9; fill: #56b4e9 } .chart .b { stroke: #f0b040; fill: #f0b040 }
.chart .c { stroke: #3fc79a; fill: #3fc79a } .chart .d { stroke: #b8b8b8; fill: #b8b8b8 }
.chart path.line { fill: none }
}
";

/// A line, and its name in the legend.
pub struct Series {
    pub name: String,
    pub points: Vec<Point>,
}

/// A measured value; `low` and `high` are its spread.
#[derive(Clone, Copy)]
pub struct Point {
    pub x: f64,
    pub y: f64,
    pub low: f64,
    pub high: f64,
}

/// A chart with at most four lines. Its axes are logarithmic, and all values are positive.
pub struct Chart {
    pub title: String,
    /// What the axis says.
    pub x: &'static str,
    /// Makes the x-axis linear, from 0, with this distance between its ticks.
    pub x_step: Option<f64>,
    /// The unit, which follows the title: `in seconds`.
    pub y: &'static str,
    pub series: Vec<Series>,
}

/// Positions of values on an axis.
struct Scale {
    ticks: Vec<f64>,
    from: f64,
    to: f64,
    is_linear: bool,
}

impl Scale {
    /// The shortest linear scale from 0 that holds all values.
    fn steps(values: impl Iterator<Item = f64>, step: f64) -> Self {
        let count = (values.fold(0.0, f64::max) / step).ceil().max(1.0);
        let ticks = (0..=count as u32).map(|it| f64::from(it) * step).collect();
        Self { ticks, from: 0.0, to: count * step, is_linear: true }
    }

    /// The shortest logarithmic scale that holds all values, from one round number (1, 2 or 5 times a
    /// power of ten) to another.
    fn logarithmic(values: impl Iterator<Item = f64> + Clone) -> Self {
        let min = values.clone().fold(f64::INFINITY, f64::min);
        let max = values.fold(f64::NEG_INFINITY, f64::max);
        let decades = min.log10().floor() as i32..=max.log10().ceil() as i32 + 1;
        let decades = decades.map(|decade| 10_f64.powi(decade));
        let round: Vec<f64> = decades.clone().flat_map(|it| [it, 2.0 * it, 5.0 * it]).collect();
        // Powers of ten are not computed exactly.
        let from = round.iter().rfind(|it| **it <= min * (1.0 + 1e-9)).copied().unwrap_or(min);
        let to = round.iter().find(|it| **it > from && **it >= max * (1.0 - 1e-9));
        let to = to.copied().unwrap_or(max);
        let within = |it: &f64| (from..=to).contains(it);
        let mut ticks: Vec<f64> = round.into_iter().filter(within).collect();
        if ticks.len() > MAX_TICKS {
            ticks = decades.filter(within).collect();
        }
        Self { ticks, from: from.log10(), to: to.log10(), is_linear: false }
    }

    /// 0 at the start of the axis, 1 at its end.
    fn position(&self, value: f64) -> f64 {
        let value = if self.is_linear { value } else { value.log10() };
        (value - self.from) / (self.to - self.from)
    }
}

/// The charts as one picture, in this number of columns. `alt` says what the picture shows. A chart
/// without points isn't drawn.
pub fn svg(charts: &[Chart], columns: usize, alt: &str) -> String {
    let is_empty = |chart: &Chart| chart.series.iter().all(|it| it.points.is_empty());
    let charts: Vec<&Chart> = charts.iter().filter(|it| !is_empty(it)).collect();
    let rows = charts.len().div_ceil(columns);
    let (width, height) = (WIDTH * columns as f64, HEIGHT * rows as f64);
    let mut svg = format!(
        "<svg class=\"chart\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
         <title>{alt}</title>\n<style>\n{STYLE}</style>\n\
         <rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>\n"
    );
    for (index, chart) in charts.iter().enumerate() {
        let (x, y) = ((index % columns) as f64 * WIDTH, (index / columns) as f64 * HEIGHT);
        let panel = panel(chart);
        let _ = writeln!(svg, "<g transform=\"translate({x} {y})\">\n{panel}</g>");
    }
    svg + "</svg>\n"
}

fn panel(chart: &Chart) -> String {
    let points = || chart.series.iter().flat_map(|it| &it.points);
    let xs = match chart.x_step {
        Some(step) => Scale::steps(points().map(|it| it.x), step),
        None => Scale::logarithmic(points().map(|it| it.x)),
    };
    let ys = Scale::logarithmic(points().flat_map(|it| [it.low, it.y, it.high]));
    let x = |value| LEFT + xs.position(value) * (RIGHT - LEFT);
    let y = |value| BOTTOM - ys.position(value) * (BOTTOM - TOP);

    let mut svg = text("title", 24.0, 40.0, &format!("{}, {}", chart.title, chart.y));
    svg += &text("mid", f64::midpoint(LEFT, RIGHT), HEIGHT - 16.0, chart.x);
    let mut left = 24.0;
    for (series, class) in chart.series.iter().zip(CLASSES) {
        let end = left + 32.0;
        let _ = writeln!(svg, "<path class=\"line {class}\" d=\"M{left:.0} 72H{end:.0}\"/>");
        svg += &text("", left + 40.0, 80.0, &series.name);
        left += 62.0 + 12.5 * series.name.chars().count() as f64;
    }
    for &tick in &ys.ticks {
        svg += &text("end", LEFT - 12.0, y(tick) + 8.0, &number(tick));
        let _ = writeln!(svg, "<path class=\"grid\" d=\"M{LEFT} {0:.1}H{RIGHT}\"/>", y(tick));
    }
    for &tick in &xs.ticks {
        svg += &text("mid", x(tick), BOTTOM + 32.0, &number(tick));
        let _ = writeln!(svg, "<path class=\"grid\" d=\"M{0:.1} {TOP}V{BOTTOM}\"/>", x(tick));
    }
    for (series, class) in chart.series.iter().zip(CLASSES) {
        svg += &line(series, class, &x, &y);
    }
    svg
}

fn text(class: &str, x: f64, y: f64, text: &str) -> String {
    format!("<text class=\"{class}\" x=\"{x:.0}\" y=\"{y:.0}\">{text}</text>\n")
}

/// A series: its line, its points and their spread.
fn line(series: &Series, class: &str, x: &dyn Fn(f64) -> f64, y: &dyn Fn(f64) -> f64) -> String {
    let steps = series.points.iter().map(|it| format!("{:.1} {:.1}", x(it.x), y(it.y)));
    let steps = steps.collect::<Vec<_>>().join("L");
    let mut svg = format!("<path class=\"line {class}\" d=\"M{steps}\"/>\n");
    for point in &series.points {
        let (x, middle, low, high) = (x(point.x), y(point.y), y(point.low), y(point.high));
        let _ = writeln!(svg, "<path class=\"line {class}\" d=\"M{x:.1} {low:.1}V{high:.1}\"/>");
        let _ =
            writeln!(svg, "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{middle:.1}\" r=\"6\"/>");
    }
    svg
}

/// A tick's label: 10,000 or 0.1.
fn number(value: f64) -> String {
    if value.fract() > 1e-9 {
        let text = format!("{value:.6}");
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    thousands(value.round() as u64)
}

/// A whole number with a comma before each group of three digits.
pub fn thousands(value: u64) -> String {
    let digits = value.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    groups.map(|it| String::from_utf8_lossy(it)).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_hold_all_values_and_have_round_ticks() {
        let scale = |values: &[f64]| Scale::logarithmic(values.iter().copied());
        let far = scale(&[12.0, 9_000.0]);
        assert_eq!(far.ticks, [10.0, 100.0, 1_000.0, 10_000.0]);
        assert!((far.position(100.0) - 1.0 / 3.0).abs() < 1e-9);
        let near = scale(&[1.0, 40.0]);
        assert_eq!(near.ticks, [1.0, 2.0, 5.0, 10.0, 20.0, 50.0]);
        assert_eq!(scale(&[0.05, 0.2]).ticks, [0.05, 0.1, 0.2]);
        assert_eq!(scale(&[10.0]).ticks, [10.0, 20.0], "never empty");
        let linear = Scale::steps([0.5, 1.1].into_iter(), 0.25);
        assert_eq!(linear.ticks, [0.0, 0.25, 0.5, 0.75, 1.0, 1.25]);
        assert!((linear.position(1.0) - 0.8).abs() < 1e-9);
    }

    #[test]
    fn numbers_are_written_in_full() {
        let numbers = [0.0, 0.01, 0.5, 1.0, 999.0, 10_000.0, 1_234_567.0].map(number);
        assert_eq!(numbers, ["0", "0.01", "0.5", "1", "999", "10,000", "1,234,567"]);
    }

    #[test]
    fn the_picture_has_each_point_and_is_valid() {
        let points = [1.0, 10.0, 100.0].map(|x| Point { x, y: 2.0 * x, low: x, high: 3.0 * x });
        let series = vec![Series { name: "measured".to_owned(), points: points.to_vec() }];
        let chart = Chart { title: "T".to_owned(), x: "x", x_step: None, y: "y", series };
        let empty =
            Chart { title: "E".to_owned(), x: "x", x_step: None, y: "y", series: Vec::new() };
        let svg = svg(&[chart, empty], 1, "what it shows");
        let document = roxmltree::Document::parse(&svg).unwrap();
        let circles = document.descendants().filter(|it| it.has_tag_name("circle"));
        assert_eq!(circles.count(), 3);
    }
}
