//! The report as one page: charts, the four timelines on one time axis, and the tables.

use crate::contenders::{Contender, Job, WORKERS, cores};
use crate::lab::Lab;
use crate::picture;
use crate::tables::Part;
use crate::timelines::Timeline;
use std::fmt::Write;

const STYLE: &str = include_str!("report.css");
/// The width of a chart, in its own units.
const WIDTH: f64 = 1000.0;
/// Where the bars of a chart begin, to the right of their names.
const LEFT: f64 = 340.0;
/// The height of a bar and its gap.
const BAR: f64 = 34.0;

/// The whole page.
pub fn page(
    contenders: &[Contender],
    lab: &Lab,
    timelines: &[Timeline],
    parts: &[Part],
    remarks: &[String],
) -> String {
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <title>Four ways to download an album</title>\n<style>\n{STYLE}</style>\n</head>\n\
         <body>\n<main>\n\
         <h1>Four ways to download an album</h1>\n\
         <p>Measured on a machine with {} cores, release builds, number of rounds: {}. \
         The bars show medians, the thin lines the fastest and the slowest round.</p>\n",
        cores(),
        contenders.iter().map(|it| it.samples.len()).max().unwrap_or(0),
    );
    for remark in remarks {
        // Writing into a string does not fail.
        let _ = writeln!(page, "<p class=\"remark\">{remark}.</p>");
    }
    page += "<h2>The four programs at work, on one time axis</h2>\n";
    let _ = writeln!(page, "<div class=\"wide\" tabindex=\"0\">{}</div>", picture::draw(timelines));
    // One scale for all, so that the charts can be compared.
    let of = |job: Job| contenders.iter().filter(move |it| it.job == job);
    let slowest = |job| of(job).map(|it| it.spread(|it| it.seconds)[2]).fold(0.0, f64::max);
    for workers in WORKERS {
        let title =
            if workers == 1 { "One worker".into() } else { format!("{workers} workers each") };
        let _ = writeln!(page, "<h2>{title}</h2>");
        let chosen: Vec<_> = of(Job::Waiting).filter(|it| it.workers == workers).collect();
        page += &bars(&chosen, slowest(Job::Waiting), Some(lab.ideal(workers)));
    }
    page += "<h2>Work that computes, with so many workers</h2>\n";
    page += &bars(&of(Job::Computing).collect::<Vec<_>>(), slowest(Job::Computing), None);
    for part in parts {
        page += &table(part);
    }
    page += "</main>\n</body>\n</html>\n";
    page
}

/// A horizontal bar for each contender; the longest one possible is as long as the slowest took.
fn bars(contenders: &[&Contender], slowest: f64, ideal: Option<f64>) -> String {
    let differ = contenders.iter().any(|it| it.workers != contenders[0].workers);
    let name = |it: &Contender| match it.label() {
        label if differ => format!("{label} ({})", it.workers),
        label => label.to_owned(),
    };
    let x = |seconds: f64| LEFT + seconds / slowest * (WIDTH - LEFT - 110.0);
    let height = BAR * contenders.len() as f64 + 30.0;
    let mut chart = format!(
        "<div class=\"wide\" tabindex=\"0\"><svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"times\">\n"
    );
    for (number, contender) in contenders.iter().enumerate() {
        let [least, median, most] = contender.spread(|sample| sample.seconds);
        let y = BAR * number as f64;
        let middle = y + BAR * 0.4;
        let _ = writeln!(
            chart,
            "<text x=\"{:.1}\" y=\"{:.1}\" class=\"name\">{}</text>\
             <rect class=\"bar\" x=\"{LEFT}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>\
             <path class=\"spread\" d=\"M{:.1} {middle:.1}H{:.1}\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\">{median:.2} s</text>",
            LEFT - 12.0,
            y + 20.0,
            name(contender),
            x(median) - LEFT,
            BAR * 0.8,
            x(least),
            x(most),
            x(most) + 10.0,
            y + 20.0,
        );
    }
    if let Some(ideal) = ideal {
        let (x, bottom) = (x(ideal), BAR * contenders.len() as f64);
        let _ = writeln!(
            chart,
            "<path class=\"ideal\" d=\"M{x:.1} 0V{bottom:.1}\"/>\
             <text x=\"{x:.1}\" y=\"{:.1}\" class=\"below\">at best {ideal:.2} s</text>",
            bottom + 22.0,
        );
    }
    chart + "</svg></div>\n"
}

fn table(part: &Part) -> String {
    let mut table =
        format!("<h2>{}</h2>\n<div class=\"wide\" tabindex=\"0\"><table>\n", part.title);
    for (tag, row) in [("th", &part.head)].into_iter().chain(part.rows.iter().map(|it| ("td", it)))
    {
        table += "<tr>";
        for cell in row {
            let _ = write!(table, "<{tag}>{cell}</{tag}>");
        }
        table += "</tr>\n";
    }
    let _ = writeln!(table, "</table></div>\n<p>{}</p>", part.note);
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::NAMES;
    use crate::contenders::{self, tests::sample};
    use crate::tables;
    use crate::timelines::Span;
    use std::path::PathBuf;

    #[test]
    fn the_page_is_whole_and_shows_every_figure() {
        let programs = NAMES.map(|name| (name.to_owned(), PathBuf::from(name)));
        let mut ours = contenders::ours(&programs.into());
        for (number, contender) in ours.iter_mut().enumerate() {
            // Each has a time of its own, so that none can stand for another.
            contender.samples.push(sample(1.0 + number as f64 / 100.0));
        }
        let lab = Lab::start().unwrap();
        let parts = tables::parts(&ours, &lab);
        let spans = vec![Span { lane: 1, from: 0.0, to: 1.5, phase: "waiting".into() }];
        let timelines = [Timeline { program: "01-sync".into(), spans }];
        let page = page(&ours, &lab, &timelines, &parts, &["busy".to_owned()]);

        let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
        let document = roxmltree::Document::parse_with_options(&page, options).unwrap();
        let text_of = |node: roxmltree::Node| {
            node.descendants()
                .filter(roxmltree::Node::is_text)
                .filter_map(|it| it.text())
                .collect::<String>()
        };
        let tag = |name| document.descendants().filter(move |node| node.has_tag_name(name));
        let cells: Vec<String> = tag("td").map(text_of).collect();
        let expected: Vec<String> =
            parts.iter().flat_map(|part| part.rows.iter().flatten()).cloned().collect();
        assert_eq!(cells, expected);
        let charts: Vec<String> = tag("svg").map(text_of).collect();
        for contender in &ours {
            // The article's 100 tasks stand in the tables only.
            if WORKERS.contains(&contender.workers) || contender.job == Job::Computing {
                let label = format!("{:.2} s", contender.samples[0].seconds);
                let shown = charts.iter().filter(|chart| chart.contains(&label)).count();
                assert_eq!(shown, 1, "{} {label}", contender.label());
            }
        }
        assert!(tag("p").any(|node| text_of(node) == "busy."));
        let outside = ["src=", "href=", "url(", "@import"];
        assert!(outside.iter().all(|it| !page.contains(it)), "it needs no other file");
    }
}
