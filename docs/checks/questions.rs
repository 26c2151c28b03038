//! Checks the questions of the chapters: their form, from which `theme/questions.js` makes a quiz,
//! and that each of the twenty misconceptions is asked about.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{fs, iter};

/// What learners often believe; a comment above a question names the one that its wrong options use.
const MISCONCEPTIONS: std::ops::RangeInclusive<u32> = 1..=20;
const MIN_QUESTIONS: usize = 6;

struct Chapter {
    name: String,
    questions: Vec<Question>,
}

struct Question {
    misconception: Option<u32>,
    answer: char,
}

/// The lines of a section "Questions", without blank ones, as `trouble.md:103` and text.
type Lines<'a> = iter::Peekable<Box<dyn Iterator<Item = (String, &'a str)> + 'a>>;

/// All chapters whose questions have the form of a quiz. Chapters without questions have none to
/// check.
fn chapters() -> Result<Vec<Chapter>, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let mut chapters = Vec::new();
    for path in entries.map(|entry| entry.path()) {
        if path.extension().is_some_and(|extension| extension == "md") {
            let name = path.file_name().unwrap_or_default().display().to_string();
            let text = fs::read_to_string(&path).expect("chapters are UTF-8");
            if is_quiz(&text) {
                chapters.push(Chapter { questions: questions(&name, &text)?, name });
            }
        }
    }
    Ok(chapters)
}

fn is_quiz(text: &str) -> bool {
    text.split_once("\n## Questions\n").is_some_and(|(_, section)| section.contains("\n**1. "))
}

fn questions(name: &str, text: &str) -> Result<Vec<Question>, String> {
    let numbered = text.lines().zip(1..).map(|(line, number)| (format!("{name}:{number}"), line));
    let section = numbered.skip_while(|(_, line)| *line != "## Questions").skip(1);
    let section = section.take_while(|(_, line)| !line.starts_with("## "));
    let section = section.filter(|(_, line)| !line.is_empty());
    let mut lines: Lines = (Box::new(section) as Box<dyn Iterator<Item = _>>).peekable();
    let mut questions = Vec::new();
    while lines.peek().is_some() {
        questions.push(question(questions.len() + 1, &mut lines)?);
    }
    Ok(questions)
}

fn question(number: usize, lines: &mut Lines) -> Result<Question, String> {
    let (mut position, mut line) = next(lines)?;
    let mut misconception = None;
    if let Some(comment) = line.strip_prefix("<!-- misconception: ") {
        let known = comment.strip_suffix(" -->").and_then(|number| number.parse().ok());
        let known = known.filter(|number| MISCONCEPTIONS.contains(number));
        misconception = Some(known.ok_or(format!("{position}: not a misconception from 1 to 20"))?);
        (position, line) = next(lines)?;
    }
    if !line.starts_with(&format!("**{number}. ")) {
        return Err(format!("{position}: not question {number}: {line}"));
    }
    // The question may go on in more lines, and show some code.
    while !lines.peek().is_some_and(|(_, line)| line.starts_with("- **A.** ")) {
        next(lines)?;
    }
    let mut options = String::new();
    while let Some((position, line)) = lines.next_if(|(_, line)| !line.starts_with("<details>")) {
        match line.strip_prefix("- ").and_then(letter) {
            Some(letter) => options.push(letter),
            None if line.starts_with("  ") => {}
            None => return Err(format!("{position}: not an option: {line}")),
        }
    }
    if options.len() < 2 || !"ABCDEF".starts_with(&options) {
        return Err(format!("{position}: the options are {options}"));
    }
    let (_, details) = next(lines)?;
    let (position, line) = next(lines)?;
    if details != "<details><summary>Answer</summary>" {
        return Err(format!("{position}: not an answer to open: {details}"));
    }
    let answer = letter(line).filter(|answer| options.contains(*answer));
    let answer = answer.ok_or(format!("{position}: the answer is not one of {options}"))?;
    while next(lines)?.1 != "</details>" {}
    Ok(Question { misconception, answer })
}

fn next<'a>(lines: &mut Lines<'a>) -> Result<(String, &'a str), String> {
    lines.next().ok_or_else(|| "the last question has no end".into())
}

/// The letter of a text that begins with, for example, `**B.** `.
fn letter(text: &str) -> Option<char> {
    let (letter, rest) = text.strip_prefix("**")?.split_at_checked(1)?;
    rest.starts_with(".** ").then(|| letter.chars().next())?
}

#[test]
fn the_questions_have_the_form_of_a_quiz() {
    let chapters = chapters().unwrap_or_else(|error| panic!("{error}"));
    assert!(!chapters.is_empty(), "no question has been checked");
    for Chapter { name, questions } in chapters {
        assert!(questions.len() >= MIN_QUESTIONS, "{name} has {} questions", questions.len());
    }
}

#[test]
fn the_right_answers_are_spread() {
    let mut all = BTreeMap::new();
    for Chapter { name, questions } in chapters().unwrap_or_else(|error| panic!("{error}")) {
        let mut answers = BTreeMap::new();
        for Question { answer, .. } in &questions {
            *answers.entry(*answer).or_insert(0) += 1;
            *all.entry(*answer).or_insert(0) += 1;
        }
        let most = answers.values().max().copied().unwrap_or(0);
        assert!(2 * most <= questions.len() + 1, "{name}: the right answers are {answers:?}");
    }
    let count: usize = all.values().sum();
    for answer in ['A', 'B', 'C'] {
        assert!(5 * all.get(&answer).unwrap_or(&0) >= count, "the right answers are {all:?}");
    }
}

#[test]
fn each_misconception_is_asked_about() {
    let chapters = chapters().unwrap_or_else(|error| panic!("{error}"));
    let questions = chapters.iter().flat_map(|chapter| &chapter.questions);
    let asked: BTreeSet<u32> = questions.filter_map(|question| question.misconception).collect();
    let missing: Vec<u32> = MISCONCEPTIONS.filter(|number| !asked.contains(number)).collect();
    assert!(missing.is_empty(), "no question is about the misconceptions {missing:?}");
}

#[test]
fn a_question_of_another_form_is_refused() {
    const RIGHT: &str = "## Questions\n\n<!-- misconception: 7 -->\n**1. Why?\nAnd how?**\n\n\
        - **A.** So\n  it is.\n- **B.** No.\n\n<details><summary>Answer</summary>\n\n**B.** As it is.\n\n\
        </details>\n";
    assert_eq!(questions("a.md", RIGHT).map(|questions| questions.len()), Ok(1));
    for (right, wrong) in [
        ("misconception: 7", "misconception: 21"),
        ("**1. ", "**2. "),
        ("- **B.** No.\n", ""),
        ("- **B.**", "- **C.**"),
        ("- **B.**", "- B."),
        ("\n**B.**", "\n**C.**"),
        ("<summary>Answer", "<summary>Result"),
        ("</details>\n", ""),
    ] {
        let text = RIGHT.replace(right, wrong);
        assert_ne!(text, RIGHT);
        assert!(questions("a.md", &text).is_err(), "{text}");
    }
}
