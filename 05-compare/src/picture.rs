//! The four programs at work, below each other on one time axis: a picture (SVG) that stands by
//! itself, or within the report.

use crate::timelines::{Span, Timeline};
use std::fmt::{self, Write};

/// The picture's width, in its own units; its height follows from the lanes.
const WIDTH: f64 = 1000.0;
/// Where the lanes begin, to the right of the programs' names.
const LEFT: f64 = 175.0;
/// Where the longest run ends, so that there is room for how long it took.
const RIGHT: f64 = 910.0;
/// Where the first lane begins, below the legend.
const TOP: f64 = 56.0;
/// The height of a lane; where there are many, they share the height of one program.
const TALLEST: f64 = 24.0;
const PROGRAM: f64 = 150.0;
/// The gap between two programs.
const GAP: f64 = 22.0;

/// The colours of the programs' own timelines: Okabe and Ito's.
const STYLE: &str = "
.lanes text { font: 20px system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #1a1a1a }
.lanes .name { font-weight: 600; text-anchor: end }
.lanes .below { text-anchor: middle }
.lanes .paper { fill: #ffffff }
.lanes .grid { stroke: #c8c8c8; stroke-width: 2 }
.lanes .waiting { fill: #9fcbe8 }
.lanes .receiving { fill: #0072b2 }
.lanes .pause { fill: #8c8c8c }
@media (prefers-color-scheme: dark) {
.lanes text { fill: #f2f2f2 }
.lanes .paper { fill: #16181c }
.lanes .grid { stroke: #4a4f57 }
.lanes .waiting { fill: #31566e }
.lanes .receiving { fill: #56b4e9 }
}
";

/// Draws the runs in their order.
pub fn draw(timelines: &[Timeline]) -> String {
    let mut svg = String::new();
    // Writing into a string does not fail.
    let _ = write(&mut svg, timelines);
    svg
}

fn write(svg: &mut String, timelines: &[Timeline]) -> fmt::Result {
    let total = timelines.iter().map(Timeline::seconds).fold(0.0, f64::max);
    let x = |seconds: f64| LEFT + seconds / total * (RIGHT - LEFT);
    let bottom = TOP + timelines.iter().map(|it| height(it) + GAP).sum::<f64>();
    let all = bottom + 36.0;
    let summary = timelines.iter().map(|it| format!("{} {:.2} s", it.program, it.seconds()));
    let summary = summary.collect::<Vec<_>>().join(", ");
    writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"lanes\" viewBox=\"0 0 {WIDTH} {all:.0}\" role=\"img\">\n\
         <title>The same album, downloaded in four ways: {summary}</title>\n<style>{STYLE}</style>\n\
         <rect class=\"paper\" width=\"{WIDTH}\" height=\"{all:.0}\"/>\n\
         <rect class=\"waiting\" x=\"{LEFT}\" y=\"14\" width=\"30\" height=\"20\"/>\
         <text x=\"{:.0}\" y=\"31\">waiting for an answer</text>\
         <rect class=\"receiving\" x=\"{:.0}\" y=\"14\" width=\"30\" height=\"20\"/>\
         <text x=\"{:.0}\" y=\"31\">receiving an image</text>",
        LEFT + 40.0,
        LEFT + 270.0,
        LEFT + 310.0,
    )?;
    for second in 0..=total as usize {
        let x = x(second as f64);
        writeln!(
            svg,
            "<path class=\"grid\" d=\"M{x:.1} {:.0}V{bottom:.1}\"/>\
             <text x=\"{x:.1}\" y=\"{:.1}\" class=\"below\">{second} s</text>",
            TOP - 10.0,
            bottom + 24.0,
        )?;
    }
    let mut top = TOP;
    for timeline in timelines {
        let (height, lanes) = (height(timeline), timeline.lanes() as f64);
        let middle = top + height / 2.0 + 7.0;
        let end = x(timeline.seconds());
        writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{middle:.1}\" class=\"name\">{}</text>\
             <text x=\"{:.1}\" y=\"{middle:.1}\">{:.2} s</text>",
            LEFT - 14.0,
            timeline.program,
            end + 12.0,
            timeline.seconds(),
        )?;
        for Span { lane, from, to, phase } in &timeline.spans {
            writeln!(
                svg,
                "<rect class=\"{phase}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
                x(*from),
                top + height / lanes * (*lane - 1) as f64,
                x(*to) - x(*from),
                height / lanes * 0.85,
            )?;
        }
        top += height + GAP;
    }
    writeln!(svg, "</svg>")
}

/// The height of a program's lanes together.
fn height(timeline: &Timeline) -> f64 {
    (TALLEST * timeline.lanes() as f64).min(PROGRAM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_span_is_drawn_within_the_picture() {
        let span = |lane, from, to, phase: &str| Span { lane, from, to, phase: phase.to_owned() };
        let one = Timeline {
            program: "01-sync".into(),
            spans: vec![span(1, 0.0, 1.0, "waiting"), span(1, 1.0, 4.0, "receiving")],
        };
        let many = (1..=40).map(|lane| span(lane, 0.5, 2.0, "waiting")).collect();
        let many = Timeline { program: "04-async".into(), spans: many };
        let svg = draw(&[one, many]);
        let document = roxmltree::Document::parse(&svg).unwrap();
        let attribute = |node: &roxmltree::Node, name| -> f64 {
            node.attribute(name).map_or(0.0, |text| text.parse().unwrap())
        };
        let size = document.root_element().attribute("viewBox").unwrap();
        let size: Vec<f64> = size.split(' ').map(|it| it.parse().unwrap()).collect();
        let drawn = document.descendants().filter(|it| it.has_tag_name("rect"));
        for rect in drawn.clone() {
            assert!(attribute(&rect, "x") + attribute(&rect, "width") <= size[2], "{rect:?}");
            assert!(attribute(&rect, "y") + attribute(&rect, "height") <= size[3], "{rect:?}");
        }
        let of = |class| drawn.clone().filter(move |it| it.attribute("class") == Some(class));
        // One of each stands in the legend.
        assert_eq!((of("waiting").count(), of("receiving").count()), (42, 2));
        assert!(svg.contains("01-sync 4.00 s, 04-async 2.00 s"), "{svg}");
    }
}
