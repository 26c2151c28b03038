//! Which lane held which image when, in three drawings.

use crate::concurrency::workers;
use crate::practice_mode::fast;
use crate::{model, program};
use practice::Server;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use tests::{Answer, Stub, picture};

/// An album of which one image fails for good and one at its first two tries.
fn album() -> Stub {
    let busy = || Answer::new("503 Busy", &[], "");
    Stub::with([
        ("good.png", vec![Answer::ok(picture(1, 500))]),
        ("missing.png", vec![]),
        ("later.png", vec![busy(), busy(), Answer::ok(picture(2, 500))]),
    ])
}

#[test]
fn in_the_terminal_it_is_eighty_columns_wide() {
    let server = Server::start(&fast()).unwrap();
    let run = program().at(&server).workers(workers()).args("--timeline").run().exits(0);
    let (_, drawing) = run.stdout.split_once(&format!("{}: 40 of 40 images", model())).unwrap();
    let rows: Vec<&str> = drawing.lines().skip(2).collect();
    let (legend, lanes) = rows.split_last().unwrap();
    assert!(legend.contains("receiving"), "{legend}");
    assert!((1..=workers()).contains(&lanes.len()), "{drawing}");
    assert!(rows.iter().all(|row| row.chars().count() <= 80), "{drawing}");
    assert!(!run.stdout.chars().any(|it| it != '\n' && it.is_control()), "{drawing:?}");
}

#[test]
fn it_shows_retries_and_failures() {
    let run = program().at_url(&album().api_url()).args("--timeline").run().exits(1);
    let (_, drawing) = run.stdout.split_once("peak in flight: ").unwrap();
    let (lanes, _legend) = drawing.rsplit_once("waiting").unwrap();
    assert!(lanes.contains('!') && lanes.contains('x'), "{drawing}");
}

#[test]
fn stdout_keeps_what_it_promises() {
    let stub = album();
    let run = program().at_url(&stub.api_url()).args("--json --timeline").run().exits(1);
    assert_eq!(run.json()["saved"], 2);
    assert!(run.stderr.contains("receiving"), "{}", run.stderr);
    let stub = album();
    let run = program().at_url(&stub.api_url()).args("--quiet --timeline").run().exits(1);
    assert!(run.stdout.is_empty() && run.stderr.contains("receiving"), "{}", run.stderr);
}

#[test]
fn a_picture_is_proper_svg() {
    let program = program().file("run.svg", "old").at_url(&album().api_url());
    let run = program.args("--timeline=run.svg").run().exits(1);
    let svg = fs::read_to_string(run.path("run.svg")).unwrap();
    let svg = roxmltree::Document::parse(&svg).unwrap();
    assert_eq!(svg.root_element().tag_name().name(), "svg");
    assert!(run.stdout.ends_with("timeline written to run.svg\n"), "{}", run.stdout);
    let titles: Vec<&str> = svg.descendants().filter_map(|node| node.text()).collect();
    for text in ["good.png", "missing.png: 404", "later.png: 503"] {
        assert!(titles.iter().any(|title| title.contains(text)), "{text}: {titles:?}");
    }
}

#[test]
fn trace_events_follow_their_format() {
    let run = program().at_url(&album().api_url()).args("--timeline=new/run.json").run().exits(1);
    let trace: Value =
        serde_json::from_slice(&fs::read(run.path("new/run.json")).unwrap()).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    let mut spans: BTreeMap<u64, Vec<(u64, u64)>> = BTreeMap::new();
    for event in events {
        let number =
            |field: &str| event[field].as_u64().unwrap_or_else(|| panic!("{field}: {event}"));
        assert!(event["name"].is_string() && number("pid") == 1, "{event}");
        match event["ph"].as_str().unwrap() {
            "M" => assert!(event["args"].is_object(), "{event}"),
            "i" => assert!(event["s"] == "t" && number("ts") > 0, "{event}"),
            "X" => {
                let (from, lasts) = (number("ts"), number("dur"));
                assert!(lasts > 0, "{event}");
                spans.entry(number("tid")).or_default().push((from, from + lasts));
            }
            other => panic!("{other}: {event}"),
        }
    }
    // On one row, spans lie within each other or apart.
    for spans in spans.values() {
        for (from, to) in spans {
            let crosses = |(start, end): &(u64, u64)| from < start && start < to && to < end;
            assert!(!spans.iter().any(crosses), "{spans:?}");
        }
    }
    let named = |name: &str| events.iter().filter(|event| event["name"] == name).count();
    let downloads = events.iter().filter(|event| event["cat"] == "download").count();
    assert_eq!((downloads, named("failed attempt"), named("given up")), (3, 2, 1));
    assert_eq!((named("good.png"), named("waiting"), named("process_name")), (1, 5, 1));
}

#[test]
fn a_file_that_cannot_be_written_is_found_out_first() {
    let stub = album();
    for file in ["folder.svg", "file/below.json"] {
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
    assert!(stub.asked().is_empty());
}
