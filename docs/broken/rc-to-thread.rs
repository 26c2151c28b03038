use std::rc::Rc;
use std::thread;

fn main() {
    let client = Rc::new(String::from("a client"));
    let for_thread = Rc::clone(&client);
    thread::spawn(move || println!("{for_thread}"));
}
