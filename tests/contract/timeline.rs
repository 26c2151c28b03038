//! `--timeline`: which lane held which image when, in the terminal, as SVG, as a page, and as trace
//! events.

use crate::{fast, model, program, worker_count};
use practice::Server;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use tests::{Response, Stub, fake_image};

/// An album of three images: the first fails once, the second is healthy, the third always fails.
///
/// The backoff between the two failures keeps their marks apart in the drawing.
fn album() -> Stub {
    let busy = Response::new("503 Busy", &[], "");
    Stub::with_images([
        ("later.png", vec![busy, Response::ok(fake_image(2, 500))]),
        ("good.png", vec![Response::ok(fake_image(1, 500))]),
        ("missing.png", vec![]),
    ])
}

#[test]
fn in_the_terminal_it_is_at_most_80_columns_wide() {
    let server = Server::start(&fast()).unwrap();
    let run = program().at(&server).workers(worker_count()).args("--timeline").run().exits(0);
    let (_, drawing) = run.stdout.split_once(&format!("{}: 40 of 40 images", model())).unwrap();
    let rows: Vec<&str> = drawing.lines().skip(2).collect();
    let (legend, lanes) = rows.split_last().unwrap();
    assert!(legend.contains("receiving"), "{legend}");
    assert!((1..=worker_count()).contains(&lanes.len()), "{drawing}");
    assert!(rows.iter().all(|row| row.chars().count() <= 80), "{drawing}");
    assert!(!run.stdout.chars().any(|char| char != '\n' && char.is_control()), "{drawing:?}");
}

#[test]
fn in_the_terminal_it_marks_retries_and_failures() {
    let run = program().at_url(&album().api_url()).args("--timeline").run().exits(1);
    let (_, drawing) = run.stdout.split_once("peak in flight: ").unwrap();
    let (lanes, _legend) = drawing.rsplit_once("waiting").unwrap();
    assert!(lanes.contains('!') && lanes.contains('x'), "{drawing}");
}

#[test]
fn with_json_or_quiet_it_goes_to_stderr() {
    let stub = album();
    let run = program().at_url(&stub.api_url()).args("--json --timeline").run().exits(1);
    assert_eq!(run.json()["saved"], 2);
    assert!(run.stderr.contains("receiving"), "{}", run.stderr);
    let stub = album();
    let run = program().at_url(&stub.api_url()).args("--quiet --timeline").run().exits(1);
    assert!(run.stdout.is_empty() && run.stderr.contains("receiving"), "{}", run.stderr);
}

#[test]
fn an_svg_file_is_well_formed_and_names_each_image() {
    let program = program().file("run.svg", "old").at_url(&album().api_url());
    let run = program.args("--timeline=run.svg").run().exits(1);
    let svg = fs::read_to_string(run.path("run.svg")).unwrap();
    let svg = roxmltree::Document::parse(&svg).unwrap();
    assert_eq!(svg.root_element().tag_name().name(), "svg");
    assert!(run.stdout.lines().last().unwrap().contains("run.svg"), "{}", run.stdout);
    let titles: Vec<&str> = svg.descendants().filter_map(|node| node.text()).collect();
    for text in ["good.png", "missing.png: 404", "later.png: 503"] {
        assert!(titles.iter().any(|title| title.contains(text)), "{text}: {titles:?}");
    }
}

#[test]
fn an_html_file_is_one_page_that_loads_nothing() {
    let run = program().at_url(&album().api_url()).args("--timeline=run.html").run().exits(1);
    let page = fs::read_to_string(run.path("run.html")).unwrap();
    assert!(run.stdout.lines().last().unwrap().contains("run.html"), "{}", run.stdout);
    assert!(page.contains("default-src 'none'"), "its policy lets it load nothing");
    for loads in ["<script src", "type=\"module\"", "@import", "href=\"/", "fetch("] {
        assert!(!page.contains(loads), "{loads}");
    }
    let (_, data) = page.split_once(r#"type="application/json">"#).unwrap();
    let data: Value = serde_json::from_str(data.split_once("</script>").unwrap().0).unwrap();
    let mut names: Vec<&str> = data["downloads"]
        .as_array()
        .unwrap()
        .iter()
        .map(|download| download["name"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["good.png", "later.png", "missing.png"]);
    assert!(page.contains("</svg>"), "without JavaScript there is the picture");
}

#[test]
fn a_json_file_follows_the_trace_event_format() {
    let run = program().at_url(&album().api_url()).args("--timeline=new/run.json").run().exits(1);
    let trace: Value =
        serde_json::from_slice(&fs::read(run.path("new/run.json")).unwrap()).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    // Start and end of each span, by row.
    let mut spans: BTreeMap<u64, Vec<(u64, u64)>> = BTreeMap::new();
    for event in events {
        let number =
            |field: &str| event[field].as_u64().unwrap_or_else(|| panic!("{field}: {event}"));
        assert!(event["name"].is_string() && number("pid") == 1, "{event}");
        match event["ph"].as_str().unwrap() {
            "M" => assert!(event["args"].is_object(), "{event}"),
            "i" => assert!(event["s"] == "t" && number("ts") > 0, "{event}"),
            "X" => {
                let (start, duration) = (number("ts"), number("dur"));
                assert!(duration > 0, "{event}");
                spans.entry(number("tid")).or_default().push((start, start + duration));
            }
            phase => panic!("{phase}: {event}"),
        }
    }
    // In one row, spans are nested or disjoint.
    assert!(!spans.is_empty());
    for spans in spans.values() {
        for (from, to) in spans {
            let crosses = |(start, end): &(u64, u64)| from < start && start < to && to < end;
            assert!(!spans.iter().any(crosses), "{spans:?}");
        }
    }
    let named = |name: &str| events.iter().filter(|event| event["name"] == name).count();
    let downloads = events.iter().filter(|event| event["cat"] == "download").count();
    assert_eq!((downloads, named("failed attempt"), named("given up")), (3, 1, 1));
    assert_eq!((named("good.png"), named("waiting"), named("process_name")), (1, 4, 1));
}

#[test]
fn an_unusable_file_is_an_error_before_any_request() {
    let stub = album();
    for file in ["folder.svg", "file/below.json", "file/below.html"] {
        let program = program().file("folder.svg/x", "").file("file", "precious");
        let run = program.at_url(&stub.api_url()).arg(format!("--timeline={file}")).run().exits(1);
        assert!(
            run.stderr.contains(&format!("cannot write the timeline {file}")),
            "{}",
            run.stderr
        );
        assert_eq!(fs::read(run.path("file")).unwrap(), b"precious");
    }
    for wrong in ["--timeline=run.png", "--timeline=", "--timeline=run"] {
        drop(program().at_url(&stub.api_url()).args(wrong).run().exits(2));
    }
    assert!(stub.requests().is_empty());
}
