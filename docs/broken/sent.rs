use std::sync::mpsc;

fn main() {
    let (sender, _receiver) = mpsc::channel();
    let image = vec![255, 216];
    sender.send(image).unwrap();
    println!("{} bytes", image.len());
}
