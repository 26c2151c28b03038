//! The message in an error response of the API.

use crate::text;
use serde_json::Value;

/// The message in an error response, in any of the shapes that Imgur uses: `data.error` as a string
/// or as an object with a `message`, `data` as a string, or a list of `errors` with a `detail`.
/// Empty if there is no message.
///
/// A body that is not JSON, such as an HTML page, counts as empty unless it says that Imgur is over
/// capacity: that error is transient.
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
