//! A chart with a horizontal bar for each candidate (SVG).

use crate::candidate::Candidate;

/// Width of the chart; its style and its font come from the page.
const WIDTH: f64 = 1000.0;
/// Left end of the bars, to the right of the names.
const LEFT: f64 = 340.0;
/// Room for the seconds, to the right of the longest bar.
const SECONDS: f64 = 110.0;
/// Height of a bar with its gap.
const BAR: f64 = 34.0;

/// Draws the candidates' times. `slowest` and `ideal` are in seconds: the end of the scale, and the
/// shortest possible time.
pub fn draw(candidates: &[&Candidate], slowest: f64, ideal: Option<f64>) -> String {
    let x = |seconds: f64| LEFT + seconds / slowest * (WIDTH - LEFT - SECONDS);
    let bottom = BAR * candidates.len() as f64;
    let mut lines = vec![format!(
        r#"<svg viewBox="0 0 {WIDTH} {}" role="img" aria-label="times">"#,
        bottom + 30.0
    )];
    let differ = candidates.iter().any(|it| it.workers != candidates[0].workers);
    for (index, candidate) in candidates.iter().enumerate() {
        let [min, median, max] = candidate.seconds();
        let workers = if differ { format!(" ({})", candidate.workers) } else { String::new() };
        let top = BAR * index as f64;
        let (height, middle, baseline) = (BAR * 0.8, top + BAR * 0.4, top + 20.0);
        lines.push(format!(
            r#"<text x="{:.1}" y="{baseline:.1}" class="name">{}{workers}</text>
<rect class="bar" x="{LEFT}" y="{top:.1}" width="{:.1}" height="{height:.1}"/>
<path class="spread" d="M{:.1} {middle:.1}H{:.1}"/>
<text x="{:.1}" y="{baseline:.1}">{median:.2} s</text>"#,
            LEFT - 12.0,
            candidate.label(),
            x(median) - LEFT,
            x(min),
            x(max),
            x(max) + 10.0,
        ));
    }
    if let Some(ideal) = ideal {
        lines.push(format!(
            r#"<path class="ideal" d="M{0:.1} 0V{bottom:.1}"/>
<text x="{0:.1}" y="{1:.1}" class="below">at best {ideal:.2} s</text>"#,
            x(ideal),
            bottom + 22.0,
        ));
    }
    lines.push("</svg>".to_owned());
    lines.join("\n")
}
