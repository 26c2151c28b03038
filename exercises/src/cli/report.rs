//! Reports to a class's practice server, which shows how the class progresses. Nothing is sent unless
//! the student gives a name.

use super::commands::Judged;
use exercises::task::Task;
use serde_json::json;
use shared::Source;
use std::io::{self, Write};
use std::time::Duration;
use ureq::Agent;
use url::Url;

/// How long a report may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// A student of a class.
pub struct Class {
    pub name: String,
    /// The practice server; `None` for the one that `.env` or the environment names.
    pub server: Option<Url>,
}

impl Class {
    /// Sends a verdict, and prints what was sent. A report that fails is only mentioned.
    pub fn report(&self, task: &Task, judged: &Judged) {
        let said = match self.server() {
            Ok(origin) => self.send(&origin, task, judged),
            Err(error) => Err(error),
        };
        let said = said.unwrap_or_else(|error| format!("Not reported to the class: {error}"));
        let _ = writeln!(io::stderr(), "\n{said}");
    }

    /// The origin of the practice server.
    fn server(&self) -> Result<String, String> {
        let source = Source::named(self.server.as_ref()).map_err(|error| error.to_string())?;
        match source {
            Some(source) if !source.is_imgur() => Ok(source.api_url.origin().ascii_serialization()),
            _ => Err("no practice server is given, neither with --server nor in .env".into()),
        }
    }

    /// Returns what was sent, in words.
    fn send(&self, origin: &str, task: &Task, judged: &Judged) -> Result<String, String> {
        let passed = judged.state == "passed";
        let message = match judged.state {
            "passed" => "",
            "not yet" => judged.message.lines().next().unwrap_or_default(),
            state => state,
        };
        let report =
            json!({"name": self.name, "task": task.number, "passed": passed, "message": message});
        shared::http::network::install_crypto();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(TIMEOUT))
            // The practice server of a class is in the same network.
            .proxy(None);
        let agent: Agent = config.build().into();
        let sent = agent.post(format!("{origin}/live/progress")).send(report.to_string());
        let mut response = sent.map_err(|error| error.to_string())?;
        if response.status() != 200 {
            let reason = response.body_mut().read_to_string().unwrap_or_default();
            let line = reason.lines().next().unwrap_or_default().replace(char::is_control, "");
            return Err(format!("{origin} refuses it: {line}"));
        }
        Ok(format!("Reported to the class at {origin}: {report}"))
    }
}
