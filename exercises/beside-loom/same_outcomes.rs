//! The same programs in this explorer and in loom: both find the same outcomes, and the same
//! deadlocks.
//!
//! Loom has no bounded channels, barriers, `OnceLock` or disconnected channels, and treats `SeqCst` as
//! `AcqRel`: `exercises/tests/explore` tests these.

use exercises::explore::{Kind, Loads, explore};
use fastrand::Rng;
use std::collections::BTreeSet;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex};

/// How many random programs are compared.
const PROGRAMS: usize = 100;

/// The values that the threads of a program have seen.
type Values = Vec<u32>;

/// All values that a program can see, or that it can come to a deadlock.
type Outcomes = Result<BTreeSet<Values>, Deadlock>;

#[derive(Debug, PartialEq, Eq)]
struct Deadlock;

fn here(program: impl Fn() -> Values) -> Outcomes {
    let seen = Mutex::new(BTreeSet::new());
    let report = explore(file!(), Loads::Allowed, &|| {
        let values = program();
        seen.lock().unwrap().insert(values);
        Ok(())
    });
    if let Some(failure) = report.failure {
        assert!(matches!(failure.kind, Kind::Deadlock | Kind::LostWakeUp), "{failure:?}");
        return Err(Deadlock);
    }
    assert!(report.complete && report.max_interruptions.is_none());
    Ok(seen.into_inner().unwrap())
}

fn in_loom(program: impl Fn() -> Values + Send + Sync + 'static) -> Outcomes {
    let seen = Arc::new(Mutex::new(BTreeSet::new()));
    let kept = Arc::clone(&seen);
    let model = move || {
        loom::model(move || {
            let values = program();
            kept.lock().unwrap().insert(values);
        });
    };
    let run = panic::catch_unwind(AssertUnwindSafe(model));
    if let Err(payload) = run {
        let message = payload.downcast_ref::<String>().map_or("", String::as_str);
        assert!(message.starts_with("deadlock"), "{message}");
        return Err(Deadlock);
    }
    let seen = seen.lock().unwrap().clone();
    Ok(seen)
}

/// A step of a thread with two atomics and a mutex.
#[derive(Debug, Clone, Copy)]
enum Op {
    Load {
        of: usize,
        is_acquire: bool,
    },
    Store {
        to: usize,
        value: u32,
        is_release: bool,
    },
    /// A relaxed addition, an acquiring or releasing one.
    Add {
        to: usize,
        value: u32,
        is_ordered: bool,
    },
    /// Doubles the value behind a mutex and adds to it.
    Lock {
        value: u32,
    },
    Fence,
}

impl Op {
    /// A step of the first or second thread, which writes the first or second atomic.
    fn random(rng: &mut Rng, thread: usize) -> Self {
        let (value, is_ordered) = (rng.u32(1..5), rng.bool());
        match rng.u8(..10) {
            0..4 => Self::Load { of: rng.usize(..2), is_acquire: is_ordered },
            4..7 => Self::Store { to: thread, value, is_release: is_ordered },
            7 => Self::Add { to: thread, value: 8 * value, is_ordered },
            8 => Self::Lock { value },
            _ => Self::Fence,
        }
    }
}

/// The programs, with the types of one of the two explorers.
macro_rules! programs {
    ($module:ident, $sync:ident, $($thread:ident)::+) => {
        mod $module {
            use super::{Op, Values};
            use std::sync::Arc;
            use $($thread)::+;
            use $sync::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
            use $sync::sync::atomic::{AtomicU32, fence};
            use $sync::sync::{Condvar, Mutex, mpsc};

            fn join<T>(threads: [thread::JoinHandle<T>; 2]) -> Vec<T> {
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            }

            /// Two threads add one in two steps.
            pub fn lost_update() -> Values {
                let number = Arc::new(AtomicU32::new(0));
                let threads = [(); 2].map(|()| {
                    let number = Arc::clone(&number);
                    thread::spawn(move || number.store(number.load(Relaxed) + 1, Relaxed))
                });
                join(threads);
                vec![number.load(Relaxed)]
            }

            /// Two threads lock twice to add one.
            pub fn locks_twice() -> Values {
                let number = Arc::new(Mutex::new(0));
                let threads = [(); 2].map(|()| {
                    let number = Arc::clone(&number);
                    thread::spawn(move || {
                        let before = *number.lock().unwrap();
                        *number.lock().unwrap() = before + 1;
                    })
                });
                join(threads);
                let number = *number.lock().unwrap();
                vec![number]
            }

            /// Two threads take two locks, in the same or in opposite orders.
            pub fn two_locks(opposite: bool) -> Values {
                let locks = Arc::new([Mutex::new(1), Mutex::new(2)]);
                let threads = [(0, 1), if opposite { (1, 0) } else { (0, 1) }].map(|(one, other)| {
                    let locks = Arc::clone(&locks);
                    thread::spawn(move || {
                        let (mut one, other) =
                            (locks[one].lock().unwrap(), locks[other].lock().unwrap());
                        *one += *other;
                    })
                });
                join(threads);
                let values = [0, 1].map(|index| *locks[index].lock().unwrap());
                values.to_vec()
            }

            /// A thread waits for a flag; it looks at it under the lock, or before.
            pub fn wake_up(looks_before: bool) -> Values {
                let flag = Arc::new((Mutex::new(false), Condvar::new()));
                let other = Arc::clone(&flag);
                let thread = thread::spawn(move || {
                    *other.0.lock().unwrap() = true;
                    other.1.notify_one();
                });
                let mut waited = 0;
                if looks_before {
                    let is_set = *flag.0.lock().unwrap();
                    if !is_set {
                        drop(flag.1.wait(flag.0.lock().unwrap()).unwrap());
                        waited = 1;
                    }
                } else {
                    let mut guard = flag.0.lock().unwrap();
                    while !*guard {
                        guard = flag.1.wait(guard).unwrap();
                        waited = 1;
                    }
                }
                thread.join().unwrap();
                vec![waited]
            }

            /// Two threads wait for the same flag, and one or both are notified.
            pub fn two_wait(all: bool) -> Values {
                let flag = Arc::new((Mutex::new(false), Condvar::new()));
                let threads = [(); 2].map(|()| {
                    let flag = Arc::clone(&flag);
                    thread::spawn(move || {
                        let mut guard = flag.0.lock().unwrap();
                        while !*guard {
                            guard = flag.1.wait(guard).unwrap();
                        }
                    })
                });
                *flag.0.lock().unwrap() = true;
                if all { flag.1.notify_all() } else { flag.1.notify_one() }
                join(threads);
                vec![]
            }

            /// Two threads send two messages each; `main` receives this many.
            pub fn channel(received: usize) -> Values {
                let (sender, receiver) = mpsc::channel();
                let threads = [10, 20].map(|start| {
                    let sender = sender.clone();
                    thread::spawn(move || (0..2).for_each(|it| sender.send(start + it).unwrap()))
                });
                // Loom doesn't notice when the last sender is dropped.
                let values = (0..received).map(|_| receiver.recv().unwrap()).collect();
                join(threads);
                drop(sender);
                values
            }

            /// Runs these steps in two threads. Returns what each has loaded, and the last values.
            pub fn steps(steps: [Vec<Op>; 2]) -> Values {
                let atomics = Arc::new([AtomicU32::new(0), AtomicU32::new(0)]);
                let number = Arc::new(Mutex::new(1));
                let threads = steps.map(|steps| {
                    let (atomics, number) = (Arc::clone(&atomics), Arc::clone(&number));
                    thread::spawn(move || {
                        let step = |step| take(step, &atomics, &number);
                        steps.into_iter().filter_map(step).collect::<Vec<_>>()
                    })
                });
                let mut seen = join(threads).concat();
                seen.extend(atomics.iter().map(|atomic| atomic.load(Relaxed)));
                seen.push(*number.lock().unwrap());
                seen
            }

            fn take(step: Op, atomics: &[AtomicU32; 2], number: &Mutex<u32>) -> Option<u32> {
                match step {
                    Op::Load { of, is_acquire } => {
                        return Some(atomics[of].load(if is_acquire { Acquire } else { Relaxed }));
                    }
                    Op::Store { to, value, is_release } => {
                        atomics[to].store(value, if is_release { Release } else { Relaxed });
                    }
                    Op::Add { to, value, is_ordered } => {
                        let order = if is_ordered { AcqRel } else { Relaxed };
                        return Some(atomics[to].fetch_add(value, order));
                    }
                    Op::Lock { value } => {
                        let mut number = number.lock().unwrap();
                        *number = 2 * *number + value;
                    }
                    Op::Fence => fence(AcqRel),
                }
                None
            }
        }
    };
}

programs!(ours, exercises, exercises::sync::thread);
programs!(of_loom, loom, loom::thread);

#[test]
fn updates_get_lost_in_the_same_ways() {
    let lost = Ok(BTreeSet::from([vec![1], vec![2]]));
    assert_eq!(here(ours::lost_update), lost);
    assert_eq!(in_loom(of_loom::lost_update), lost);
    assert_eq!(here(ours::locks_twice), lost);
    assert_eq!(in_loom(of_loom::locks_twice), lost);
}

#[test]
fn two_locks_deadlock_in_opposite_orders_only() {
    assert_eq!(here(|| ours::two_locks(true)), Err(Deadlock));
    assert_eq!(in_loom(|| of_loom::two_locks(true)), Err(Deadlock));
    let same = here(|| ours::two_locks(false));
    assert!(same.is_ok());
    assert_eq!(in_loom(|| of_loom::two_locks(false)), same);
}

#[test]
fn wake_ups_get_lost_in_the_same_programs() {
    assert_eq!(here(|| ours::wake_up(true)), Err(Deadlock));
    assert_eq!(in_loom(|| of_loom::wake_up(true)), Err(Deadlock));
    let right = Ok(BTreeSet::from([vec![0], vec![1]]));
    assert_eq!(here(|| ours::wake_up(false)), right);
    assert_eq!(in_loom(|| of_loom::wake_up(false)), right);
    assert_eq!(here(|| ours::two_wait(false)), Err(Deadlock));
    assert_eq!(in_loom(|| of_loom::two_wait(false)), Err(Deadlock));
    assert_eq!(here(|| ours::two_wait(true)), in_loom(|| of_loom::two_wait(true)));
}

#[test]
fn messages_come_in_the_same_orders() {
    let orders = here(|| ours::channel(4));
    assert_eq!(orders.as_ref().map(BTreeSet::len), Ok(6));
    assert_eq!(in_loom(|| of_loom::channel(4)), orders);
}

#[test]
fn a_receiver_waits_forever_for_one_message_too_many() {
    assert_eq!(here(|| ours::channel(5)), Err(Deadlock));
    assert_eq!(in_loom(|| of_loom::channel(5)), Err(Deadlock));
}

/// A value, then a flag, with each pair of orderings of the flag.
#[test]
fn the_same_orderings_publish_a_value() {
    for (is_release, is_acquire) in [(false, false), (false, true), (true, false), (true, true)] {
        let write = vec![
            Op::Store { to: 0, value: 1, is_release: false },
            Op::Store { to: 1, value: 1, is_release },
        ];
        let read = vec![Op::Load { of: 1, is_acquire }, Op::Load { of: 0, is_acquire: false }];
        let steps = [write, read];
        let copy = steps.clone();
        let outcomes = here(|| ours::steps(copy.clone()));
        assert_eq!(in_loom(move || of_loom::steps(steps.clone())), outcomes);
        let is_torn = outcomes.unwrap().iter().any(|seen| seen[..2] == [1, 0]);
        assert_eq!(is_torn, !(is_release && is_acquire));
    }
}

/// Each atomic is written by one thread, since loom has no order between the writes of two threads
/// that are not synchronized. It also misses some outcomes in which one thread begins when the other
/// one has ended, so the outcomes here can be more.
#[test]
fn random_programs_have_all_outcomes_that_loom_finds() {
    let mut rng = Rng::with_seed(17);
    let mut same = 0;
    for _ in 0..PROGRAMS {
        let mut thread = |index| (0..3).map(|_| Op::random(&mut rng, index)).collect::<Vec<_>>();
        let steps = [thread(0), thread(1)];
        let copy = steps.clone();
        let mine = here(|| ours::steps(copy.clone())).unwrap();
        let of_loom = in_loom(move || of_loom::steps(copy.clone())).unwrap();
        assert!(mine.is_superset(&of_loom), "{steps:?}: {mine:?}, and in loom {of_loom:?}");
        same += usize::from(mine == of_loom);
    }
    assert!(same > PROGRAMS * 3 / 4, "only {same} of {PROGRAMS} programs have equal outcomes");
}
