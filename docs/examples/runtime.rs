//! A runtime that sleeps until a socket is ready, and two downloads on it. See `docs/runtime.md`.

use mio::net::TcpStream;
use mio::{Events, Interest, Poll as Selector, Token};
use practice::{Server, Settings};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::poll_fn;
use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Wake, Waker};

/// The reactor: asks the operating system which sockets are ready, and wakes the tasks behind them.
struct Reactor {
    selector: RefCell<Selector>,
    waiting: RefCell<HashMap<Token, Waker>>,
    sleeps: Cell<u32>,
}

impl Reactor {
    /// A leaf future: tries the operation each time it's polled, until it doesn't block any more.
    async fn when_ready<T>(
        &self,
        token: Token,
        mut operation: impl FnMut() -> io::Result<T>,
    ) -> io::Result<T> {
        let blocks = |kind| matches!(kind, ErrorKind::WouldBlock | ErrorKind::NotConnected);
        poll_fn(|context| match operation() {
            Err(error) if blocks(error.kind()) => {
                // Without this line, the executor would never poll the task again.
                self.waiting.borrow_mut().insert(token, context.waker().clone());
                Poll::Pending
            }
            result => Poll::Ready(result),
        })
        .await
    }

    /// Sleeps until at least one socket is ready, and wakes the tasks that wait for one.
    fn sleep(&self) -> io::Result<()> {
        let mut events = Events::with_capacity(64);
        self.selector.borrow_mut().poll(&mut events, None)?;
        self.sleeps.set(self.sleeps.get() + 1);
        for event in &events {
            if let Some(waker) = self.waiting.borrow_mut().remove(&event.token()) {
                waker.wake();
            }
        }
        Ok(())
    }
}

/// A waker: puts the task's index into the queue of tasks to poll.
struct QueueTask(usize, mpsc::Sender<usize>);

impl Wake for QueueTask {
    fn wake(self: Arc<Self>) {
        // The queue is gone when all tasks are done.
        let _ = self.1.send(self.0);
    }
}

/// The executor: polls the tasks that have been woken, until all are done.
fn run(
    mut tasks: Vec<Pin<Box<dyn Future<Output = ()> + '_>>>,
    reactor: &Reactor,
) -> io::Result<()> {
    let (sender, queue) = mpsc::channel();
    (0..tasks.len()).for_each(|index| sender.send(index).expect("the queue is there"));
    let mut unfinished = tasks.len();
    while unfinished > 0 {
        match queue.try_recv() {
            Ok(index) => {
                let waker = Waker::from(Arc::new(QueueTask(index, sender.clone())));
                let polled = tasks[index].as_mut().poll(&mut Context::from_waker(&waker));
                unfinished -= usize::from(polled.is_ready());
            }
            Err(_) => reactor.sleep()?,
        }
    }
    Ok(())
}

/// Downloads an image, and returns the number of bytes received.
async fn download(
    reactor: &Reactor,
    token: Token,
    server: SocketAddr,
    name: &str,
) -> io::Result<usize> {
    let mut socket = TcpStream::connect(server)?;
    let interests = Interest::READABLE | Interest::WRITABLE;
    reactor.selector.borrow().registry().register(&mut socket, token, interests)?;
    let request = format!("GET /{name} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n\r\n");
    // A request this short is sent in one piece.
    reactor.when_ready(token, || socket.write_all(request.as_bytes())).await?;
    // On the heap: what a task keeps across an `.await` is otherwise part of the task.
    let (mut total, mut buffer) = (0, vec![0; 16 << 10]);
    loop {
        match reactor.when_ready(token, || socket.read(&mut buffer)).await? {
            0 => return Ok(total),
            bytes => total += bytes,
        }
    }
}

fn main() -> io::Result<()> {
    let server = Server::start(&Settings::default())?;
    let reactor = &Reactor {
        selector: Selector::new()?.into(),
        waiting: RefCell::default(),
        sleeps: Cell::default(),
    };
    let names = server.names();
    let task = |index: usize| -> Pin<Box<dyn Future<Output = ()> + '_>> {
        let (name, address) = (&names[index], server.address());
        Box::pin(async move {
            let bytes = download(reactor, Token(index), address, name).await;
            println!("{name}: {} bytes", bytes.expect("the server responds"));
        })
    };
    run(vec![task(0), task(1)], reactor)?;
    println!("peak in flight: {}", server.observed().peak_in_flight);
    println!("the thread slept {} times", reactor.sleeps.get());
    Ok(())
}
