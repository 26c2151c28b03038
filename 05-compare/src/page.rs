//! The report as one HTML page: the timelines, charts, and the tables.

use crate::candidate::{Candidate, Job};
use crate::lab::Lab;
use crate::machine::cores;
use crate::programs::WORKERS;
use crate::tables::Table;

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
{STYLE}</style>
</head>
<body>
<main>
<h1>Four ways to download an album</h1>
<p>Release builds on a machine with {} cores, number of rounds: {rounds}. The bars show medians, the
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

/// A chart of the waiting job for each number of workers, and one of the computing job.
fn charts(candidates: &[Candidate], lab: &Lab) -> Vec<String> {
    let of = |job| candidates.iter().filter(move |it| it.job == job);
    // One scale for all charts of a job, so that they can be compared.
    let slowest = |job| of(job).map(|it| it.seconds()[2]).fold(0.0, f64::max);
    let waiting = WORKERS.into_iter().map(|workers| {
        let chosen: Vec<_> = of(Job::Waiting).filter(|it| it.workers == workers).collect();
        let chart = bars(&chosen, slowest(Job::Waiting), Some(lab.ideal(workers)));
        match workers {
            1 => section("One worker", &chart),
            _ => section(&format!("{workers} workers each"), &chart),
        }
    });
    let computing: Vec<_> = of(Job::Computing).collect();
    let computing = bars(&computing, slowest(Job::Computing), None);
    let title = "Work that computes, with the number of workers in parentheses";
    waiting.chain([section(title, &computing)]).collect()
}

/// A bar for each candidate; the scale ends at `slowest`. Times are in seconds.
fn bars(candidates: &[&Candidate], slowest: f64, ideal: Option<f64>) -> String {
    let percent = |seconds: f64| seconds / slowest * 100.0;
    let ideal_line = ideal.map_or(String::new(), |ideal| {
        format!(r#"<i class="ideal" style="left:{:.1}%"></i>"#, percent(ideal))
    });
    let rows = candidates.iter().map(|it| {
        let [min, median, max] = it.seconds();
        let workers = if ideal.is_some() { String::new() } else { format!(" ({})", it.workers) };
        let (from, width) = (percent(min), percent(max - min));
        format!(
            r#"<div class="row"><span>{}{workers}</span><span class="scale">
<i class="bar" style="width:{:.1}%"></i><i class="spread" style="left:{from:.1}%;width:{width:.1}%"></i>{ideal_line}
</span><span>{median:.2} s</span></div>"#,
            it.label(),
            percent(median)
        )
    });
    let legend = ideal.map(|ideal| format!("<p>Ideal (dashed line): {ideal:.2} s</p>"));
    rows.chain(legend).collect::<Vec<_>>().join("\n")
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
        let charts = tag("div").filter(|node| node.attribute("class") == Some("row"));
        let charts: Vec<String> = charts.map(text_of).collect();
        for candidate in &candidates {
            // The article's 100 tasks are in the tables only.
            if WORKERS.contains(&candidate.workers) || candidate.job == Job::Computing {
                let label = format!("{:.2} s", candidate.samples[0].seconds);
                let shown = charts.iter().filter(|chart| chart.contains(&label)).count();
                assert_eq!(shown, 1, "{} {label}", candidate.label());
            }
        }
        assert!(page.contains(&timelines));
        assert!(tag("p").any(|node| text_of(node) == "busy."));
        // A reference that begins with # stays within the page.
        let links = page.replace("url(#", "");
        let outside = ["src=", "href=", "url(", "@import"];
        assert!(outside.iter().all(|it| !links.contains(it)), "it needs no other file");
    }
}
