//! The JSON of Imgur's API: field names, envelopes, errors and headers.
//!
//! It follows <https://apidocs.imgur.com> and what public clients (`imgurpython`, `PyImgur`,
//! `gallery-dl`) expect.

use crate::album::picture;
use crate::list::LIST;
use crate::response::{self, Body};
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

/// When the article's album was created, in seconds since 1970: 9 October 2015.
const CREATED: u64 = 1_444_387_070;
/// Requests that Imgur allows: `CLIENT_LIMIT` per application and day, `USER_LIMIT` per user and
/// hour.
const CLIENT_LIMIT: usize = 12_500;
const USER_LIMIT: usize = 500;

/// An image in the list of an album.
pub fn image(index: usize, id: &str, (width, height): (usize, usize), host: &str) -> Value {
    let size = picture::size((width, height));
    let link = format!("http://{host}/{id}.png");
    let views = 1_000 + index * 37;
    json!({
        "id": id,
        "title": null,
        "description": null,
        "datetime": CREATED + index as u64,
        "type": "image/png",
        "animated": false,
        "width": width,
        "height": height,
        "size": size,
        "views": views,
        "bandwidth": size * views,
        "vote": null,
        "favorite": false,
        "nsfw": false,
        "section": null,
        "account_url": null,
        "account_id": null,
        "is_ad": false,
        "in_most_viral": false,
        "has_sound": false,
        "tags": [],
        "ad_type": 0,
        "ad_url": "",
        "edited": "0",
        "in_gallery": false,
        "link": link,
    })
}

/// `GET /3/album/{id}`: the album with its list of `len` images, the first of which is `first`.
pub fn album(id: &str, first: &Value, len: usize, host: &str) -> Value {
    json!({
        "id": id,
        "title": "Practice album",
        "description": null,
        "datetime": CREATED,
        "cover": first["id"],
        "cover_width": first["width"],
        "cover_height": first["height"],
        "account_url": null,
        "account_id": null,
        "privacy": "public",
        "layout": "blog",
        "views": 1_000,
        "link": format!("http://{host}/a/{id}"),
        "favorite": false,
        "nsfw": false,
        "section": null,
        "order": 0,
        "images_count": len,
        "in_gallery": false,
        "is_ad": false,
        "include_album_ads": false,
        "is_album": true,
        "images": LIST,
    })
}

/// `GET /post/v1/albums/{id}`: the newer API, which Imgur's own site uses. It has no envelope.
pub fn post(id: &str, len: usize) -> Value {
    json!({
        "id": id,
        "title": "Practice album",
        "created_at": "2015-10-09T10:37:50Z",
        "is_album": true,
        "image_count": len,
        "media": LIST,
    })
}

/// An image in the list of the newer API.
pub fn medium(image: &Value) -> Value {
    let link = image["link"].as_str().unwrap_or_default();
    json!({
        "id": image["id"],
        "ext": link.rsplit_once('.').map_or("", |(_, ext)| ext),
        "url": link,
        "mime_type": image["type"],
        "type": "image",
        "name": "",
        "width": image["width"],
        "height": image["height"],
        "size": image["size"],
        "created_at": "2015-10-09T10:37:50Z",
        "metadata": {"title": "", "description": "", "is_animated": false},
    })
}

/// `GET /3/credits`: how many requests the application and the user have left.
pub fn credits(requests: usize) -> Value {
    json!({
        "UserLimit": USER_LIMIT,
        "UserRemaining": USER_LIMIT.saturating_sub(requests),
        "UserReset": 3_600,
        "ClientLimit": CLIENT_LIMIT,
        "ClientRemaining": CLIENT_LIMIT.saturating_sub(requests),
    })
}

/// The envelope of a successful response.
pub fn envelope(data: impl Into<Value>) -> Value {
    json!({"data": data.into(), "success": true, "status": 200})
}

/// Status and message of the response to a missing or malformed `Authorization`.
pub fn refusal(authorization: &str) -> Option<(StatusCode, &'static str)> {
    match authorization.split_once(' ') {
        Some(("Client-ID" | "Bearer", id)) if !id.trim().is_empty() => None,
        _ if authorization.is_empty() => {
            Some((StatusCode::UNAUTHORIZED, "Authentication required"))
        }
        _ => Some((StatusCode::FORBIDDEN, "Malformed auth header.")),
    }
}

/// The response of either API for an album that does not exist.
pub fn no_album(is_post: bool, id: &str, path: &str) -> Response<Body> {
    if !is_post {
        let message = format!("Unable to find an album with the id, {id}.");
        return error(StatusCode::NOT_FOUND, &message, path);
    }
    let error =
        json!({"id": "practice", "code": "404", "status": "Not Found", "detail": "Not Found"});
    json(StatusCode::NOT_FOUND, &json!({"errors": [error]}))
}

/// An error in its envelope.
pub fn error(status: StatusCode, message: &str, path: &str) -> Response<Body> {
    let data = json!({"error": message, "request": path, "method": "GET"});
    json(status, &json!({"data": data, "success": false, "status": status.as_u16()}))
}

/// A JSON response with this status.
pub fn json(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = json_body(response::full(body.to_string()));
    *response.status_mut() = status;
    response
}

/// A JSON response with status 200.
pub fn json_body(body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    let kind = HeaderValue::from_static("application/json");
    drop(response.headers_mut().insert(header::CONTENT_TYPE, kind));
    response
}

/// Adds the headers that say how many requests are left after `requests` requests.
pub fn with_limits(mut response: Response<Body>, requests: usize) -> Response<Body> {
    for (name, value) in [
        ("x-ratelimit-userlimit", USER_LIMIT),
        ("x-ratelimit-userremaining", USER_LIMIT.saturating_sub(requests)),
        ("x-ratelimit-userreset", 3_600),
        ("x-ratelimit-clientlimit", CLIENT_LIMIT),
        ("x-ratelimit-clientremaining", CLIENT_LIMIT.saturating_sub(requests)),
    ] {
        drop(response.headers_mut().insert(name, HeaderValue::from(value)));
    }
    response
}
