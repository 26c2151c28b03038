//! Lists of images in JSON, made and sent in blocks: a long list neither holds up other requests nor
//! fills the memory when a client does not read it.

use crate::response::{self, Body};
use futures_util::stream;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use serde_json::Value;
use tokio::task::yield_now;

/// A placeholder for the list in a JSON document.
pub const LIST: &str = "the list of images";

/// Images in a block. A block takes less than a millisecond to make, and less than 100 KB.
const BLOCK: usize = 100;

/// A body with `document`, in which a list of `len` entries replaces [`LIST`].
pub fn body(document: &Value, len: usize, entry: impl Fn(usize) -> Value + Send + 'static) -> Body {
    let text = document.to_string();
    let (start, end) = text.split_once(&format!("\"{LIST}\"")).expect("the document has a list");
    let (start, end) = (start.to_owned(), end.to_owned());
    let block = move |first: usize| {
        let last = len.min(first + BLOCK);
        let entries: Vec<String> = (first..last).map(|index| entry(index).to_string()).collect();
        let start = if first == 0 { format!("{start}[") } else { ",".into() };
        let end = if last == len { format!("]{end}") } else { String::new() };
        format!("{start}{}{end}", entries.join(","))
    };
    if len <= BLOCK {
        return response::full(block(0));
    }
    let blocks = stream::unfold((0, block), move |(first, block)| async move {
        if first >= len {
            return None;
        }
        yield_now().await;
        Some((Ok(Frame::data(block(first).into())), (first + BLOCK, block)))
    });
    StreamBody::new(blocks).boxed_unsync()
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use serde_json::json;

    /// The frames of a list. The task yields before each one.
    fn frames(len: usize) -> Vec<String> {
        let mut body = body(&json!({"data": LIST, "ok": true}), len, |index| json!({"id": index}));
        let mut frames = Vec::new();
        let mut waits = 0;
        while waits < 2 {
            match body.frame().now_or_never() {
                Some(Some(frame)) => {
                    let data = frame.unwrap().into_data().unwrap();
                    frames.push(String::from_utf8(data.to_vec()).unwrap());
                    waits = 0;
                }
                Some(None) => break,
                None => waits += 1,
            }
        }
        frames
    }

    #[test]
    fn a_list_is_whole_however_many_blocks_it_has() {
        for (len, blocks) in [(0, 1), (1, 1), (BLOCK, 1), (BLOCK + 1, 2), (3 * BLOCK, 3)] {
            let frames = frames(len);
            assert_eq!(frames.len(), blocks, "{len}");
            let whole: Value = serde_json::from_str(&frames.concat()).unwrap();
            let expected: Vec<Value> = (0..len).map(|index| json!({"id": index})).collect();
            assert_eq!(whole, json!({"data": expected, "ok": true}));
        }
    }
}
