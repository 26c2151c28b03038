//! Code that a chapter shows stands in the file that it names, and a diff is what `diff -u` prints.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A fenced block, with the comment above it.
struct Block {
    /// The chapter and the line.
    place: String,
    comment: Option<String>,
    /// What stands behind the opening fence.
    language: String,
    lines: Vec<String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace is above")
}

fn chapters(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("it is a folder");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    paths
        .flat_map(|path| match path.extension() {
            _ if path.is_dir() => chapters(&path),
            Some(extension) if extension == "md" => vec![path],
            _ => Vec::new(),
        })
        .collect()
}

/// The chapters, the tasks' pages and hints and the README.
fn files() -> Vec<PathBuf> {
    let folders = [root().join("docs"), root().join("exercises/tasks")];
    let chapters = folders.iter().flat_map(|folder| chapters(folder));
    chapters.chain([root().join("README.md")]).collect()
}

/// Every block in them.
fn blocks() -> Vec<Block> {
    files().iter().flat_map(|file| blocks_of(file)).collect()
}

fn blocks_of(file: &Path) -> Vec<Block> {
    let text = fs::read_to_string(file).expect("chapters are text");
    let name = file.strip_prefix(root()).expect("it is below").display();
    let mut blocks = Vec::new();
    let mut above = "";
    let mut lines = text.lines().zip(1..);
    while let Some((line, number)) = lines.next() {
        let opening = line.trim_start();
        let ticks = opening.len() - opening.trim_start_matches('`').len();
        if ticks >= 3 {
            let fence = "`".repeat(ticks);
            let inside = lines.by_ref().map(|(line, _)| line);
            let inside = inside.take_while(|line| line.trim() != fence);
            blocks.push(Block {
                place: format!("{name}:{number}"),
                comment: comment(above),
                language: opening[ticks..].to_owned(),
                lines: dedent(&inside.collect::<Vec<_>>()),
            });
        }
        above = line;
    }
    blocks
}

fn comment(line: &str) -> Option<String> {
    let inside = line.trim().strip_prefix("<!--")?.strip_suffix("-->")?;
    Some(inside.trim().to_owned())
}

/// The lines without the indentation that they have in common.
fn dedent(lines: &[&str]) -> Vec<String> {
    let indented = lines.iter().filter(|line| !line.trim().is_empty());
    let common = indented.map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    lines.iter().map(|line| line.get(common..).unwrap_or("").trim_end().to_owned()).collect()
}

/// Whether the lines stand somewhere in the text, one below the other.
fn stands_in(text: &str, lines: &[String]) -> bool {
    let text: Vec<&str> = text.lines().collect();
    !lines.is_empty() && text.windows(lines.len()).any(|window| dedent(window) == lines)
}

/// Why the block is not what its comment says, if so.
fn wrong(block: &Block) -> Option<String> {
    let told = block.comment.as_deref().and_then(|comment| comment.split_once(':'));
    let text = match told {
        Some(("excerpt", path)) => match fs::read_to_string(root().join(path.trim())) {
            Ok(text) => text,
            Err(error) => return Some(format!("{}: {error}", path.trim())),
        },
        Some(("diff", files)) => match diff(files) {
            Ok(text) => text,
            Err(why) => return Some(why),
        },
        _ if block.language == "rust,ignore" => {
            return Some("Rust that is neither an excerpt nor compiled".into());
        }
        _ => return None,
    };
    (!stands_in(&text, &block.lines)).then(|| "is not in the file (any more)".into())
}

/// What `diff -u` prints, from its first `@@` on.
fn diff(files: &str) -> Result<String, String> {
    let files: Vec<&str> = files.split_whitespace().collect();
    if files.len() != 2 || files.iter().any(|file| !root().join(file).is_file()) {
        return Err(format!("{}: two files are wanted", files.join(" ")));
    }
    let diff = Command::new("diff").arg("-u").args(files).current_dir(root()).output();
    let output = String::from_utf8(diff.expect("diff runs").stdout).expect("code is text");
    Ok(output.lines().skip(2).collect::<Vec<_>>().join("\n"))
}

#[test]
#[cfg_attr(windows, ignore = "Windows has no diff")]
fn code_in_the_chapters_is_the_code_of_the_programs() {
    let wrong: Vec<String> = blocks()
        .iter()
        .filter_map(|block| wrong(block).map(|why| format!("{}: {why}", block.place)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_comment_about_a_block_stands_right_above_it() {
    let told = blocks().iter().filter(|block| is_told(block.comment.as_deref())).count();
    let mut comments = 0;
    for file in files() {
        let text = fs::read_to_string(file).expect("chapters are text");
        comments += text.lines().filter(|line| is_told(comment(line).as_deref())).count();
    }
    assert_eq!(comments, told, "a comment has no block below it");
    assert!(told > 0, "no block has been looked at");
}

fn is_told(comment: Option<&str>) -> bool {
    comment.is_some_and(|comment| {
        comment.starts_with("excerpt:") || comment.starts_with("diff:") || comment == "run"
    })
}

#[test]
fn an_excerpt_has_to_stand_in_one_piece() {
    let lines = |text: &str| dedent(&text.lines().collect::<Vec<_>>());
    let text = "fn main() {\n    one();\n    two();\n\n    three();\n}\n";
    assert!(stands_in(text, &lines("two();\n\nthree();")));
    assert!(!stands_in(text, &lines("one();\nthree();")));
    assert!(!stands_in(text, &lines("one();\n  two();")));
    assert!(!stands_in(text, &[]));
}
