//! What a teacher does about a student's name, run or message.

use crate::observe::{Records, shown_name};
use serde::Deserialize;

/// A change. Students are called by the name that the page shows, runs by their id.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Shows a number in place of a name.
    Hide(String),
    /// Shows another name.
    Rename { student: String, to: String },
    /// Shows the student's own name again.
    OwnName(String),
    /// Removes a run from what pages show.
    RemoveRun(usize),
    /// Brings a removed run back.
    RestoreRun(usize),
    /// Removes a message that has refused a submission, as it is shown.
    RemoveMessage(String),
}

impl Change {
    /// Makes the change. Returns it in words, which don't repeat a name that was hidden.
    pub fn apply(self, records: &mut Records) -> Result<String, String> {
        match self {
            Self::Hide(name) | Self::Rename { student: name, .. } if name.is_empty() => {
                Err("no student is chosen".into())
            }
            Self::Hide(name) => {
                let shown = records.rename(|names| names.hide(&name))?;
                Ok(format!("the name is hidden: {shown}"))
            }
            Self::Rename { student, to } => {
                let to = shown_name(&to);
                if to.is_empty() {
                    return Err("the new name is empty".into());
                }
                records.rename(|names| names.replace(&student, &to))?;
                Ok(format!("the new name is {to}"))
            }
            Self::OwnName(name) => {
                let is_restored = records.rename(|names| names.restore(&name));
                let done = is_restored.then(|| "the student's own name is shown again".into());
                done.ok_or_else(|| format!("{name} is the student's own name"))
            }
            Self::RemoveRun(run) => {
                let done = records.remove_run(run, true).then(|| "the run is removed".into());
                done.ok_or_else(|| "this run is forgotten".into())
            }
            Self::RestoreRun(run) => {
                let done = records.remove_run(run, false).then(|| "the run is back".into());
                done.ok_or_else(|| "this run is forgotten".into())
            }
            Self::RemoveMessage(message) => {
                records.remove_message(message)?;
                Ok("the message is removed".into())
            }
        }
    }
}
