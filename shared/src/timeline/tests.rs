use super::element::Element;
use super::{Download, Timeline, page, read_trace, svg, text, trace};
use crate::progress::Event;
use roxmltree::{Document, Node};
use std::slice::from_ref;
use std::time::Duration;

fn at(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Two lanes in 1.5 s. In a text of 80 columns, each column of the lanes is 20 ms.
fn timeline() -> Timeline {
    let first = Download {
        lane: 0,
        number: 1,
        name: "one<&>.png".into(),
        begin: at(100),
        events: vec![
            (at(100), Event::Requested),
            (at(400), Event::Responded(Some(9))),
            (at(700), Event::Saved),
            (at(800), Event::Computing),
        ],
        end: at(1000),
        result: Ok(9),
    };
    let second = Download {
        lane: 1,
        number: 2,
        name: "two.png".into(),
        begin: at(100),
        events: vec![
            (at(100), Event::Requested),
            (at(310), Event::Failed("503".into())),
            (at(900), Event::Requested),
            (at(1100), Event::Responded(None)),
        ],
        end: at(1410),
        result: Err("cut short".into()),
    };
    Timeline {
        model: "02-threads".into(),
        images: 2,
        saved: 1,
        peak_in_flight: 2,
        listed: Some(at(100)),
        total: at(1500),
        downloads: vec![first, second],
    }
}

/// A run in which each lane waits from start to end.
fn waiting(lanes: usize) -> Timeline {
    let lane = |lane| Download {
        lane,
        number: lane + 1,
        name: "x".into(),
        begin: at(0),
        events: vec![],
        end: at(1500),
        result: Ok(1),
    };
    Timeline { listed: None, downloads: (0..lanes).map(lane).collect(), ..timeline() }
}

#[test]
fn text_shows_waiting_receiving_computing_and_failures() {
    let text = text::draw(&timeline(), 80, false);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "02-threads: 1 of 2 images in 1.50 s, peak in flight: 2");
    assert_eq!(lines[1].len(), 80);
    assert_eq!(lines[2], "   1      ·1·············███████████████-----▒▒▒▒▒▒▒▒▒▒");
    assert_eq!(
        lines[3],
        "   2      ·2········!-----------------------------··········███████████████x"
    );
    let legend = "     · waiting  █ receiving  ▒ thumbnail  - idle  ! failed attempt  x given up";
    assert_eq!(lines[4..], [legend, "     7 the album's image 7"]);
}

#[test]
fn colours_change_nothing_but_the_colours() {
    let plain = text::draw(&timeline(), 80, false);
    let coloured = text::draw(&timeline(), 80, true);
    assert_eq!(console::strip_ansi_codes(&coloured), plain);
    for part in ["\x1b[94m█", "\x1b[31m!\x1b[90m-", "\x1b[31mx\x1b[0m given up"] {
        assert!(coloured.contains(part), "{coloured:?}");
    }
    let title = plain.lines().next().unwrap();
    assert!(coloured.starts_with(title), "the hyphen of 02-threads is no sign: {coloured:?}");
}

#[test]
fn text_fits_eighty_columns_however_many_lanes_there_are() {
    let text = text::draw(&waiting(100), 80, false);
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(text.contains("and 60 more lanes"), "{text}");
    let (lanes, legend) = text.rsplit_once('\n').unwrap();
    assert_eq!(legend, "     · waiting  7 the album's image 7", "the legend has what occurs");
    let axes = lanes.lines().filter(|line| line.starts_with("     0 s")).count();
    assert_eq!(axes, 2, "the axis is repeated where it may have scrolled away");
}

#[test]
fn text_is_as_wide_as_the_terminal() {
    for columns in [40, 41, 120, 400] {
        let text = text::draw(&timeline(), columns, false);
        let widths = text.lines().skip(1).map(|line| line.chars().count());
        assert_eq!(widths.max(), Some(columns), "{text}");
    }
    assert_eq!(text::draw(&timeline(), 5, false), text::draw(&timeline(), 40, false));
}

#[test]
fn a_run_without_downloads_can_be_drawn() {
    let empty = Timeline { total: Duration::ZERO, downloads: vec![], ..timeline() };
    for drawing in
        [text::draw(&empty, 80, false), svg(from_ref(&empty)), svg(&[]), trace::draw(&empty)]
    {
        assert!(!drawing.contains("NaN") && !drawing.contains("inf"), "{drawing}");
    }
}

#[test]
fn the_picture_escapes_names_and_marks_failures() {
    let svg = svg(&[timeline()]);
    assert!(svg.contains("one&lt;&amp;&gt;.png") && !svg.contains("one<"), "{svg}");
    for element in Element::ALL {
        let class = format!(r#"class="{}""#, element.look().name.replace(' ', "-"));
        assert!(svg.matches(&class).count() >= 2, "once in a lane, once in the legend: {class}");
        assert!(svg.contains(&format!(">{}</text>", element.look().legend)), "{class}");
    }
    assert!(svg.contains("two.png: cut short") && svg.contains("two.png: 503"));
}

#[test]
fn the_legend_has_only_what_occurs() {
    let svg = svg(&[waiting(3), waiting(2)]);
    let legend = |element: Element| svg.contains(&format!(">{}</text>", element.look().legend));
    assert_eq!(Element::ALL.map(legend), [true, false, false, false, false, false, false]);
}

#[test]
fn several_runs_share_one_time_axis_within_the_picture() {
    let short = Timeline { total: at(2000), ..timeline() };
    let long = Timeline { model: "01-sync".into(), total: at(6000), ..waiting(40) };
    let svg = svg(&[short, long]);
    let document = Document::parse(&svg).unwrap();
    let size = document.root_element().attribute("viewBox").unwrap();
    let size: Vec<f64> = size.split(' ').map(|it| it.parse().unwrap()).collect();
    let number = |node: &Node, name| -> f64 {
        node.attribute(name).map_or(0.0, |text| text.parse().unwrap())
    };
    let rects = || document.descendants().filter(|node| node.has_tag_name("rect"));
    for rect in rects() {
        assert!(number(&rect, "x") + number(&rect, "width") <= size[2], "{rect:?}");
        assert!(number(&rect, "y") + number(&rect, "height") <= size[3], "{rect:?}");
    }
    let waiting: Vec<_> = rects().filter(|it| it.attribute("class") == Some("waiting")).collect();
    // In the first run, one download waits twice and the other once; 40 wait in the second run; the
    // legend has one.
    assert_eq!(waiting.len(), 2 + 1 + 40 + 1);
    // Waits of 300 ms and 1.5 s, in runs of different lengths: the scale is the same.
    let widths = [&waiting[0], &waiting[3]].map(|it| number(it, "width"));
    assert!((widths[1] / widths[0] - 5.0).abs() < 0.01, "{widths:?}");
    assert!(svg.contains("<title>02-threads: 1 of 2 images in 2.00 s, peak in flight: 2; 01-sync"));
}

#[test]
fn a_trace_is_read_as_it_was_written() {
    for timeline in [timeline(), waiting(3)] {
        assert_eq!(read_trace(&trace::draw(&timeline)).unwrap(), timeline);
    }
    for other in ["", "{}", r#"{"traceEvents": []}"#, r#"{"otherData": {"timeline": {}}}"#] {
        assert!(read_trace(other).is_err(), "{other}");
    }
}

#[test]
fn the_phases_of_a_download_have_no_gaps() {
    assert_eq!(
        timeline().downloads[0].phases(),
        [
            (Element::Waiting, at(100), at(400)),
            (Element::Receiving, at(400), at(700)),
            (Element::Idle, at(700), at(800)),
            (Element::Thumbnail, at(800), at(1000)),
        ]
    );
}

#[test]
fn no_name_or_error_ends_the_script_of_the_page() {
    let hostile = "</script><script>alert(1)</script><!--\u{1b}[2J\u{202e}\u{2028}";
    let mut run = timeline();
    run.downloads[0].name = hostile.into();
    run.downloads[1].result = Err(hostile.into());
    let page = page::draw(&run);
    assert_eq!(page.matches("<script").count(), 2, "{page}");
    assert!(!page.contains("<!--") && !page.contains(['\u{1b}', '\u{202e}', '\u{2028}']));
    let (_, data) = page.split_once(r#"<script id="run" type="application/json">"#).unwrap();
    let (data, _) = data.split_once("</script>").unwrap();
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!(data["downloads"][0]["name"], crate::text::printable(hostile));
    assert_eq!(data["downloads"][1]["failures"][1][2], crate::text::printable(hostile));
}

#[test]
fn the_live_view_and_the_picture_have_the_same_colours() {
    let (light, dark) = practice::CHART_STYLE.split_once("@media").unwrap();
    for (name, element) in [
        ("wait", Element::Waiting),
        ("get", Element::Receiving),
        ("error", Element::FailedAttempt),
        ("error", Element::GivenUp),
    ] {
        let look = element.look();
        assert!(light.contains(&format!("--{name}: {};", look.light)), "{name}");
        assert!(dark.contains(&format!("--{name}: {};", look.dark)), "{name}");
    }
}

/// The contrast of two colours such as `#4f93bf`, as WCAG 2.2 defines it.
fn contrast(one: &str, other: &str) -> f64 {
    let luminance = |colour: &str| -> f64 {
        let parts = [(1, 0.2126), (3, 0.7152), (5, 0.0722)].map(|(at, weight)| {
            let part = u8::from_str_radix(&colour[at..at + 2], 16).unwrap();
            let part = f64::from(part) / 255.0;
            weight * if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        parts.iter().sum()
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn bars_can_be_seen_on_every_background() {
    for element in [Element::Waiting, Element::Receiving] {
        let look = element.look();
        for (colour, backgrounds) in
            [(look.light, ["#ffffff", "#f4f6f8"]), (look.dark, ["#16181c", "#202329"])]
        {
            for background in backgrounds {
                let contrast = contrast(colour, background);
                assert!(contrast >= 3.0, "{} on {background}: {contrast:.2}", look.name);
            }
        }
    }
}

#[test]
fn no_name_in_the_legend_contains_a_sign() {
    // The terminal's legend would be coloured in the middle of a word.
    let signs: Vec<char> = Element::ALL.into_iter().filter_map(|it| it.look().sign).collect();
    for name in Element::ALL.map(|it| it.look().name) {
        assert!(!name.contains(&signs[..]), "{name}");
    }
}
