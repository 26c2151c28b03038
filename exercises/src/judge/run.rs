//! What a run of a submission left behind.

use std::collections::BTreeMap;
use std::process::ExitStatus;
use std::time::Duration;

/// What a run has printed.
#[derive(Clone)]
pub struct Printed {
    /// The album it had to download, unless it was the usual one.
    pub album: Option<String>,
    /// On stdout.
    pub stdout: String,
    /// On stderr.
    pub stderr: String,
}

/// What a run left behind.
pub struct Run {
    /// None if it had to be ended.
    pub(super) status: Option<ExitStatus>,
    /// What it printed on stdout.
    pub stdout: String,
    /// What it printed on stderr.
    pub stderr: String,
    /// The files in its folder, by path, such as `downloads/a.png`.
    pub files: BTreeMap<String, Vec<u8>>,
    /// How long it ran.
    pub(super) ran: Duration,
}

impl Run {
    /// Its exit code, unless it had to be ended.
    pub fn code(&self) -> Option<i32> {
        self.status.and_then(|status| status.code())
    }

    /// Whether it was still running when its time was over.
    pub fn was_stopped(&self) -> bool {
        self.status.is_none()
    }

    /// An error, unless it ended by itself and without a panic.
    pub fn ended(&self) -> Result<(), String> {
        let Some(status) = self.status else {
            return Err(format!(
                "Your program had not ended after {:.0?}, and was stopped. It waits for something \
                 that does not come: a thread, a lock, a channel that nobody closes?",
                self.ran
            ));
        };
        match status.code() {
            Some(101) => Err(format!("Your program panicked: {}", self.panic())),
            None => Err(format!("Your program was ended by a signal ({status}).")),
            Some(_) => Ok(()),
        }
    }

    /// The message of its first panic, and its place in the source.
    fn panic(&self) -> String {
        let mut lines = self.stderr.lines().skip_while(|line| !line.contains("panicked at "));
        let place = lines.next().and_then(|line| line.split("panicked at ").nth(1));
        let place = place.unwrap_or_default().trim_end_matches(':');
        format!("{} ({place})", lines.next().unwrap_or_default())
    }

    /// An error, unless it ended by itself and with exit code 0.
    pub fn succeeded(&self) -> Result<(), String> {
        self.ended()?;
        match self.code() {
            Some(0) => Ok(()),
            code => Err(format!(
                "Your program ended with exit code {}, although nothing was in its way. It said: {}",
                code.unwrap_or_default(),
                self.stderr.lines().last().unwrap_or("nothing"),
            )),
        }
    }
}
