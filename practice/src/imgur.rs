//! Imgur's API as its clients know it: field names, envelopes, errors and headers.
//!
//! Written after <https://apidocs.imgur.com> and after what public clients send and expect. Other
//! people's clients (`imgurpython`, `PyImgur`, `gallery-dl`) read these answers.

use crate::album::{self, Album};
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

/// 9 October 2015: when the album of the article was made.
const MADE: u64 = 1_444_387_070;
/// What Imgur grants an application each day, and a user each hour.
const CLIENT_LIMIT: usize = 12_500;
const USER_LIMIT: usize = 500;

/// `GET /3/album/{id}/images`: the list alone.
pub fn images(album: &Album, host: &str) -> Value {
    let ids = album.ids().iter().enumerate();
    ids.map(|(place, id)| image(place, id, host)).collect()
}

fn image(place: usize, id: &str, host: &str) -> Value {
    let (width, height, size) = album::shape(place);
    let link = format!("http://{host}/{id}.png");
    let views = 1_000 + place * 37;
    json!({
        "id": id,
        "title": null,
        "description": null,
        "datetime": MADE + place as u64,
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

/// `GET /3/album/{id}`: the album with its list.
pub fn album(id: &str, images: &Value, host: &str) -> Value {
    let first = &images[0];
    json!({
        "id": id,
        "title": "Practice album",
        "description": null,
        "datetime": MADE,
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
        "images_count": images.as_array().map_or(0, Vec::len),
        "in_gallery": false,
        "is_ad": false,
        "include_album_ads": false,
        "is_album": true,
        "images": images,
    })
}

/// `GET /post/v1/albums/{id}`: the API of Imgur's own site, without an envelope.
pub fn post(id: &str, images: &Value) -> Value {
    let media = images.as_array().into_iter().flatten().map(|image| {
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
    });
    json!({
        "id": id,
        "title": "Practice album",
        "created_at": "2015-10-09T10:37:50Z",
        "is_album": true,
        "image_count": images.as_array().map_or(0, Vec::len),
        "media": media.collect::<Value>(),
    })
}

/// `GET /3/credits`: what is left of the application's and the user's requests.
pub fn credits(requests: usize) -> Value {
    json!({
        "UserLimit": USER_LIMIT,
        "UserRemaining": USER_LIMIT.saturating_sub(requests),
        "UserReset": 3_600,
        "ClientLimit": CLIENT_LIMIT,
        "ClientRemaining": CLIENT_LIMIT.saturating_sub(requests),
    })
}

/// A good answer in its envelope.
pub fn answer(data: &Value) -> Response<String> {
    let envelope = json!({"data": data, "success": true, "status": 200});
    json(StatusCode::OK, &envelope)
}

/// A good answer of the newer API: no envelope.
pub fn bare(data: &Value) -> Response<String> {
    json(StatusCode::OK, data)
}

/// What the newer API says of an album that does not exist.
pub fn no_post() -> Response<String> {
    let error =
        json!({"id": "practice", "code": "404", "status": "Not Found", "detail": "Not Found"});
    json(StatusCode::NOT_FOUND, &json!({"errors": [error]}))
}

/// An error in its envelope, the message where clients look for it.
pub fn error(status: StatusCode, message: &str, path: &str) -> Response<String> {
    json(
        status,
        &json!({
            "data": {"error": message, "request": path, "method": "GET"},
            "success": false,
            "status": status.as_u16(),
        }),
    )
}

fn json(status: StatusCode, body: &Value) -> Response<String> {
    let mut answer = Response::new(body.to_string());
    *answer.status_mut() = status;
    drop(
        answer
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
    );
    answer
}

/// Any answer, with the headers that tell what is left of the limits.
pub fn with_limits(mut answer: Response<String>, requests: usize) -> Response<String> {
    for (name, value) in [
        ("x-ratelimit-userlimit", USER_LIMIT),
        ("x-ratelimit-userremaining", USER_LIMIT.saturating_sub(requests)),
        ("x-ratelimit-userreset", 3_600),
        ("x-ratelimit-clientlimit", CLIENT_LIMIT),
        ("x-ratelimit-clientremaining", CLIENT_LIMIT.saturating_sub(requests)),
    ] {
        drop(answer.headers_mut().insert(name, HeaderValue::from(value)));
    }
    answer
}
