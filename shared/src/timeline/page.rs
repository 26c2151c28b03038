//! A timeline as one HTML page that replays the run. It needs no other file and no server.
//!
//! The chart is the live view's. Without JavaScript, and on paper, the page shows the picture.

use super::element::Element;
use super::recording::{Download, Timeline};
use super::svg;
use crate::text;
use practice::{CHART_SCRIPT, CHART_STYLE};
use serde_json::{Value, json};
use std::slice::from_ref;
use std::time::Duration;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// What is between the head of the page and the picture.
const PLAYER: &str = include_str!("page.html");
/// The legend's signs for marks: a triangle and a cross.
const TRIANGLE: &str =
    r#"<svg viewBox="0 0 20 20" aria-hidden="true"><path class="error" d="M1 18H19L10 2Z"/></svg>"#;
const CROSS: &str = r#"<svg viewBox="0 0 20 20" aria-hidden="true"><path class="cross" d="M3 3L17 17M3 17L17 3"/></svg>"#;

/// The page. Its content security policy lets it load nothing, wherever the page is opened.
pub(super) fn draw(timeline: &Timeline) -> String {
    let title = svg::escape(&timeline.title());
    let player = PLAYER.replace("{title}", &title).replace("{legend}", &legend(timeline));
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>
{CHART_STYLE}{STYLE}</style>
</head>
<body>
<main>
{player}<div id="picture" tabindex="0" role="region" aria-label="The run as a picture">
{picture}</div>
</main>
<script id="run" type="application/json">{data}</script>
<script>
{CHART_SCRIPT}{SCRIPT}</script>
</body>
</html>
"#,
        picture = svg::draw(from_ref(timeline)),
        data = data(timeline),
    )
}

/// The entries of the legend for the elements that occur.
fn legend(timeline: &Timeline) -> String {
    let shown = Element::ALL.into_iter().filter(|element| timeline.shows(*element));
    let entry = |element: Element| {
        let sign = match element {
            Element::FailedAttempt => TRIANGLE.to_owned(),
            Element::GivenUp => CROSS.to_owned(),
            _ => format!(r#"<i class="{}"></i>"#, element.class()),
        };
        format!("<span>{sign} {}</span>\n", element.look().legend)
    };
    shown.map(entry).collect()
}

/// The run as JSON. Times are milliseconds since its start.
fn data(timeline: &Timeline) -> String {
    let downloads: Vec<Value> = timeline.downloads.iter().map(download).collect();
    let data = json!({
        "total": millis(timeline.total),
        "listed": timeline.listed.map(millis),
        "images": timeline.images,
        "lanes": timeline.lanes(),
        "downloads": downloads,
    });
    // Otherwise a name with `</script>` would end the script.
    data.to_string().replace('<', "\\u003c")
}

fn download(download: &Download) -> Value {
    let phases = download.phases();
    let phases =
        phases.iter().map(|(it, from, to)| json!([it.look().name, millis(*from), millis(*to)]));
    let failures = download.failures();
    let failures = failures
        .map(|(it, at, reason)| json!([it.look().name, millis(at), text::printable(reason)]));
    json!({
        "lane": download.lane,
        "number": download.number,
        "name": text::printable(&download.name),
        "begin": millis(download.begin),
        "end": millis(download.end),
        "phases": phases.collect::<Vec<_>>(),
        "failures": failures.collect::<Vec<_>>(),
        "size": download.result.as_ref().ok().map(|size| text::bytes(*size)),
    })
}

fn millis(at: Duration) -> f64 {
    at.as_micros() as f64 / 1e3
}
