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

    /// The lines of a number that is read by `load`, and changed in a second step: other threads can
    /// read it in between.
    pub fn torn_update(&self) -> Option<(usize, usize)> {
        self.loaded_and_stored().or_else(|| self.loaded_and_added())
    }

    fn loaded_and_stored(&self) -> Option<(usize, usize)> {
        self.lines().find_map(|(write, line)| {
            let name = receiver(line, ".store(")?;
            let value = line.split_once(".store(")?.1.split(',').next()?;
            let is_constant = value == "true" || value == "false" || value.parse::<u64>().is_ok();
            let read = self.lines().find(|(_, it)| receiver(it, ".load(") == Some(name));
            read.filter(|_| !is_constant).map(|(read, _)| (read, write))
        })
    }

    /// A `load` with a `fetch_add` on the next line whose result isn't used.
    fn loaded_and_added(&self) -> Option<(usize, usize)> {
        let lines = self.lines().zip(self.lines().skip(1));
        lines.into_iter().find_map(|((read, first), (write, second))| {
            let before = second.split_once(".fetch_add(")?.0;
            let is_unused = before.chars().all(|it| it.is_alphanumeric() || "_.".contains(it));
            let is_printed = first.contains("print");
            let name = receiver(first, ".load(");
            let is_same = name.is_some() && name == receiver(second, ".fetch_add(");
            (is_unused && is_same && !is_printed).then_some((read, write))
        })
    }

    /// The lines that look whether a queue is empty, and that take an element for certain, each
    /// under a lock of its own: another thread can take the last one in between.
    pub fn torn_take(&self) -> Option<(usize, usize)> {
        let certain = [".pop().unwrap()", ".pop().expect(", ".pop_front().unwrap()", ".remove(0)"];
        let (look, first) =
            self.lines().find(|(_, it)| it.contains(".lock(") && it.contains(".is_empty()"))?;
        let queue = receiver(first, ".lock(")?;
        let take = self.lines().find(|(number, it)| {
            let is_certain = certain.iter().any(|call| it.contains(call));
            *number > look && is_certain && receiver(it, ".lock(") == Some(queue)
        });
        take.map(|(take, _)| (look, take))
    }

    /// The line that waits for a notification only once, under an `if` outside of any loop: when the thread
    /// wakes, the condition may hold again.
    pub fn waits_once(&self) -> Option<usize> {
        let lines: Vec<_> = self.lines().collect();
        lines.windows(3).find_map(|lines| {
            let [(_, before), (number, wait), (_, after)] = lines else { return None };
            let is_once = before.starts_with("if ") && before.ends_with('{') && *after == "}";
            // A barrier's `wait` has no argument.
            let is_wait = wait.contains(".wait(") && !wait.contains(".wait()");
            (is_once && is_wait && !self.loops_before(*number)).then_some(*number)
        })
    }

    /// Whether a loop begins above this line in the same function. It may also have ended there, which
    /// only hides a mistake.
    fn loops_before(&self, line: usize) -> bool {
        let before: Vec<_> = self.lines().take_while(|(number, _)| *number < line).collect();
        let function = before.iter().rposition(|(_, it)| it.contains("fn ")).unwrap_or_default();
        let mut words = before[function..].iter().flat_map(|(_, it)| it.split_whitespace());
        words.any(|word| word == "loop" || word == "while")
    }

    /// The lines of code, without indentation, by number.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.0.lines().map(str::trim)).filter(|(_, line)| !line.starts_with("//"))
    }
}

/// The name before the call of a method.
fn receiver<'a>(line: &'a str, call: &str) -> Option<&'a str> {
    let before = line.split_once(call)?.0;
    let name = before.rsplit(|it: char| !it.is_alphanumeric() && it != '_').next()?;
    Some(name).filter(|name| !name.is_empty())
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
        for torn in [
            "let i = next.load(Relaxed);\nnext.store(i + 1, Relaxed);",
            "while let Some(link) = links.get(self.next.load(Relaxed)) {\nself.next.fetch_add(1, Relaxed);",
        ] {
            assert_eq!(Source::new(torn).torn_update(), Some((1, 2)));
        }
        for fine in [
            "println!(\"{}\", done.load(Relaxed));\ndone.fetch_add(1, Relaxed);",
            "let i = done.load(Relaxed);\nlet j = next.fetch_add(1, Relaxed);",
            "if failed.load(Relaxed) { return }\nfailed.store(true, Relaxed);",
            "next.fetch_add(1, Relaxed);\nlet i = next.load(Relaxed);",
        ] {
            assert_eq!(Source::new(fine).torn_update(), None);
        }
    }

    #[test]
    fn a_wait_without_a_loop_is_found() {
        let wait = "full = room.wait(full).unwrap();";
        assert_eq!(Source::new(format!("if full.is() {{\n{wait}\n}}")).waits_once(), Some(2));
        let other =
            format!("fn pop() {{\nloop {{\n}}\n}}\nfn push() {{\nif full.is() {{\n{wait}\n}}");
        assert_eq!(Source::new(other).waits_once(), Some(7));
        for fine in [
            format!("while full.is() {{\n{wait}\n}}"),
            format!("loop {{\nif full.is() {{\n{wait}\ncontinue;\n}}"),
            format!("if full.is() {{\n{wait}\n}} else {{"),
            "if last {\nlet is_leader = barrier.wait().is_leader();\n}".into(),
            format!("while full.is() {{\nif has_ended() {{ return false; }}\n{wait}\n}}"),
            format!("loop {{\nif full.is() {{\n{wait}\n}}\nif !full.is() {{ return }}\n}}"),
        ] {
            assert_eq!(Source::new(fine).waits_once(), None);
        }
    }

    #[test]
    fn a_look_under_another_lock_is_found() {
        let torn = "if queue.lock().unwrap().is_empty() { return }\nlet link = queue.lock().unwrap().pop().unwrap();";
        assert_eq!(Source::new(torn).torn_take(), Some((1, 2)));
        for fine in [
            "if queue.lock().unwrap().is_empty() { return }\nlet Some(link) = queue.lock().unwrap().pop() else { return };",
            "if errors.lock().unwrap().is_empty() { return }\nlet link = queue.lock().unwrap().pop().unwrap();",
        ] {
            assert_eq!(Source::new(fine).torn_take(), None);
        }
    }
}
