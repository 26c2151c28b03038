//! The output on stdout: tables, or JSON.

use crate::candidate::{Candidate, Job};
use crate::lab::Lab;
use crate::tables::Table;
use comfy_table::presets;
use serde_json::{Value, json};

/// The tables, in Markdown or as plain text, followed by the peers that are not installed and the
/// warnings. Plain text is as wide as the terminal.
pub fn text(tables: &[Table], missing: &[&str], warnings: &[String], markdown: bool) -> String {
    text_of_width(tables, missing, warnings, width(markdown))
}

/// A paragraph, in Markdown or as wide as the terminal.
pub fn paragraph(text: &str, markdown: bool) -> String {
    fill(text, width(markdown))
}

/// The terminal's columns; none in Markdown.
fn width(markdown: bool) -> Option<usize> {
    let columns = std::env::var("COLUMNS").ok().and_then(|it| it.parse().ok());
    if markdown { None } else { columns.or_else(|| Some(textwrap::termwidth())) }
}

fn fill(text: &str, width: Option<usize>) -> String {
    width.map_or(text.to_owned(), |width| textwrap::fill(text, width))
}

/// The text for a terminal with this many columns, or in Markdown.
pub fn text_of_width(
    tables: &[Table],
    missing: &[&str],
    warnings: &[String],
    width: Option<usize>,
) -> String {
    let fill = |text: &str| fill(text, width);
    let mut text = Vec::new();
    for Table { title, note, header, rows } in tables {
        let mut table = comfy_table::Table::new();
        let markdown = width.is_none();
        table.load_style(if markdown { presets::ASCII_MARKDOWN } else { presets::NOTHING });
        table.set_header(header).add_rows(rows);
        let table = if markdown { table.to_string() } else { table.trim_fmt() };
        let mark = if markdown { "## " } else { "" };
        text.push(format!("{mark}{}\n\n{table}\n\n{}\n", fill(title), fill(note)));
    }
    if !missing.is_empty() {
        text.push(fill(&format!("Not installed: {}.", missing.join(", "))) + "\n");
    }
    text.extend(warnings.iter().map(|warning| fill(&format!("Warning: {warning}.")) + "\n"));
    text.join("\n")
}

/// All measurements, as JSON.
pub fn json(candidates: &[Candidate], lab: &Lab, missing: &[&str], warnings: &[String]) -> Value {
    let runs = candidates.iter().map(|it| {
        let ideal = (it.job == Job::Waiting).then(|| lab.ideal(it.workers));
        json!({
            "name": it.name, "workers": it.workers, "job": it.job.name(),
            "ideal_seconds": ideal, "samples": it.samples,
        })
    });
    let runs: Vec<Value> = runs.collect();
    json!({"runs": runs, "not_installed": missing, "warnings": warnings})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_has_a_heading_above_each_table() {
        let table = Table {
            title: "Times",
            note: "See?",
            header: vec!["program", "s"],
            rows: vec![vec!["01-sync".into(), "4.8".into()]],
        };
        let text = text_of_width(&[table], &["wget2"], &["busy".into()], None);
        let expected = "## Times\n\n\
            | program | s   |\n|---------|-----|\n| 01-sync | 4.8 |\n\nSee?\n\n\
            Not installed: wget2.\n\nWarning: busy.\n";
        assert_eq!(text, expected);
    }
}
