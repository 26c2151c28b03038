//! What loads may see under each ordering.

use exercises::explore::{Loads, explore};
use exercises::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};
use exercises::sync::atomic::{AtomicU32, fence};
use exercises::sync::{Mutex, thread};
use std::collections::BTreeSet;
use std::sync::Mutex as StdMutex;

/// The pairs of values that two threads can see, in all schedules. `x` and `y` begin at 0.
fn outcomes(
    one: impl Fn(&AtomicU32, &AtomicU32) -> u32 + Sync,
    other: impl Fn(&AtomicU32, &AtomicU32) -> u32 + Sync,
) -> Vec<(u32, u32)> {
    let seen = StdMutex::new(BTreeSet::new());
    let report = explore(file!(), Loads::Allowed, &|| {
        let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
        let pair = thread::scope(|scope| {
            let one = scope.spawn(|| one(&x, &y));
            let other = scope.spawn(|| other(&x, &y));
            (one.join().unwrap(), other.join().unwrap())
        });
        seen.lock().unwrap().insert(pair);
        Ok(())
    });
    assert!(report.complete && report.failure.is_none());
    seen.into_inner().unwrap().into_iter().collect()
}

/// Thread 1 writes `x`, then `y`; thread 2 reads `y`, then `x`. Returns what thread 2 sees, as
/// decimal digits: 10 means that `y` was new, and `x` old.
fn messages(
    write: impl Fn(&AtomicU32, &AtomicU32) + Sync,
    read: impl Fn(&AtomicU32, &AtomicU32) -> u32 + Sync,
) -> Vec<u32> {
    let write = |x: &AtomicU32, y: &AtomicU32| {
        write(x, y);
        0
    };
    outcomes(write, read).into_iter().map(|(_, seen)| seen).collect()
}

// The outcomes below are those of the litmus tests MP, SB, CoRR and 2+2W in the literature about the
// C++ memory model.

#[test]
fn a_message_passes_by_release_and_acquire_only() {
    let write = |order| {
        move |x: &AtomicU32, y: &AtomicU32| {
            x.store(1, Relaxed);
            y.store(1, order);
        }
    };
    let read = |order| move |x: &AtomicU32, y: &AtomicU32| y.load(order) * 10 + x.load(Relaxed);
    assert_eq!(messages(write(Relaxed), read(Relaxed)), [0, 1, 10, 11]);
    assert_eq!(messages(write(Release), read(Relaxed)), [0, 1, 10, 11]);
    assert_eq!(messages(write(Relaxed), read(Acquire)), [0, 1, 10, 11]);
    assert_eq!(messages(write(Release), read(Acquire)), [0, 1, 11]);
    assert_eq!(messages(write(SeqCst), read(SeqCst)), [0, 1, 11]);

    let fenced_write = |x: &AtomicU32, y: &AtomicU32| {
        x.store(1, Relaxed);
        fence(Release);
        y.store(1, Relaxed);
    };
    let fenced_read = |x: &AtomicU32, y: &AtomicU32| {
        let y = y.load(Relaxed);
        fence(Acquire);
        y * 10 + x.load(Relaxed)
    };
    assert_eq!(messages(fenced_write, fenced_read), [0, 1, 11]);
    assert_eq!(messages(fenced_write, read(Acquire)), [0, 1, 11]);
    assert_eq!(messages(write(Release), fenced_read), [0, 1, 11]);
    assert_eq!(messages(fenced_write, read(Relaxed)), [0, 1, 10, 11]);
}

#[test]
fn an_exchange_in_between_passes_the_message_on_and_a_store_does_not() {
    let passed = |by_exchange: bool| {
        let seen = StdMutex::new(BTreeSet::new());
        let report = explore(file!(), Loads::Allowed, &|| {
            let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
            thread::scope(|scope| {
                scope.spawn(|| {
                    x.store(1, Relaxed);
                    y.store(1, Release);
                });
                scope.spawn(|| {
                    if by_exchange {
                        let _ = y.compare_exchange(1, 2, Relaxed, Relaxed);
                    } else if y.load(Relaxed) == 1 {
                        y.store(2, Relaxed);
                    }
                });
                scope.spawn(|| {
                    let seen_y = y.load(Acquire);
                    seen.lock().unwrap().insert(seen_y * 10 + x.load(Relaxed));
                });
            });
            Ok(())
        });
        assert!(report.complete && report.failure.is_none());
        seen.into_inner().unwrap()
    };
    assert!(!passed(true).contains(&20));
    assert!(passed(false).contains(&20));
}

#[test]
fn two_threads_can_both_miss_a_store_unless_it_is_sequentially_consistent() {
    let both = |store, load| {
        outcomes(
            move |x: &AtomicU32, y: &AtomicU32| {
                x.store(1, store);
                y.load(load)
            },
            move |x: &AtomicU32, y: &AtomicU32| {
                y.store(1, store);
                x.load(load)
            },
        )
    };
    let all = [(0, 0), (0, 1), (1, 0), (1, 1)];
    assert_eq!(both(Relaxed, Relaxed), all);
    assert_eq!(both(Release, Acquire), all);
    assert_eq!(both(SeqCst, SeqCst), all[1..]);
    let fenced = outcomes(
        |x, y| {
            x.store(1, Relaxed);
            fence(SeqCst);
            y.load(Relaxed)
        },
        |x, y| {
            y.store(1, Relaxed);
            fence(SeqCst);
            x.load(Relaxed)
        },
    );
    assert_eq!(fenced, all[1..]);
}

#[test]
fn the_order_of_sequentially_consistent_accesses_is_not_that_of_the_steps() {
    let write = |x: &AtomicU32, y: &AtomicU32| {
        x.store(1, SeqCst);
        y.store(1, Relaxed);
    };
    let read = |x: &AtomicU32, y: &AtomicU32| y.load(Relaxed) * 10 + x.load(SeqCst);
    assert_eq!(messages(write, read), [0, 1, 10, 11]);
    let exchange = |x: &AtomicU32, y: &AtomicU32| {
        y.load(Relaxed) * 10 + x.compare_exchange(1, 2, SeqCst, SeqCst).unwrap_or_else(|it| it)
    };
    assert_eq!(messages(write, exchange), [0, 1, 11]);
}

#[test]
fn two_readers_agree_on_the_order_of_two_stores_that_are_sequentially_consistent() {
    let disagree = |store, load| {
        let seen = StdMutex::new(BTreeSet::new());
        let report = explore(file!(), Loads::Allowed, &|| {
            let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
            thread::scope(|scope| {
                scope.spawn(|| x.store(1, store));
                scope.spawn(|| y.store(1, store));
                let one = scope.spawn(|| (x.load(load), y.load(load)));
                let other = scope.spawn(|| (y.load(load), x.load(load)));
                let pair = (one.join().unwrap(), other.join().unwrap());
                seen.lock().unwrap().insert(pair);
            });
            Ok(())
        });
        assert_eq!((report.complete, report.failure), (true, None));
        seen.into_inner().unwrap().contains(&((1, 0), (1, 0)))
    };
    assert!(disagree(Release, Acquire));
    assert!(!disagree(SeqCst, SeqCst));
}

#[test]
fn a_load_comes_after_the_loads_of_earlier_values_that_are_sequentially_consistent() {
    let disagree = |store, load| {
        let seen = StdMutex::new(BTreeSet::new());
        let report = explore(file!(), Loads::Allowed, &|| {
            let (x, y) = (AtomicU32::new(0), AtomicU32::new(0));
            thread::scope(|scope| {
                scope.spawn(|| x.store(1, Relaxed));
                let one = scope.spawn(|| (x.load(load), y.load(load)));
                let other = scope.spawn(|| {
                    y.store(1, store);
                    x.load(load)
                });
                let loads = (one.join().unwrap(), other.join().unwrap());
                seen.lock().unwrap().insert(loads);
            });
            Ok(())
        });
        assert_eq!((report.complete, report.failure), (true, None));
        seen.into_inner().unwrap().contains(&((1, 0), 0))
    };
    assert!(disagree(Release, Acquire));
    assert!(!disagree(SeqCst, SeqCst));
}

#[test]
fn a_thread_never_sees_one_atomic_go_back() {
    let read = |x: &AtomicU32, _: &AtomicU32| x.load(Relaxed) * 10 + x.load(Relaxed);
    let write = |x: &AtomicU32, _: &AtomicU32| {
        x.store(1, Relaxed);
        x.store(2, Relaxed);
    };
    assert_eq!(messages(write, read), [0, 1, 2, 11, 12, 22]);
}

#[test]
fn exchanges_see_the_latest_value_and_weak_ones_can_fail() {
    let add = |x: &AtomicU32, _: &AtomicU32| x.fetch_add(1, Relaxed);
    assert_eq!(outcomes(add, add), [(0, 1), (1, 0)]);
    let update =
        |x: &AtomicU32, _: &AtomicU32| x.fetch_update(AcqRel, Acquire, |x| Some(x + 1)).unwrap();
    assert_eq!(outcomes(update, update), [(0, 1), (1, 0)]);
    let weak = |x: &AtomicU32, _: &AtomicU32| {
        u32::from(x.compare_exchange_weak(0, 1, Relaxed, Relaxed).is_ok())
    };
    assert_eq!(outcomes(weak, |_, _| 0), [(0, 0), (1, 0)]);
}

#[test]
fn a_lock_passes_on_what_its_last_owner_has_seen() {
    let report = explore(file!(), Loads::Allowed, &|| {
        let (value, written) = (AtomicU32::new(0), Mutex::new(false));
        thread::scope(|scope| {
            scope.spawn(|| {
                value.store(1, Relaxed);
                *written.lock().unwrap() = true;
            });
            if *written.lock().unwrap() {
                assert_eq!(value.load(Relaxed), 1);
            }
        });
        assert_eq!(value.load(Relaxed), 1);
        Ok(())
    });
    assert_eq!((report.complete, report.failure), (true, None));
}

#[test]
fn orderings_that_do_not_exist_panic_as_in_std() {
    let panics = |program: &dyn Fn(&AtomicU32)| {
        let report = explore(file!(), Loads::Allowed, &|| {
            program(&AtomicU32::new(0));
            Ok(())
        });
        report.failure.unwrap().message
    };
    let message = panics(&|x| x.store(1, Acquire));
    assert!(message.contains("no such thing as an acquire store"), "{message}");
    let message = panics(&|x| assert_eq!(x.load(Release), 0));
    assert!(message.contains("no such thing as a release load"), "{message}");
}
