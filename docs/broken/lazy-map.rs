#![deny(unused_must_use)]

fn download(link: &str) {
    println!("saved {link}");
}

fn main() {
    let links = ["d7c3oww.png", "49kiolp.png"];
    links.into_iter().map(download);
}
