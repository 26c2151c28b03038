//! The output on stdout: tables, or JSON.

use crate::candidate::{Candidate, Job};
use crate::lab::Lab;
use crate::tables::Table;
use comfy_table::presets;
use serde_json::{Value, json};

/// The tables, in Markdown or as plain text, followed by the peers that are not installed and the
/// warnings.
pub fn text(tables: &[Table], missing: &[&str], warnings: &[String], markdown: bool) -> String {
    let mut text = Vec::new();
    for Table { title, note, header, rows } in tables {
        let mut table = comfy_table::Table::new();
        table.load_style(if markdown { presets::ASCII_MARKDOWN } else { presets::NOTHING });
        table.set_header(header).add_rows(rows);
        let mark = if markdown { "## " } else { "" };
        text.push(format!("{mark}{title}\n\n{table}\n\n{note}\n"));
    }
    if !missing.is_empty() {
        text.push(format!("Not installed: {}.\n", missing.join(", ")));
    }
    text.extend(warnings.iter().map(|warning| format!("Warning: {warning}.\n")));
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
        let text = text(&[table], &["wget2"], &["busy".into()], true);
        let expected = "## Times\n\n\
            | program | s   |\n|---------|-----|\n| 01-sync | 4.8 |\n\nSee?\n\n\
            Not installed: wget2.\n\nWarning: busy.\n";
        assert_eq!(text, expected);
    }
}
