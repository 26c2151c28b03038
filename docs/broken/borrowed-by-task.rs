#[tokio::main]
async fn main() {
    let images = vec!["d7c3oww.png", "49kiolp.png"];
    let task = tokio::spawn(async { println!("{images:?}") });
    task.await.unwrap();
}
