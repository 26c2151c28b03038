use super::element::Element;
use super::{Download, Timeline, read_trace, svg, text, trace};
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
    let text = text::draw(&timeline(), 80);
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
fn text_fits_eighty_columns_however_many_lanes_there_are() {
    let text = text::draw(&waiting(100), 80);
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
        let text = text::draw(&timeline(), columns);
        let widths = text.lines().skip(1).map(|line| line.chars().count());
        assert_eq!(widths.max(), Some(columns), "{text}");
    }
    assert_eq!(text::draw(&timeline(), 5), text::draw(&timeline(), 40));
}

#[test]
fn a_run_without_downloads_can_be_drawn() {
    let empty = Timeline { total: Duration::ZERO, downloads: vec![], ..timeline() };
    for drawing in [text::draw(&empty, 80), svg(from_ref(&empty)), svg(&[]), trace::draw(&empty)] {
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
