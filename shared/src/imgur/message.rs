//! The message in an error response of the API.

use crate::text;
use serde_json::Value;

/// What an error response says, in any of the shapes that Imgur uses: `data.error` as text or as an
/// object with a `message`, `data` as text, a list of `errors` with a `detail`. Empty for HTML pages,
/// except where the page says that Imgur is over capacity: then a retry may help.
pub(crate) fn error_message(body: &[u8]) -> String {
    let body = String::from_utf8_lossy(body);
    let Ok(json) = serde_json::from_str::<Value>(&body) else {
        let busy = body.to_lowercase().contains("over capacity");
        return if busy { "Imgur is over capacity".into() } else { String::new() };
    };
    let data = &json["data"];
    let first = &json["errors"][0];
    [
        &data["error"]["message"],
        &data["error"],
        &data["message"],
        data,
        &first["detail"],
        &first["title"],
        &first["status"],
        &json["error"],
        &json["message"],
    ]
    .into_iter()
    .find_map(Value::as_str)
    .map(text::excerpt)
    .unwrap_or_default()
}
