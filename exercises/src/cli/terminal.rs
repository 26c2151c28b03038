//! Text for the terminal, wrapped to its width.

use console::Term;
use exercises::judge;
use shared::is_coloured;
use std::io::{self, Write};
use textwrap::core::Word;
use textwrap::{Options, WordSeparator, WordSplitter};

/// The command that runs this program.
pub const COMMAND: &str = "cargo run -p exercises --";
/// Limits the length of a line of text, in columns.
const MAX_WIDTH: usize = 90;
/// Limits how many lines of a run's stdout, and of its stderr, are shown.
const MAX_LINES: usize = 8;

/// Prints a text as it is.
pub fn say(text: &str) {
    // Fails only if stdout is closed; then no message can be shown either.
    let _ = io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush());
}

/// A state or verdict, green or yellow if stdout shows colours.
pub fn coloured(text: &str) -> String {
    let code = match text {
        "passed" | "Passed." => "32",
        "not yet" | "Not yet." | "does not compile" => "33",
        _ => return text.into(),
    };
    if is_coloured(&Term::stdout()) { format!("\x1b[{code}m{text}\x1b[0m") } else { text.into() }
}

/// A page with its paragraphs and lists wrapped, and with paths in place of links.
pub fn fit(markdown: &str) -> String {
    let mut fitted = String::new();
    let mut block = String::new();
    let mut is_code = false;
    for line in markdown.lines() {
        let is_fence = line.starts_with("```");
        // Four spaces after an empty line begin a block of code.
        let is_indented = line.starts_with("    ") && block.is_empty();
        let stands_alone =
            is_code || is_fence || is_indented || line.is_empty() || line.starts_with('#');
        if stands_alone || line.starts_with("- ") {
            end(&mut block, &mut fitted);
        }
        if stands_alone {
            fitted.extend([line, "\n"]);
        } else {
            block.extend([line.trim_start(), " "]);
        }
        is_code ^= is_fence;
    }
    end(&mut block, &mut fitted);
    fitted.trim_end().to_owned()
}

/// Appends `block`, a paragraph or a list item, to `fitted`, wrapped. Clears `block`.
fn end(block: &mut String, fitted: &mut String) {
    if !block.is_empty() {
        let indent = if block.starts_with("- ") { "  " } else { "" };
        let options = Options::new(textwrap::termwidth().min(MAX_WIDTH))
            .subsequent_indent(indent)
            .word_separator(WordSeparator::Custom(words))
            .word_splitter(WordSplitter::NoHyphenation);
        fitted.push_str(&textwrap::fill(&without_links(block.trim_end()), options));
        fitted.push('\n');
        block.clear();
    }
}

/// The words of a text, which end at spaces. `Inline code` is one word, so no line breaks inside
/// it.
fn words(text: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let mut is_code = false;
    let ends = move |letter| {
        is_code ^= letter == '`';
        letter == ' ' && !is_code
    };
    Box::new(text.split_inclusive(ends).map(Word::from))
}

/// The text of a task with paths in place of links to chapters: `Threads (docs/threads.md)`.
fn without_links(markdown: &str) -> String {
    let mut parts = markdown.split('[');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let link = part.split_once("](").and_then(|(name, rest)| {
            let (target, rest) = rest.split_once(')')?;
            Some((name, target, rest))
        });
        match link {
            Some((name, target, rest)) => {
                let path = target.strip_prefix("../../../").map(|path| format!(" ({path})"));
                text.extend([name, &path.unwrap_or_default(), rest]);
            }
            None => text.extend(["[", part]),
        }
    }
    text
}

/// The last lines of what a program has printed, cut and without control characters.
pub fn excerpt(title: &str, printed: &str) -> String {
    let lines: Vec<_> = printed.lines().collect();
    if lines.is_empty() {
        return String::new();
    }
    let (above, shown) = lines.split_at(lines.len().saturating_sub(MAX_LINES));
    let above = if above.is_empty() { "" } else { "  | … (more lines above)\n" };
    let shown = shown.iter().map(|line| format!("  | {}\n", judge::shown(line)));
    format!("{title}\n{above}{}\n", shown.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_fits_the_terminal() {
        let page = "# 1. Title\n\n*Builds on [Threads](../../../docs/threads.md) and\n[task \
                    2](../02-own-pool/page.md).*\n\n\
                    - One `#[must_use]`\n  item.\n- Another\n\n```rust\nlet a = b[0];\n    c();\n```\n";
        let fitted = "# 1. Title\n\n*Builds on Threads (docs/threads.md) and task 2.*\n\n\
                      - One `#[must_use]` item.\n- Another\n\n```rust\nlet a = b[0];\n    c();\n```";
        assert_eq!(fit(page), fitted);
        let long = fit(&"word ".repeat(100));
        assert!(long.lines().all(|line| line.len() <= MAX_WIDTH) && long.lines().count() > 5);
    }

    #[test]
    fn indented_code_stays_as_it_is() {
        let page = "Replace the line by\n\n    let a = 1;\n    let b = 2;\n\n- an item\n    of two lines\n";
        let fitted =
            "Replace the line by\n\n    let a = 1;\n    let b = 2;\n\n- an item of two lines";
        assert_eq!(fit(page), fitted);
    }

    #[test]
    fn no_line_ends_inside_inline_code() {
        for words in 1..MAX_WIDTH {
            let text = format!("{}`scope.spawn(|| fetch-all(link))` ends", "a ".repeat(words));
            let fitted = fit(&text);
            assert!(fitted.contains("`scope.spawn(|| fetch-all(link))`"), "{fitted}");
        }
    }

    #[test]
    fn the_end_of_what_is_printed_is_shown() {
        assert_eq!(excerpt("It says:", ""), "");
        assert_eq!(excerpt("It says:", "a\x1b[31m\n"), "It says:\n  | a[31m\n\n");
        let shown = excerpt("It says:", "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
        assert!(shown.starts_with("It says:\n  | … (more lines above)\n  | 2\n"), "{shown}");
        let shown = excerpt("It says:", &"x".repeat(50_000_000));
        assert!(shown.ends_with("x…\n\n") && shown.len() < 400, "{}", shown.len());
    }
}
