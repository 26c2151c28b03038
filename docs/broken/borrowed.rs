use std::thread;

fn main() {
    let images = vec!["d7c3oww.png", "49kiolp.png"];
    thread::spawn(|| println!("{images:?}"));
}
