use std::thread;

fn main() {
    let mut saved = 0;
    thread::scope(|scope| {
        scope.spawn(|| saved += 1);
        scope.spawn(|| saved += 1);
    });
    println!("{saved}");
}
