//! The diff is the lesson: the four `main.rs` differ by as few lines as they can.

use std::fs;

/// The lines of code of a program's page, without blank lines and comments.
fn page(program: &str) -> Vec<String> {
    let path = format!("{}/../{program}/src/main.rs", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).expect("every program has a page");
    let lines =
        text.lines().filter(|line| !line.trim().is_empty() && !line.trim().starts_with("//"));
    lines.map(str::to_owned).collect()
}

/// How many lines `diff` calls removed or added: all but the longest common sequence.
fn changed(from: &[String], to: &[String]) -> usize {
    let mut above = vec![0; to.len() + 1];
    for line in from {
        let mut row = vec![0];
        for (place, other) in to.iter().enumerate() {
            row.push(if line == other {
                above[place] + 1
            } else {
                above[place + 1].max(row[place])
            });
        }
        above = row;
    }
    from.len() + to.len() - 2 * above[to.len()]
}

#[test]
fn the_programs_differ_by_their_concurrency_only() {
    let sync = page("01-sync");
    for (program, budget) in [("02-threads", 16), ("03-processes", 30), ("04-async", 30)] {
        let changed = changed(&sync, &page(program));
        assert!(changed <= budget, "{program} differs from 01-sync by {changed} lines");
    }
}

#[test]
fn a_program_is_a_page() {
    for program in ["01-sync", "02-threads", "03-processes", "04-async"] {
        let lines = page(program).len();
        assert!(lines < 60, "{program} has {lines} lines of code");
    }
}

#[test]
fn what_does_not_fit_the_page_stands_in_short_files_beside_it() {
    for file in [
        "03-processes/src/pool.rs",
        "03-processes/src/worker.rs",
        "04-async/src/client.rs",
        "04-async/src/client/http.rs",
    ] {
        let text = fs::read_to_string(format!("{}/../{file}", env!("CARGO_MANIFEST_DIR")));
        let text = text.expect("it is there");
        let code =
            text.lines().filter(|line| !line.trim().is_empty() && !line.trim().starts_with("//"));
        let lines = code.count();
        assert!(lines < 150, "{file} has {lines} lines of code");
    }
}

#[test]
fn the_measure_counts_as_diff_does() {
    let lines = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
    assert_eq!(changed(&lines("abcd"), &lines("abcd")), 0);
    assert_eq!(changed(&lines("abcd"), &lines("axcd")), 2);
    assert_eq!(changed(&lines("abcd"), &lines("abxycd")), 2);
}
