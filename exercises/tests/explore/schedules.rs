//! The number of schedules, and what goes wrong in them.

use crate::{fails, latest};
use exercises::explore::{Kind, Report};
use exercises::sync::atomic::Ordering::{Relaxed, SeqCst};
use exercises::sync::atomic::{AtomicBool, AtomicI8, AtomicU32, AtomicUsize};
use exercises::sync::{Condvar, Mutex, RwLock, thread};
use std::collections::BTreeSet;
use std::sync::Mutex as StdMutex;

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
    assert!(message.contains("with another guard?"), "{message}");

    let sets_without_the_lock = |flag: &AtomicBool, changed: &Condvar| {
        flag.store(true, Relaxed);
        changed.notify_one();
    };
    let report = latest(&|| {
        let (flag, lock, changed) = (AtomicBool::new(false), Mutex::new(()), Condvar::new());
        let is_unset = |(): &mut ()| !flag.load(Relaxed);
        thread::scope(|scope| {
            scope.spawn(|| drop(changed.wait_while(lock.lock().unwrap(), is_unset).unwrap()));
            scope.spawn(|| sets_without_the_lock(&flag, &changed));
        });
        Ok(())
    });
    let (kind, _, message) = fails(report);
    assert_eq!(kind, Kind::LostWakeUp);
    assert!(message.contains("was changed without this lock"), "{message}");

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
    assert!(message.ends_with("`notify_one` wakes one thread at most."), "{message}");
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

#[test]
fn a_failure_names_a_static_that_keeps_its_value() {
    static COUNT: Mutex<u32> = Mutex::new(0);
    static LOCK: Mutex<()> = Mutex::new(());
    let program = |count: &Mutex<u32>| {
        thread::scope(|scope| {
            let add = || {
                let _guard = LOCK.lock().unwrap();
                *count.lock().unwrap() += 1;
            };
            (0..2).for_each(|_| drop(scope.spawn(add)));
        });
        let count = *count.lock().unwrap();
        if count == 2 { Ok(()) } else { Err(format!("{count} of 2.")) }
    };
    let message = fails(latest(&|| program(&COUNT))).2;
    assert!(message.starts_with("4 of 2. Besides, mutex 2 is a static"), "{message}");
    // A static without a value makes no difference.
    assert_eq!(latest(&|| program(&Mutex::new(0))).failure, None);
}

#[test]
fn a_lock_can_be_seen_held_from_any_moment_on() {
    let seen = StdMutex::new(BTreeSet::new());
    let report = latest(&|| {
        let (lock, number) = (Mutex::new(()), AtomicUsize::new(0));
        thread::scope(|scope| {
            scope.spawn(|| drop(lock.lock()));
            scope.spawn(|| {
                // The lock can be taken before this step, and released after the next one.
                number.store(1, Relaxed);
                seen.lock().unwrap().insert(lock.try_lock().is_ok());
            });
        });
        Ok(())
    });
    assert_eq!(report.failure, None);
    assert_eq!(seen.into_inner().unwrap(), BTreeSet::from([false, true]));
}

#[test]
fn two_threads_that_yield_do_not_keep_a_third_one_from_its_steps() {
    let report = latest(&|| {
        let flag = AtomicUsize::new(0);
        let wait = || {
            while flag.load(Relaxed) == 0 {
                thread::yield_now();
            }
        };
        thread::scope(|scope| {
            (0..2).for_each(|_| drop(scope.spawn(wait)));
            scope.spawn(|| flag.store(1, Relaxed));
        });
        Ok(())
    });
    assert_eq!((report.complete, report.failure), (true, None));
}

#[test]
fn of_too_many_schedules_those_with_few_interruptions_are_explored() {
    let report = latest(&|| {
        let number = AtomicUsize::new(0);
        let work = || {
            (0..3).for_each(|_| {
                number.fetch_add(1, Relaxed);
            });
            number.store(number.load(Relaxed) + 1, Relaxed);
        };
        thread::scope(|scope| (0..3).for_each(|_| drop(scope.spawn(work))));
        if number.into_inner() == 12 { Ok(()) } else { Err("lost".into()) }
    });
    assert_eq!((report.max_interruptions, report.complete), (Some(2), true));
    assert_eq!(report.failure.unwrap().kind, Kind::Wrong);
}

#[test]
fn a_lock_for_readers_that_is_only_tried_can_be_seen_held() {
    let seen = StdMutex::new(BTreeSet::new());
    let report = latest(&|| {
        let lock = RwLock::new(0);
        thread::scope(|scope| {
            scope.spawn(|| drop(lock.read()));
            scope.spawn(|| {
                let can_read = lock.try_read().is_ok();
                seen.lock().unwrap().insert((can_read, lock.try_write().is_ok()));
            });
        });
        Ok(())
    });
    assert_eq!(report.failure, None);
    assert_eq!(seen.into_inner().unwrap(), BTreeSet::from([(true, false), (true, true)]));
}

#[test]
fn numbers_with_a_sign_keep_it() {
    let report = latest(&|| {
        let number = AtomicI8::new(-3);
        assert_eq!(number.fetch_sub(126, Relaxed), -3);
        assert_eq!((number.load(Relaxed), number.fetch_max(-1, Relaxed)), (127, 127));
        assert_eq!(number.into_inner(), 127);
        Ok(())
    });
    assert_eq!(report.failure, None);
}
