#![deny(unused_must_use)]

async fn download(link: &str) {
    println!("saved {link}");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    download("d7c3oww.png");
}
