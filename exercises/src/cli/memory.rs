//! What is remembered of the submissions between two commands: which text was judged last, and how.
//! It lies beside them, in a file that Git ignores.

use super::submission::SubmissionFile;
use serde_json::{Value, json};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;

/// The verdicts on the submissions of a package.
pub struct Memory {
    path: PathBuf,
    all: Value,
}

impl Memory {
    /// Reads what is remembered; nothing if there is no such file.
    pub fn read(file: &SubmissionFile) -> Self {
        let path = file.folder().join(".judged.json");
        let text = fs::read_to_string(&path).unwrap_or_default();
        let all = serde_json::from_str(&text).ok().filter(Value::is_object);
        Self { path, all: all.unwrap_or_else(|| json!({})) }
    }

    /// How the submission was judged, if its text is still the same.
    pub fn state(&self, file: &SubmissionFile) -> Option<&str> {
        let known = self.all.get(file.program())?;
        if known["text"] == hash(file) { known["state"].as_str() } else { None }
    }

    /// Remembers how the submission was judged. Without that, it is judged again.
    pub fn remember(&mut self, file: &SubmissionFile, state: &str) {
        self.all[file.program()] = json!({"text": hash(file), "state": state});
        let _ = fs::write(&self.path, self.all.to_string());
    }
}

fn hash(file: &SubmissionFile) -> String {
    let mut hasher = DefaultHasher::new();
    file.text().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
