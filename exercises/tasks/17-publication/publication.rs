//! For task 17: one thread publishes what it has found out about an image, another one looks.
//!
//! At the judge's request, they do it in every order of their steps, and each load sees each value that
//! its ordering allows.

use crate::explore::{self, Loads, Step};
use crate::sync::atomic::{AtomicBool, AtomicUsize};
use crate::sync::thread;
use crate::{Error, blocking};

/// What is known about an image: first nothing.
#[derive(Debug)]
pub struct Entry {
    /// How many bytes the image has.
    pub size: AtomicUsize,
    /// The sum of its bytes.
    pub sum: AtomicUsize,
    /// Whether `size` and `sum` can be read.
    pub is_ready: AtomicBool,
}

impl Entry {
    fn new() -> Self {
        Self {
            size: AtomicUsize::named("size", 0),
            sum: AtomicUsize::named("sum", 0),
            is_ready: AtomicBool::named("is_ready", false),
        }
    }
}

/// Writes the size and the sum into an entry. One thread calls it, once for each entry.
pub type Publish = fn(entry: &Entry, size: usize, sum: usize);

/// The size and the sum, or `None` if they aren't ready. Any thread may call it at any time.
pub type Look = fn(entry: &Entry) -> Option<(usize, usize)>;

/// One thread downloads the album and publishes what it finds, another one prints it.
#[track_caller]
pub fn run(publish: Publish, look: Look) -> Result<(), Error> {
    let one = || in_a_schedule(publish, look, 1, NUMBERS);
    let zero = || in_a_schedule(publish, look, 1, (0, 0));
    let two = || in_a_schedule(publish, look, 2, NUMBERS);
    explore::run(Loads::Allowed, &[&one, &zero, &two], || at_the_server(publish, look))
}

fn at_the_server(publish: Publish, look: Look) -> Result<(), Error> {
    let links = blocking::album()?;
    let entries: Vec<_> = links.iter().map(|_| Entry::new()).collect();
    std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            for (link, entry) in links.iter().zip(&entries) {
                let image = blocking::download(link)?;
                publish(entry, image.len(), image.iter().copied().map(usize::from).sum());
            }
            Ok(())
        });
        for (link, entry) in links.iter().zip(&entries) {
            let found = loop {
                // In this order: what is published before the end is found after it.
                let has_ended = worker.is_finished();
                let found = look(entry);
                if has_ended || found.is_some() {
                    break found;
                }
                std::thread::yield_now();
            };
            if let Some((size, sum)) = found {
                println!("{link}: {size} bytes, sum {sum}");
            }
        }
        worker.join().expect("the worker doesn't panic")
    })
}

/// The size and the sum of an image in a schedule.
type Numbers = (usize, usize);

const NUMBERS: Numbers = (4, 9);

/// One thread publishes these numbers, another one looks so many times.
fn in_a_schedule(
    publish: Publish,
    look: Look,
    looks: usize,
    (size, sum): Numbers,
) -> Result<(), String> {
    explore::never_wait(WAITS);
    let entry = Entry::new();
    let found = thread::scope(|scope| {
        let writer = scope.spawn(|| publish(&entry, size, sum));
        let reader = scope.spawn(|| (0..looks).map(|_| look(&entry)).collect::<Vec<_>>());
        writer.join().expect("a panic ends a schedule");
        reader.join().expect("a panic ends a schedule")
    });
    found.into_iter().try_for_each(|found| seen(found, (size, sum)))?;
    let locks = |step: &Step| step.action == "locks" || !step.holds.is_empty();
    if explore::steps().iter().any(locks) {
        return Err(LOCKED.into());
    }
    match look(&entry) {
        Some(found) if found == (size, sum) => Ok(()),
        Some(other) => Err(format!("The size {size} and the sum {sum} became {other:?}. {ALONE}")),
        None if size == 0 => Err(ZERO.into()),
        None => Err(NEVER.into()),
    }
}

/// Whether a reader saw nothing, or everything.
fn seen(found: Option<Numbers>, published: Numbers) -> Result<(), String> {
    let Some(found) = found.filter(|found| *found != published) else { return Ok(()) };
    let reason = reason(&explore::steps());
    Err(format!(
        "A reader finds the entry ready, with {found:?} instead of {published:?}. {reason}"
    ))
}

/// Why a reader saw too little, from the steps of the two threads.
fn reason(steps: &[Step]) -> &'static str {
    let [write, read] = [1, 2].map(|thread| Flag::of(steps, thread));
    let has_fence = steps.iter().any(|step| step.action == "fence");
    match (write, read) {
        (Some(write), _) if write.is_before_others => FLAG_FIRST,
        (_, Some(read)) if !read.is_before_others => READS_FIRST,
        (Some(write), Some(read)) if !has_fence => match (write.has_order, read.has_order) {
            (false, false) => NEITHER,
            (false, true) => STORE,
            (true, false) => LOAD,
            (true, true) => OTHER,
        },
        _ => OTHER,
    }
}

/// How a thread accesses `is_ready`.
struct Flag {
    /// Whether it accesses the size or the sum afterwards.
    is_before_others: bool,
    /// Whether the ordering is another one than `Relaxed`.
    has_order: bool,
}

impl Flag {
    fn of(steps: &[Step], thread: usize) -> Option<Self> {
        let steps: Vec<_> = steps.iter().filter(|step| step.thread == thread).collect();
        let index = steps.iter().position(|step| step.object == "is_ready")?;
        let is_data = |step: &&Step| step.object == "size" || step.object == "sum";
        let first = steps.iter().position(is_data);
        let last = steps.iter().rposition(is_data);
        let is_before_others = match thread {
            1 => last > Some(index),
            _ => first.is_none_or(|first| first > index),
        };
        let has_order = steps[index].ordering.as_deref() != Some("Relaxed");
        Some(Self { is_before_others, has_order })
    }
}

const ALONE: &str = "Does `publish` write both, and does `look` return both?";
const NEVER: &str = "After `publish` has ended, `look` still returns `None`. Which function sets \
                     `is_ready`, and which one reads it?";
const ZERO: &str = "An image has size 0 and sum 0. After `publish` has stored these numbers, `look` still \
                    returns `None`. A 0 can be a real value: only `is_ready` tells you whether it is.";
const WAITS: &str = "Does it wait for another thread to finish what that thread has begun? That is a lock, \
                     even if it is made of a flag. Here `is_ready` is enough, and no thread ever has to \
                     wait.";
const LOCKED: &str =
    "It works, but with a lock. Here `is_ready` is enough, and then no thread ever waits.";
const FLAG_FIRST: &str = "`publish` sets `is_ready` before it has written the rest: a reader that \
                          looks in between finds it ready. No ordering can repair the order of \
                          your lines.";
const READS_FIRST: &str = "`look` reads a value before it reads `is_ready`: in between, the other thread \
                           publishes. Read the flag first.";
const NEITHER: &str = "`Relaxed` orders nothing: the flag says `true`, and says nothing about what was \
                       written before it. The writer must publish what it has written, and the reader \
                       must take it over. Which orderings do that?";
const STORE: &str = "The reader would take over what the writer has published, but the writer's store of \
                     the flag is `Relaxed`: it publishes nothing but the flag.";
const LOAD: &str = "The writer publishes what it has written, but the reader's load of the flag is \
                    `Relaxed`: it doesn't take over what was published with it.";
const OTHER: &str = "The store of the flag, or a fence before it, must publish what was written; the load \
                     of the flag, or a fence after it, must take it over.";
