//! The controls: changes the rules and the gate, if the client may.

use super::{access, body, students};
use crate::gate::{Gate, GateState};
use crate::limits::MAX_CONTROL_BYTES;
use crate::rules::requests;
use crate::state::State;
use http::{Method, Request, StatusCode};
use hyper::body::Incoming;
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;
use std::net::SocketAddr;
use std::time::Duration;

/// Timeout of a gate closed on the page; most clients time out earlier.
const GATE_TIMEOUT: Duration = Duration::from_mins(10);

/// Applies the change in the body of a `POST`, and says in words what has changed. If the client may
/// make changes, any other method returns the rules that the server began with.
pub async fn respond(
    state: &State,
    from: SocketAddr,
    request: Request<Incoming>,
) -> (StatusCode, Cow<'static, str>) {
    if !access::may_control(from, request.headers(), state.token.as_deref()) {
        return (StatusCode::FORBIDDEN, "only the teacher may change this".into());
    }
    if request.method() != Method::POST {
        return (StatusCode::OK, state.first_rules.to_json().to_string().into());
    }
    let Some(change @ Value::Object(_)) = body::json(request, MAX_CONTROL_BYTES).await else {
        return (StatusCode::BAD_REQUEST, "not a JSON object".into());
    };
    match apply(state, &change) {
        Ok(changes) => (StatusCode::OK, changes.into()),
        Err(message) => (StatusCode::BAD_REQUEST, message.into()),
    }
}

/// Changes what the JSON object names, or nothing if one of the values is invalid. Returns what has
/// changed, in words.
fn apply(state: &State, change: &Value) -> Result<String, String> {
    let gate = change.get("gate").map(requests).transpose();
    let gate = gate.map_err(|bounds| format!("gate: {bounds}"))?;
    let start = change.get("wait_for_start").map(requests).transpose();
    let start = start.map_err(|bounds| format!("students: {bounds}"))?;
    let title =
        change.get("experiment").map(|title| title.as_str().ok_or("experiment: not a text"));
    let title = title.transpose()?;
    let students = change.get("students").map(students::Change::deserialize).transpose();
    let students = students.map_err(|_| "students: a name, a run's id or a message is needed")?;
    let mut rules = state.rules();
    rules.change(change)?;
    let mut changes = rules.changes_since(state.rules());
    // The last one that may fail.
    let about_students = students.map(|it| it.apply(&mut state.records())).transpose()?;
    if let Some(title) = title {
        state.records().begin_experiment(title, state.rules().to_json());
    }
    state.rules.send_replace(rules);
    if let Some(requests) = gate {
        changes.push(set_gate(state, requests));
    }
    if let Some(expected) = start {
        state.gate.wait_for_start(expected);
        changes.push("new runs wait for the start".to_owned());
    }
    if !changes.is_empty() {
        state.records().rules_changed(changes.join(", "));
    }
    if title.is_some() {
        changes.push("a new experiment has begun".to_owned());
    }
    changes.extend(about_students);
    Ok(if changes.is_empty() { "nothing has changed".to_owned() } else { changes.join(", ") })
}

/// Closes the gate until that many image requests are in flight, or opens it. Returns this in words.
fn set_gate(state: &State, requests: Option<usize>) -> String {
    let (is_start, waiting) =
        (matches!(state.gate.state(), GateState::ForStart(_)), state.records().waiting());
    let gate = requests.map(|requests| Gate { requests, timeout: GATE_TIMEOUT });
    state.gate.set(gate, state.records().images_in_flight);
    match (requests, waiting) {
        (Some(_), _) => "the gate is closed".to_owned(),
        (None, 1) if is_start => "1 run has started".to_owned(),
        (None, _) if is_start => format!("{waiting} runs have started"),
        (None, _) => "the gate is open".to_owned(),
    }
}
