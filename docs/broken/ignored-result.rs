#![deny(unused_must_use)]

fn download(link: &str) -> Result<(), String> {
    Err(format!("{link}: not found"))
}

fn main() {
    download("d7c3oww.png");
}
