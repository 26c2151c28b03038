//! Channels, barriers, values that are set once, and parked threads.

use crate::{fails, latest};
use exercises::explore::Kind;
use exercises::sync::mpsc::{self, RecvTimeoutError, TryRecvError, TrySendError};
use exercises::sync::{Barrier, Mutex, OnceLock, thread};
use std::collections::BTreeSet;
use std::sync::Mutex as StdMutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// What a program can see, in all schedules. None fails.
fn seen<T: Ord>(program: impl Fn() -> T) -> Vec<T> {
    let seen = StdMutex::new(BTreeSet::new());
    let report = latest(&|| {
        let value = program();
        seen.lock().unwrap().insert(value);
        Ok(())
    });
    assert_eq!((report.complete, report.failure), (true, None));
    seen.into_inner().unwrap().into_iter().collect()
}

#[test]
fn messages_come_in_each_order_and_end_with_the_last_sender() {
    let orders = seen(|| {
        let (sender, receiver) = mpsc::channel();
        for start in [1, 3] {
            let sender = sender.clone();
            thread::spawn(move || (start..start + 2).for_each(|it| sender.send(it).unwrap()));
        }
        drop(sender);
        receiver.iter().collect::<Vec<_>>()
    });
    let orders: Vec<_> = orders.iter().map(Vec::as_slice).collect();
    let all: [&[i32]; 6] =
        [&[1, 2, 3, 4], &[1, 3, 2, 4], &[1, 3, 4, 2], &[3, 1, 2, 4], &[3, 1, 4, 2], &[3, 4, 1, 2]];
    assert_eq!(orders, all);
}

#[test]
fn a_receiver_that_keeps_a_sender_waits_forever() {
    let (kind, _, message) = fails(latest(&|| {
        let (sender, receiver) = mpsc::channel();
        let other = sender.clone();
        thread::spawn(move || other.send(1).unwrap());
        receiver.into_iter().for_each(drop);
        drop(sender);
        Ok(())
    }));
    assert_eq!(kind, Kind::Deadlock);
    let expected = "A deadlock: main waits for a message on channel 1, which still has a sender.";
    assert_eq!(message, expected);
}

/// How far a sender can be ahead of the receiver, for each limit of the channel.
#[test]
fn a_bounded_channel_holds_as_many_messages_as_it_says() {
    for bound in 0..3 {
        let ahead = seen(|| {
            let (sender, receiver) = mpsc::sync_channel(bound);
            let (sent, moment) = (AtomicUsize::new(0), Mutex::new(()));
            thread::scope(|scope| {
                scope.spawn(|| {
                    let sender = sender;
                    for _ in 0..3 {
                        sender.send(()).unwrap();
                        sent.fetch_add(1, Ordering::Relaxed);
                    }
                });
                let ahead = (0..3).map(|received| {
                    drop(moment.lock());
                    let ahead = sent.load(Ordering::Relaxed) - received;
                    receiver.recv().unwrap();
                    ahead
                });
                ahead.max().unwrap()
            })
        });
        assert_eq!(ahead.last(), Some(&bound), "of {ahead:?}");
    }
}

#[test]
fn a_full_channel_without_a_receiver_at_work_is_a_deadlock() {
    let (kind, _, message) = fails(latest(&|| {
        let (sender, receiver) = mpsc::sync_channel(1);
        (0..2).for_each(|it| sender.send(it).unwrap());
        drop(receiver);
        Ok(())
    }));
    assert_eq!(kind, Kind::Deadlock);
    assert_eq!(message, "A deadlock: main waits for room in channel 1 (1 of 1).");
}

#[test]
fn a_sender_finds_out_that_the_receiver_is_gone_sooner_or_later() {
    for bound in [None, Some(0), Some(1)] {
        let sent = seen(|| {
            let (sent, receiver) = if let Some(bound) = bound {
                let (sender, receiver) = mpsc::sync_channel(bound);
                (thread::spawn(move || sender.send(7).map_err(|error| error.0)), receiver)
            } else {
                let (sender, receiver) = mpsc::channel();
                (thread::spawn(move || sender.send(7).map_err(|error| error.0)), receiver)
            };
            drop(receiver);
            sent.join().unwrap()
        });
        // A message that is handed over is never sent to nobody.
        let both = if bound == Some(0) { vec![Err(7)] } else { vec![Ok(()), Err(7)] };
        assert_eq!(sent, both, "{bound:?}");
    }
}

#[test]
fn a_receiver_that_only_tries_sees_all_that_there_can_be() {
    let seen = seen(|| {
        let (sender, receiver) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(|| {
                let sender = sender;
                sender.send(1).unwrap();
            });
            let tries = [receiver.try_recv(), receiver.try_recv()];
            tries.map(|it| match it {
                Ok(value) => value,
                Err(TryRecvError::Empty) => 0,
                Err(TryRecvError::Disconnected) => -1,
            })
        })
    });
    assert_eq!(seen, [[0, 0], [0, 1], [1, -1], [1, 0]]);
}

#[test]
fn a_sender_that_only_tries_can_find_the_channel_full() {
    let full = |bound| {
        seen(|| {
            let (sender, receiver) = mpsc::sync_channel(bound);
            let received = thread::spawn(move || receiver.iter().count());
            let tries = [1, 2].map(|it| match sender.try_send(it) {
                Ok(()) => true,
                Err(TrySendError::Full(value) | TrySendError::Disconnected(value)) => value == 0,
            });
            drop(sender);
            assert_eq!(received.join().unwrap(), tries.iter().filter(|it| **it).count());
            tries
        })
    };
    assert_eq!(full(1), [[true, false], [true, true]]);
    assert_eq!(full(0), [[false, false], [false, true], [true, false], [true, true]]);
}

#[test]
fn a_timeout_is_over_when_no_message_can_come_and_once_before() {
    let seen = seen(|| {
        let (sender, receiver) = mpsc::channel();
        let other = sender.clone();
        thread::spawn(move || other.send(1).unwrap());
        let first = receiver.recv_timeout(Duration::from_secs(1));
        let second = receiver.recv_timeout(Duration::from_secs(1));
        drop(sender);
        assert!([first, second].contains(&Err(RecvTimeoutError::Timeout)));
        (first.ok(), second.ok())
    });
    assert_eq!(seen, [(None, Some(1)), (Some(1), None)]);
}

#[test]
fn nobody_passes_a_barrier_before_all_have_arrived() {
    let leaders = seen(|| {
        let (barrier, arrived) = (Barrier::new(2), Mutex::new(0));
        let phases = || {
            [1, 2].map(|phase| {
                *arrived.lock().unwrap() += 1;
                let is_leader = barrier.wait().is_leader();
                assert!(*arrived.lock().unwrap() >= 2 * phase);
                is_leader
            })
        };
        thread::scope(|scope| {
            let [one, other] = [scope.spawn(phases), scope.spawn(phases)];
            let (one, other) = (one.join().unwrap(), other.join().unwrap());
            assert!(one[0] != other[0] && one[1] != other[1], "one leader each time");
            one
        })
    });
    assert_eq!(leaders, [[false, false], [false, true], [true, false], [true, true]]);
}

#[test]
fn a_barrier_for_one_thread_too_many_is_a_deadlock() {
    let (kind, _, message) = fails(latest(&|| {
        let barrier = Barrier::new(3);
        thread::scope(|scope| {
            (0..2).for_each(|_| drop(scope.spawn(|| barrier.wait())));
        });
        Ok(())
    }));
    assert_eq!(kind, Kind::Deadlock);
    let expected = "A deadlock: A waits at barrier 1, where 2 of 3 threads have arrived; \
                    B waits at barrier 1, where 2 of 3 threads have arrived.";
    assert_eq!(message, expected);
}

#[test]
fn one_thread_sets_the_value_and_the_others_wait_for_it() {
    let values = seen(|| {
        let (value, calls) = (OnceLock::new(), Mutex::new(0));
        let get = |mine| {
            *value.get_or_init(|| {
                *calls.lock().unwrap() += 1;
                mine
            })
        };
        let both = thread::scope(|scope| {
            let one = scope.spawn(|| get(1));
            let early = value.get().copied();
            (early, get(2), one.join().unwrap())
        });
        assert_eq!(*calls.lock().unwrap(), 1);
        both
    });
    assert_eq!(values, [(None, 1, 1), (None, 2, 2), (Some(1), 1, 1)]);
}

#[test]
fn a_value_is_set_once() {
    let set = seen(|| {
        let value = OnceLock::new();
        thread::scope(|scope| {
            let one = scope.spawn(|| value.set(1));
            (value.set(2), one.join().unwrap())
        })
    });
    assert_eq!(set, [(Ok(()), Err(1)), (Err(2), Ok(()))]);
}

#[test]
fn unparking_is_remembered_and_parking_twice_is_not() {
    let program = |times| {
        latest(&|| {
            let parked = thread::spawn(move || (0..times).for_each(|_| thread::park()));
            parked.thread().unpark();
            parked.join().unwrap();
            Ok(())
        })
    };
    assert_eq!(program(1).failure, None);
    let (kind, _, message) = fails(program(2));
    assert_eq!(kind, Kind::Deadlock);
    assert_eq!(message, "A deadlock: A is parked, and no thread unparks it.");
}
