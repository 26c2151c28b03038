use serde::Serialize;
use std::io;

#[derive(Serialize)]
enum Line {
    Saved(u64),
    Failed(io::Error),
}

fn main() {}
