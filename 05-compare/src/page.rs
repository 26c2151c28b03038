//! The report as one HTML page: the timelines, charts, and the tables.

use crate::candidate::{Candidate, Job};
use crate::chart::{Chart, Point, Series, svg};
use crate::lab::Lab;
use crate::machine::cores;
use crate::programs::{FOUR, WORKERS, article_workers};
use crate::tables::Table;
use practice::CHART_STYLE;

const STYLE: &str = include_str!("report.css");

/// The report as HTML. `timelines` is the picture of the four programs' timelines (SVG).
pub fn page(
    candidates: &[Candidate],
    lab: &Lab,
    timelines: &str,
    tables: &[Table],
    warnings: &[String],
) -> String {
    let rounds = candidates.iter().map(|it| it.samples.len()).max().unwrap_or(0);
    let mut parts = vec![format!(
        r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>Four ways to download an album</title>
<style>
{CHART_STYLE}{STYLE}</style>
</head>
<body>
<main>
<h1>Four ways to download an album</h1>
<p>Release builds on a machine with {} cores, number of rounds: {rounds}. Bars and points show medians,
thin lines the range from the fastest to the slowest round.</p>"#,
        cores()
    )];
    parts.extend(warnings.iter().map(|warning| format!(r#"<p class="remark">{warning}.</p>"#)));
    parts.push(section("The four programs at work, on one time axis", timelines));
    parts.extend(charts(candidates, lab));
    parts.extend(tables.iter().map(table));
    parts.push("</main>\n</body>\n</html>\n".to_owned());
    parts.join("\n")
}

/// Time against workers as lines, and bars where programs have different numbers of workers.
fn charts(candidates: &[Candidate], lab: &Lab) -> Vec<String> {
    let of = |job| candidates.iter().filter(move |it| it.job == job);
    let is_default =
        |it: &&Candidate| !FOUR.contains(&it.name) || it.workers == article_workers(it.name);
    let alt = "Time against the number of workers, for threads, processes and tasks";
    vec![
        section(
            "The same number of workers for each mechanism",
            &svg(&[fair(candidates, lab)], 1, alt),
        ),
        section(
            "Each program with its usual number of workers, in parentheses",
            &bars(&of(Job::Waiting).filter(is_default).collect::<Vec<_>>()),
        ),
        section(
            "Work that computes, with the number of workers in parentheses",
            &bars(&of(Job::Computing).collect::<Vec<_>>()),
        ),
    ]
}

/// The waiting job's time against the number of workers.
fn fair(candidates: &[Candidate], lab: &Lab) -> Chart {
    let measured = FOUR.into_iter().skip(1).map(|name| {
        let same = candidates.iter().filter(|it| it.name == name && it.job == Job::Waiting);
        let mut same: Vec<_> = same.filter(|it| WORKERS.contains(&it.workers)).collect();
        same.sort_by_key(|it| it.workers);
        let points = same.into_iter().map(|it| {
            let [low, y, high] = it.seconds();
            Point { x: it.workers as f64, y, low, high }
        });
        Series { name: name.to_owned(), points: points.collect() }
    });
    let ideal = WORKERS.map(|workers| {
        let seconds = lab.ideal(workers);
        Point { x: workers as f64, y: seconds, low: seconds, high: seconds }
    });
    let ideal = Series { name: "ideal".to_owned(), points: ideal.to_vec() };
    Chart {
        title: "40 images".to_owned(),
        x: "workers",
        x_step: None,
        y: "in seconds",
        series: measured.chain([ideal]).collect(),
    }
}

/// A bar for each candidate. Times are in seconds.
fn bars(candidates: &[&Candidate]) -> String {
    let slowest = candidates.iter().map(|it| it.seconds()[2]).fold(0.0, f64::max);
    let percent = |seconds: f64| seconds / slowest * 100.0;
    let rows = candidates.iter().map(|it| {
        let [min, median, max] = it.seconds();
        let (from, width) = (percent(min), percent(max - min));
        format!(
            r#"<div class="row"><span>{} ({})</span><span class="scale">
<i class="bar" style="width:{:.1}%"></i><i class="spread" style="left:{from:.1}%;width:{width:.1}%"></i>
</span><span>{median:.2} s</span></div>"#,
            it.label(),
            it.workers,
            percent(median)
        )
    });
    rows.collect::<Vec<_>>().join("\n")
}

fn table(table: &Table) -> String {
    let cells = |tag: &str, cells: &[&str]| {
        let cells = cells.iter().map(|cell| format!("<{tag}>{cell}</{tag}>"));
        format!("<tr>{}</tr>", cells.collect::<Vec<_>>().concat())
    };
    let mut rows = vec![cells("th", &table.header)];
    for row in &table.rows {
        rows.push(cells("td", &row.iter().map(String::as_str).collect::<Vec<_>>()));
    }
    let rows = format!("<table>\n{}\n</table>", rows.join("\n"));
    format!("{}\n<p>{}</p>", section(table.title, &rows), table.note)
}

/// A title, and wide content below it that scrolls on a narrow screen.
fn section(title: &str, content: &str) -> String {
    format!("<h2>{title}</h2>\n<div class=\"wide\" tabindex=\"0\">{content}</div>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Sample;
    use crate::programs::tests::unbuilt;
    use crate::tables;
    use roxmltree::{Document, Node, ParsingOptions};

    #[test]
    fn the_page_is_whole_and_shows_every_figure() {
        let mut candidates = unbuilt();
        for (index, candidate) in candidates.iter_mut().enumerate() {
            // Each candidate has a different time, so that none can be mistaken for another.
            candidate.samples.push(Sample::of_seconds(1.0 + index as f64 / 100.0));
        }
        let lab = Lab::start().unwrap();
        let tables = tables::all(&candidates, &lab);
        let timelines = shared::timeline::svg(&[]);
        let page = page(&candidates, &lab, &timelines, &tables, &["busy".to_owned()]);

        let options = ParsingOptions { allow_dtd: true, ..Default::default() };
        let document = Document::parse_with_options(&page, options).unwrap();
        let text_of = |node: Node| {
            let texts = node.descendants().filter(Node::is_text).filter_map(|it| it.text());
            texts.collect::<String>()
        };
        let tag = |name| document.descendants().filter(move |node| node.has_tag_name(name));
        let cells: Vec<String> = tag("td").map(text_of).collect();
        let expected = tables.iter().flat_map(|table| table.rows.iter().flatten());
        assert_eq!(cells, expected.cloned().collect::<Vec<_>>());
        let bars = tag("div").filter(|node| node.attribute("class") == Some("row"));
        let bars: Vec<String> = bars.map(text_of).collect();
        for candidate in &candidates {
            let label = format!("{:.2} s", candidate.samples[0].seconds);
            let shown = bars.iter().filter(|bar| bar.contains(&label)).count();
            let is_default = candidate.workers == article_workers(candidate.name);
            let expected = candidate.job == Job::Computing || is_default;
            assert_eq!(shown, usize::from(expected), "{} {label}", candidate.label());
        }
        // Three programs and the ideal.
        assert_eq!(tag("circle").count(), 4 * WORKERS.len());
        assert!(page.contains(&timelines));
        assert!(tag("p").any(|node| text_of(node) == "busy."));
        // A reference that begins with # stays within the page.
        let links = page.replace("url(#", "");
        let outside = ["src=", "href=", "url(", "@import"];
        assert!(outside.iter().all(|it| !links.contains(it)), "it needs no other file");
    }
}
