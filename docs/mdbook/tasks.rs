//! A preprocessor of mdBook, named in `book.toml`. It turns the page of each task,
//! `exercises/tasks/NN-name/page.md`, into a chapter `exercises/NN-name.md` below "Exercises".
//!
//! In the repository, a page's links are relative to the task's folder; in the book, to the
//! chapter's. This program rewrites the links in these pages, and the links to them in other
//! chapters.

use serde_json::{Value, json};
use std::io::Error;
use std::path::Path;
use std::{env, fs, io};

/// The file of the chapter below which the pages are added.
const PARENT: &str = "exercises/README.md";

fn main() -> io::Result<()> {
    // `supports RENDERER` asks whether to run for a renderer; exit code 0 means yes.
    if env::args().nth(1).as_deref() == Some("supports") {
        return Ok(());
    }
    let (context, mut book): (Value, Value) = serde_json::from_reader(io::stdin())?;
    let docs = Path::new(context["root"].as_str().ok_or_else(|| Error::other("no root"))?);
    let root = docs.parent().ok_or_else(|| Error::other("the book is not in a repository"))?;
    let pages = pages(root)?;
    let items = book["items"].as_array_mut().ok_or_else(|| Error::other("a book of mdBook 0.5"))?;
    let found: Vec<bool> = items.iter_mut().map(|item| prepare(item, &pages)).collect();
    if !found.contains(&true) {
        return Err(Error::other(format!("{PARENT} is not in SUMMARY.md")));
    }
    Ok(serde_json::to_writer(io::stdout(), &book)?)
}

/// The path in the repository and the text of each page, in the order of the tasks.
fn pages(root: &Path) -> io::Result<Vec<(String, String)>> {
    let mut names = fs::read_dir(root.join("exercises/tasks"))?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<Vec<_>>>()?;
    names.sort();
    let paths = names.iter().map(|name| format!("exercises/tasks/{name}/page.md"));
    paths.map(|path| Ok((path.clone(), fs::read_to_string(root.join(path))?))).collect()
}

/// Rewrites the links of a chapter and its sub-chapters, and adds the pages to their parent.
/// Returns whether the parent was found.
fn prepare(item: &mut Value, pages: &[(String, String)]) -> bool {
    let Some(chapter) = item.get_mut("Chapter") else { return false };
    let file = chapter["source_path"].as_str().unwrap_or_default().to_owned();
    let text = chapter["content"].as_str().unwrap_or_default();
    chapter["content"] = rewrite(text, &format!("docs/{file}")).into();
    let number = chapter["number"].clone();
    let parents = json!([chapter["name"]]);
    let Some(below) = chapter["sub_items"].as_array_mut() else { return false };
    let is_parent = file == PARENT;
    let found = below.iter_mut().fold(is_parent, |found, item| prepare(item, pages) || found);
    for (path, text) in pages.iter().filter(|_| is_parent) {
        let mut number = number.clone();
        if let Some(number) = number.as_array_mut() {
            number.push((below.len() + 1).into());
        }
        let in_book = in_book(path);
        let file = in_book.trim_start_matches("docs/");
        below.push(json!({ "Chapter": {
            "name": text.lines().next().unwrap_or_default().trim_start_matches("# "),
            "content": rewrite(text, path),
            "number": number,
            "sub_items": [],
            "path": file,
            // Where a link to edit the page leads, from `docs/`.
            "source_path": format!("../{path}"),
            "parent_names": parents,
        }}));
    }
    found
}

/// The path in the book of a file in the repository.
fn in_book(path: &str) -> String {
    let task = path.strip_prefix("exercises/tasks/").and_then(|path| path.strip_suffix("/page.md"));
    task.map_or_else(|| path.to_owned(), |task| format!("docs/exercises/{task}.md"))
}

/// Rewrites the links in a file's text for the book.
fn rewrite(text: &str, file: &str) -> String {
    let mut rewritten = String::new();
    let mut is_code = false;
    for line in text.split_inclusive('\n') {
        is_code ^= line.trim_start().starts_with("```");
        let mut parts = line.split("](");
        rewritten.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let (link, rest) = part.split_at(part.find([')', '#', ' ']).unwrap_or(0));
            rewritten.push_str("](");
            let link = if is_code { link.to_owned() } else { rewrite_link(link, file) };
            rewritten.extend([&link, rest]);
        }
    }
    rewritten
}

fn rewrite_link(link: &str, file: &str) -> String {
    if link.is_empty() || link.contains(':') || link.starts_with('/') {
        return link.to_owned();
    }
    let target = join(file, link);
    if in_book(file) == file && in_book(&target) == target {
        return link.to_owned();
    }
    relative(&in_book(file), &in_book(&target))
}

/// The path that a link in this file leads to.
fn join(file: &str, link: &str) -> String {
    let mut path: Vec<&str> = file.split('/').collect();
    path.pop();
    for part in link.split('/') {
        match part {
            ".." => drop(path.pop()),
            "." => {}
            _ => path.push(part),
        }
    }
    path.join("/")
}

/// The link from this file to that path.
fn relative(file: &str, target: &str) -> String {
    let common = file.split('/').zip(target.split('/')).take_while(|(a, b)| a == b).count();
    let up = file.split('/').count() - 1 - common;
    let down: Vec<_> = target.split('/').skip(common).collect();
    "../".repeat(up) + &down.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "exercises/tasks/06-pool/page.md";

    #[test]
    fn a_link_leads_to_the_same_place_in_the_book() {
        for (file, link, expected) in [
            (PAGE, "../../../docs/threads.md#a", "../threads.md#a"),
            (PAGE, "../02-own-pool/page.md", "02-own-pool.md"),
            (PAGE, "../../../docs/exercises/README.md", "README.md"),
            (PAGE, "../../../03-processes/src/pool.rs", "../../03-processes/src/pool.rs"),
            (PAGE, "https://imgur.com/a/b", "https://imgur.com/a/b"),
            (PAGE, "#afterwards", "#afterwards"),
            ("docs/teachers.md", "../exercises/tasks/03-lock/page.md", "exercises/03-lock.md"),
            ("docs/exercises/README.md", "../../exercises/tasks/03-lock/page.md", "03-lock.md"),
            ("docs/teachers.md", "live.md", "live.md"),
        ] {
            let text = format!("A ![b]({link}) and [c]({link})\n");
            let expected = format!("A ![b]({expected}) and [c]({expected})\n");
            assert_eq!(rewrite(&text, file), expected);
        }
    }

    #[test]
    fn code_is_left_alone() {
        let code = "```rust\na[b](../c);\n```\n";
        assert_eq!(rewrite(code, PAGE), code);
    }

    #[test]
    fn the_pages_become_chapters_below_their_parent() {
        let chapter = |file, below: Value| {
            json!({ "Chapter": { "name": "Name", "content": "", "number": [7], "path": file,
                "source_path": file, "sub_items": below } })
        };
        let pages = [(PAGE.to_owned(), "# 6. A pool\n\n[a](../../../docs/a.md)\n".to_owned())];
        let mut item = chapter("part.md", json!([chapter(PARENT, json!([]))]));
        assert!(prepare(&mut item, &pages));
        let added = &item["Chapter"]["sub_items"][0]["Chapter"]["sub_items"][0]["Chapter"];
        assert_eq!(added["name"], "6. A pool");
        assert_eq!(added["path"], "exercises/06-pool.md");
        assert_eq!(added["number"], json!([7, 1]));
        assert_eq!(added["content"], "# 6. A pool\n\n[a](../a.md)\n");
        assert!(!prepare(&mut chapter("part.md", json!([])), &pages));
        assert!(!prepare(&mut json!("Separator"), &pages));
    }
}
