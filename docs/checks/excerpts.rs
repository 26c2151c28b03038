//! Checks the excerpts in the chapters. A block below `<!-- excerpt: FILE -->` must be part of that
//! file. A block below `<!-- diff: FILE FILE -->` must be part of what `diff -u` prints.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A fenced block of a chapter.
struct Block {
    /// Chapter and line, as `docs/sync.md:12`.
    position: String,
    /// The comment on the line above.
    comment: Option<String>,
    /// The text after the opening fence.
    language: String,
    lines: Vec<String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("docs is a folder of the workspace")
}

/// The README, all chapters, and the pages and hints of all tasks.
fn chapters() -> Vec<PathBuf> {
    let mut files = vec![root().join("README.md")];
    files.extend(
        ["docs", "exercises/tasks"].map(|folder| markdown_in(&root().join(folder))).concat(),
    );
    files
}

/// The Markdown files in a folder and in the folders below it.
fn markdown_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .flat_map(|path| match path.extension() {
            _ if path.is_dir() => markdown_in(&path),
            Some(extension) if extension == "md" => vec![path],
            _ => Vec::new(),
        })
        .collect()
}

/// Every block of every chapter.
fn blocks() -> Vec<Block> {
    chapters().iter().flat_map(|file| blocks_of(file)).collect()
}

fn blocks_of(file: &Path) -> Vec<Block> {
    let text = fs::read_to_string(file).expect("chapters are UTF-8");
    let name = file.strip_prefix(root()).expect("the chapter is in the workspace").display();
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
                position: format!("{name}:{number}"),
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

/// Removes the indentation that all lines have in common.
fn dedent(lines: &[&str]) -> Vec<String> {
    let indented = lines.iter().filter(|line| !line.trim().is_empty());
    let common = indented.map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    lines.iter().map(|line| line.get(common..).unwrap_or("").trim_end().to_owned()).collect()
}

/// Whether the text contains these lines, one below the other, at any indentation.
fn contains(text: &str, lines: &[String]) -> bool {
    let text: Vec<&str> = text.lines().collect();
    !lines.is_empty() && text.windows(lines.len()).any(|window| dedent(window) == lines)
}

/// Why the block does not match its comment; `None` if it does.
fn problem(block: &Block) -> Option<String> {
    let source = block.comment.as_deref().and_then(|comment| comment.split_once(':'));
    let text = match source {
        Some(("excerpt", path)) => match fs::read_to_string(root().join(path.trim())) {
            Ok(text) => text,
            Err(error) => return Some(format!("{}: {error}", path.trim())),
        },
        Some(("diff", files)) => match diff(files) {
            Ok(text) => text,
            Err(problem) => return Some(problem),
        },
        _ if block.language == "rust,ignore" => {
            return Some("this Rust is neither an excerpt nor compiled".into());
        }
        _ => return None,
    };
    (!contains(&text, &block.lines)).then(|| "this is not in the file".into())
}

/// What `diff -u` prints for two files, without its first two lines, which contain times.
fn diff(files: &str) -> Result<String, String> {
    let files: Vec<&str> = files.split_whitespace().collect();
    if files.len() != 2 || files.iter().any(|file| !root().join(file).is_file()) {
        return Err(format!("{}: not the paths of two files", files.join(" ")));
    }
    let diff = Command::new("diff").arg("-u").args(files).current_dir(root()).output();
    let output = String::from_utf8(diff.expect("diff runs").stdout).expect("code is UTF-8");
    Ok(output.lines().skip(2).collect::<Vec<_>>().join("\n"))
}

#[test]
#[cfg_attr(windows, ignore = "Windows has no diff")]
fn excerpts_and_diffs_are_up_to_date() {
    let problems: Vec<String> = blocks()
        .iter()
        .filter_map(|block| problem(block).map(|problem| format!("{}: {problem}", block.position)))
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn each_comment_for_a_check_has_a_block_on_the_next_line() {
    let checked = blocks().iter().filter(|block| is_for_a_check(block.comment.as_deref())).count();
    let mut comments = 0;
    for file in chapters() {
        let text = fs::read_to_string(file).expect("chapters are UTF-8");
        comments += text.lines().filter(|line| is_for_a_check(comment(line).as_deref())).count();
    }
    assert_eq!(comments, checked, "a comment has no block on the next line");
    assert!(checked > 0, "no block has been checked");
}

fn is_for_a_check(comment: Option<&str>) -> bool {
    comment.is_some_and(|comment| {
        ["excerpt:", "diff:"].iter().any(|check| comment.starts_with(check))
            || ["run", "run as root"].contains(&comment)
    })
}

#[test]
fn an_excerpt_must_be_contiguous() {
    let lines = |text: &str| dedent(&text.lines().collect::<Vec<_>>());
    let text = "fn main() {\n    one();\n    two();\n\n    three();\n}\n";
    assert!(contains(text, &lines("two();\n\nthree();")));
    assert!(!contains(text, &lines("one();\nthree();")));
    assert!(!contains(text, &lines("one();\n  two();")));
    assert!(!contains(text, &[]));
}
