//! The source of a submission, to name the line of a mistake that a run has shown.

/// The source text of a submission.
#[derive(Clone, Default)]
pub struct Source(String);

impl Source {
    /// The source in this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// A sentence with the number and text of the first line that has all these parts. Empty if there
    /// is none.
    pub fn line_with(&self, parts: &[&str]) -> String {
        let mut lines = self.lines();
        let found = lines.find(|(_, line)| parts.iter().all(|part| line.contains(part)));
        found.map_or_else(String::new, |(number, line)| {
            format!("Line {number} of your submission: `{line}`. ")
        })
    }

    /// The lines of a number that is read by `load` and written by `store`, in two steps: other
    /// threads can do the same in between.
    pub fn torn_update(&self) -> Option<(usize, usize)> {
        let receiver = |line: &str, call: &str| {
            let before = line.split_once(call)?.0;
            let name = before.rsplit(|it: char| !it.is_alphanumeric() && it != '_').next()?;
            Some(name.to_owned()).filter(|name| !name.is_empty())
        };
        self.lines().find_map(|(write, line)| {
            let name = receiver(line, ".store(")?;
            let value = line.split_once(".store(")?.1.split(',').next()?;
            let is_constant = value == "true" || value == "false" || value.parse::<u64>().is_ok();
            let mut lines = self.lines();
            let read = lines.find(|(_, it)| receiver(it, ".load(").as_ref() == Some(&name));
            read.filter(|_| !is_constant).map(|(read, _)| (read, write))
        })
    }

    /// The lines of code, without indentation, by number.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.0.lines().map(str::trim)).filter(|(_, line)| !line.starts_with("//"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_named() {
        let source = Source::new("// while let lock()\n  while let Some(x) = a.lock() {\n");
        let named = source.line_with(&["while let", "lock("]);
        assert_eq!(named, "Line 2 of your submission: `while let Some(x) = a.lock() {`. ");
        assert_eq!(source.line_with(&["drop("]), "");
    }

    #[test]
    fn two_steps_are_found_and_a_flag_is_not_meant() {
        let torn = "let i = next.load(Relaxed);\nnext.store(i + 1, Relaxed);";
        assert_eq!(Source::new(torn).torn_update(), Some((1, 2)));
        for fine in [
            "if failed.load(Relaxed) { return }\nfailed.store(true, Relaxed);",
            "next.fetch_add(1, Relaxed);\nlet i = next.load(Relaxed);",
        ] {
            assert_eq!(Source::new(fine).torn_update(), None);
        }
    }
}
