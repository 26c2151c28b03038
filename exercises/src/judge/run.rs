//! What a run of a submission left behind.

use super::files::DOWNLOADS;
use super::output::shown;
use std::collections::BTreeMap;
use std::process::ExitStatus;
use std::time::Duration;

/// What a run has printed.
#[derive(Clone)]
pub struct Printed {
    /// The album it had to download, unless it was the usual one.
    pub album: Option<String>,
    /// On stdout: the last 64 KB at most.
    pub stdout: String,
    /// On stderr: the last 64 KB at most.
    pub stderr: String,
}

/// What a run left behind.
pub struct Run {
    /// `None` if it was stopped by the judge.
    pub(super) status: Option<ExitStatus>,
    /// What it printed on stdout: the last 64 KB at most.
    pub stdout: String,
    /// What it printed on stderr: the last 64 KB at most.
    pub stderr: String,
    /// The files in its folder, by path, such as `downloads/a.png`.
    pub files: BTreeMap<String, Vec<u8>>,
    /// How long it ran.
    pub(super) ran: Duration,
}

impl Run {
    /// The content of an image that it saved, by the image's name.
    pub fn saved(&self, name: &str) -> Option<&Vec<u8>> {
        self.files.get(&format!("{DOWNLOADS}/{name}"))
    }

    /// Its exit code, unless it was stopped by the judge.
    pub fn code(&self) -> Option<i32> {
        self.status.and_then(|status| status.code())
    }

    /// Whether it was still running when the time ran out.
    pub fn was_stopped(&self) -> bool {
        self.status.is_none()
    }

    /// An error, unless it ended by itself and without a panic.
    pub fn ended(&self) -> Result<(), String> {
        let Some(status) = self.status else {
            return Err(format!(
                "Your program was still running after {:.0?}, and was stopped. Is it waiting for \
                 something that never comes: a thread, a lock, a channel that is never closed?",
                self.ran
            ));
        };
        match status.code() {
            Some(101) => Err(format!("Your program panicked: {}", self.panic())),
            None => Err(format!("Your program was ended by a signal ({status}).")),
            Some(_) => Ok(()),
        }
    }

    /// The message of its first panic, and its location in the source.
    pub(super) fn panic(&self) -> String {
        let mut lines = self.stderr.lines().skip_while(|line| !line.contains("panicked at "));
        let location = lines.next().and_then(|line| line.split("panicked at ").nth(1));
        let location = location.unwrap_or_default().trim_end_matches(':');
        format!("{} ({})", shown(lines.next().unwrap_or_default()), shown(location))
    }

    /// An error, unless it ended by itself and with exit code 0.
    pub fn succeeded(&self) -> Result<(), String> {
        self.ended()?;
        match self.code() {
            Some(0) => Ok(()),
            code => Err(format!(
                "Your program ended with exit code {}, although the server caused no error. Last line \
                 on stderr: {}",
                code.unwrap_or_default(),
                shown(self.stderr.lines().last().unwrap_or("nothing")),
            )),
        }
    }
}
