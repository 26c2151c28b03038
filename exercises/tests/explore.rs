//! The explorer against numbers that can be calculated, and against what the memory model allows.

use exercises::explore::{Kind, Loads, Report, explore};
use exercises::sync::atomic::{AtomicU32, AtomicUsize, Ordering, fence};
use exercises::sync::{Condvar, Mutex, RwLock, thread};
use std::collections::BTreeSet;
use std::sync::Mutex as StdMutex;

use Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};

fn latest(program: &dyn Fn() -> Result<(), String>) -> Report {
    explore(file!(), Loads::Latest, program)
}

/// The number of schedules of threads with these numbers of steps.
fn schedules(steps: &[usize]) -> usize {
    let program = || {
        let number = AtomicUsize::new(0);
        let work = |steps| {
            for _ in 0..steps {
                number.fetch_add(1, Relaxed);
            }
        };
        thread::scope(|scope| {
            for steps in steps.iter().copied() {
                scope.spawn(move || work(steps));
            }
        });
        assert_eq!(number.into_inner(), steps.iter().sum::<usize>());
        Ok(())
    };
    let report = latest(&program);
    assert_eq!((report.complete, report.failure), (true, None));
    report.schedules
}

#[test]
fn two_threads_have_as_many_schedules_as_can_be_calculated() {
    // (2k)! / (k! k!), and the multinomial for three threads.
    assert_eq!([1, 2, 3, 4].map(|k| schedules(&[k, k])), [2, 6, 20, 70]);
    assert_eq!(schedules(&[3, 3, 3]), 1_680);
    assert_eq!(schedules(&[1, 4]), 5);
    assert_eq!(schedules(&[7]), 1);
}

#[test]
fn a_lost_update_is_found_counted_and_the_same_each_time() {
    let program = || {
        let number = AtomicU32::new(3);
        let add = || number.store(number.load(Relaxed) + 1, Relaxed);
        thread::scope(|scope| (0..2).for_each(|_| drop(scope.spawn(add))));
        if number.into_inner() == 5 { Ok(()) } else { Err("lost".into()) }
    };
    let report = latest(&program);
    // Right only if one thread ends before the other one begins: 2 of 6.
    let failure = report.failure.clone().unwrap();
    assert_eq!((report.schedules, failure.schedules, failure.kind), (6, 4, Kind::Wrong));
    let steps = failure.steps.iter().filter(|step| step.action != "starts");
    let steps: Vec<_> = steps
        .map(|step| {
            let value = step.value.as_deref().unwrap_or_default();
            format!("{} {} {value}", failure.threads[step.thread], step.action)
        })
        .collect();
    assert_eq!(steps, ["A reads 3", "B reads 3", "B writes 4", "A writes 4"]);
    assert_eq!(latest(&program), report);
}

#[test]
fn locks_and_joins_make_no_schedules_of_their_own() {
    let program = || {
        let number = Mutex::new(0);
        let add = || {
            for _ in 0..2 {
                *number.lock().unwrap() += 1;
            }
        };
        thread::scope(|scope| (0..2).for_each(|_| drop(scope.spawn(add))));
        assert_eq!(number.into_inner().unwrap(), 4);
        Ok(())
    };
    let report = latest(&program);
    assert_eq!((report.schedules, report.complete, report.failure), (6, true, None));
}

/// The first sentence of the failure, with its kind and how many schedules end like this.
fn fails(report: Report) -> (Kind, usize, String) {
    let failure = report.failure.expect("it fails");
    (failure.kind, failure.schedules, failure.message)
}

#[test]
fn a_deadlock_names_who_holds_what() {
    let program = || {
        let (left, right) = (Mutex::new(()), Mutex::new(()));
        thread::scope(|scope| {
            scope.spawn(|| drop((left.lock().unwrap(), right.lock().unwrap())));
            scope.spawn(|| drop((right.lock().unwrap(), left.lock().unwrap())));
        });
        Ok(())
    };
    let (kind, schedules, message) = fails(latest(&program));
    // A and B both take their first lock before one takes its second: AB and BA.
    assert_eq!((kind, schedules), (Kind::Deadlock, 2));
    let expected =
        "A deadlock: A waits for mutex 2, which B holds; B waits for mutex 1, which A holds.";
    assert_eq!(message, expected);
}

#[test]
fn a_second_lock_by_the_same_thread_is_a_deadlock() {
    let program = || {
        let number = Mutex::new(0);
        let guard = number.lock().unwrap();
        drop((number.lock(), guard));
        Ok(())
    };
    let message = fails(latest(&program)).2;
    assert_eq!(message, "A deadlock: main waits for mutex 1, which it holds itself.");
}

#[test]
fn a_panic_is_reported_with_its_line() {
    let program = || {
        thread::scope(|scope| {
            scope.spawn(|| panic!("out of images"));
        });
        Ok(())
    };
    let line = line!() - 4;
    let (kind, schedules, message) = fails(latest(&program));
    assert_eq!((kind, schedules), (Kind::Panic, 1));
    assert_eq!(message, format!("A panics: out of images (line {line})"));
}

/// Whether one thread that waits for a flag always ends, if another one sets it like this.
fn waits_for(
    set: impl Fn(&Mutex<bool>, &Condvar) + Sync,
    wait: impl Fn(&Mutex<bool>, &Condvar) + Sync,
) -> Report {
    latest(&|| {
        let (flag, changed) = (Mutex::new(false), Condvar::new());
        thread::scope(|scope| {
            scope.spawn(|| wait(&flag, &changed));
            scope.spawn(|| set(&flag, &changed));
        });
        Ok(())
    })
}

#[test]
fn wake_ups_that_are_lost_or_never_sent_are_told_apart() {
    let set = |flag: &Mutex<bool>, changed: &Condvar| {
        *flag.lock().unwrap() = true;
        changed.notify_one();
    };
    let wait = |flag: &Mutex<bool>, changed: &Condvar| {
        drop(changed.wait_while(flag.lock().unwrap(), |flag| !*flag).unwrap());
    };
    let right = waits_for(set, wait);
    assert_eq!((right.complete, right.failure), (true, None));

    let looks_first = |flag: &Mutex<bool>, changed: &Condvar| {
        if !*flag.lock().unwrap() {
            drop(changed.wait(flag.lock().unwrap()));
        }
    };
    let (kind, _, message) = fails(waits_for(set, looks_first));
    assert_eq!(kind, Kind::LostWakeUp);
    assert!(message.contains("came before A began to wait"), "{message}");

    let silent = |flag: &Mutex<bool>, _: &Condvar| *flag.lock().unwrap() = true;
    let (kind, _, message) = fails(waits_for(silent, wait));
    assert_eq!(kind, Kind::LostWakeUp);
    assert!(message.contains("no thread ever sends one"), "{message}");

    let polls = |flag: &Mutex<bool>, _: &Condvar| {
        while !*flag.lock().unwrap() {}
    };
    assert_eq!(fails(waits_for(set, polls)).0, Kind::Endless);
    // A thread that yields lets the other one go on.
    let yields = |flag: &Mutex<bool>, _: &Condvar| {
        while !*flag.lock().unwrap() {
            thread::yield_now();
        }
    };
    assert_eq!(waits_for(set, yields).failure, None);
}

#[test]
fn notify_one_may_wake_any_thread_and_only_one() {
    let program = |all: bool| {
        latest(&|| {
            let (open, opened) = (Mutex::new(false), Condvar::new());
            let wait = || drop(opened.wait_while(open.lock().unwrap(), |open| !*open).unwrap());
            thread::scope(|scope| {
                scope.spawn(wait);
                scope.spawn(wait);
                *open.lock().unwrap() = true;
                if all { opened.notify_all() } else { opened.notify_one() }
            });
            Ok(())
        })
    };
    assert_eq!(program(true).failure, None);
    let (kind, _, message) = fails(program(false));
    assert_eq!(kind, Kind::LostWakeUp);
    assert!(
        message.contains("woke B, and A still waits") || message.contains("woke A"),
        "{message}"
    );
}

#[test]
fn readers_read_together_and_a_writer_waits() {
    let together = StdMutex::new(BTreeSet::new());
    let report = latest(&|| {
        let (value, inside) = (RwLock::new(0), AtomicUsize::new(0));
        let read = || {
            let value = value.read().unwrap();
            let others = inside.fetch_add(1, SeqCst);
            together.lock().unwrap().insert(others);
            inside.fetch_sub(1, SeqCst);
            drop(value);
        };
        thread::scope(|scope| {
            scope.spawn(read);
            scope.spawn(read);
            scope.spawn(|| {
                let _value = value.write().unwrap();
                assert_eq!(inside.load(SeqCst), 0);
            });
        });
        Ok(())
    });
    assert_eq!((report.complete, report.failure), (true, None));
    assert_eq!(together.into_inner().unwrap(), BTreeSet::from([0, 1]));
}

#[test]
fn a_lock_that_is_only_tried_can_be_seen_held() {
    let seen = StdMutex::new(BTreeSet::new());
    let report = latest(&|| {
        let lock = Mutex::new(());
        thread::scope(|scope| {
            scope.spawn(|| drop(lock.lock()));
            scope.spawn(|| seen.lock().unwrap().insert(lock.try_lock().is_ok()));
        });
        Ok(())
    });
    assert_eq!(report.failure, None);
    assert_eq!(seen.into_inner().unwrap(), BTreeSet::from([false, true]));
}

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
fn a_static_begins_each_schedule_with_its_first_value() {
    static COUNT: AtomicU32 = AtomicU32::new(5);
    let report = latest(&|| {
        let add = || COUNT.fetch_add(1, Relaxed);
        thread::scope(|scope| (0..2).for_each(|_| drop(scope.spawn(add))));
        assert_eq!(COUNT.load(Relaxed), 7);
        Ok(())
    });
    assert_eq!((report.schedules, report.failure), (2, None));
}
