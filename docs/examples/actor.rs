//! A thread that owns its data, and handles one message after another. See `docs/channels.md`.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

enum Message {
    Deposit(u32),
    Withdraw(u32, Sender<bool>),
}

fn account(inbox: Receiver<Message>) {
    let mut balance = 0;
    for message in inbox {
        match message {
            Message::Deposit(amount) => balance += amount,
            Message::Withdraw(amount, response) => {
                let enough = amount <= balance;
                balance -= if enough { amount } else { 0 };
                // An error means that no thread waits for the response any more.
                let _ = response.send(enough);
            }
        }
    }
    println!("closed with {balance}");
}

fn main() {
    let (account_sender, inbox) = channel();
    let actor = thread::spawn(|| account(inbox));
    account_sender.send(Message::Deposit(100)).unwrap();
    for amount in [70, 50] {
        let (response, receiver) = channel();
        account_sender.send(Message::Withdraw(amount, response)).unwrap();
        println!("withdraw {amount}: {}", receiver.recv().unwrap());
    }
    drop(account_sender);
    actor.join().unwrap();
}
