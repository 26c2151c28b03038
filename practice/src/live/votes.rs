//! The vote's requests: from the teacher's page, and from the phones.

use super::{access, body};
use crate::limits::MAX_CONTROL_BYTES;
use crate::state::State;
use http::{Method, Request, StatusCode};
use hyper::body::Incoming;
use std::borrow::Cow;
use std::net::SocketAddr;

type Reply = (StatusCode, Cow<'static, str>);

/// Returns the question as JSON. A `POST` does what the teacher wants, and is answered in words.
pub async fn teacher(state: &State, from: SocketAddr, request: Request<Incoming>) -> Reply {
    if request.method() != Method::POST {
        if !access::may_follow(request.headers()) {
            return (StatusCode::FORBIDDEN, "only this server's pages may read this".into());
        }
        return (StatusCode::OK, state.votes().to_json().to_string().into());
    }
    if !access::may_control(from, request.headers(), state.token.as_deref()) {
        return (StatusCode::FORBIDDEN, "only the teacher may do this".into());
    }
    let Some(command) = body::json(request, MAX_CONTROL_BYTES).await else {
        return (StatusCode::BAD_REQUEST, "not a command".into());
    };
    let now = state.records().now().as_millis() as u64;
    match state.votes().apply(command, now) {
        Ok(done) => (StatusCode::OK, done.into()),
        Err(message) => (StatusCode::BAD_REQUEST, message.into()),
    }
}

/// Stores a phone's answer.
pub async fn student(state: &State, request: Request<Incoming>) -> Reply {
    if !access::may_follow(request.headers()) {
        return (StatusCode::FORBIDDEN, "only this server's pages may answer".into());
    }
    let Some(answer) = body::json(request, MAX_CONTROL_BYTES).await else {
        return (StatusCode::BAD_REQUEST, "not an answer".into());
    };
    match state.votes().answer(&answer) {
        Ok(()) => (StatusCode::OK, "".into()),
        Err((status, message)) => (status, message.into()),
    }
}
