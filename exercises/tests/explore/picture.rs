//! What a refusal shows.

use exercises::explore::{Loads, explore};
use exercises::sync::atomic::Ordering::Relaxed;
use exercises::sync::atomic::{AtomicBool, AtomicU32};
use exercises::sync::thread;

#[test]
fn a_lost_update_has_a_column_for_each_thread_and_its_lines() {
    let before = line!();
    let report = explore(file!(), Loads::Latest, &|| {
        let number = AtomicU32::new(3);
        let add = || {
            let old = number.load(Relaxed);
            number.store(old + 1, Relaxed);
        };
        thread::scope(|scope| (0..2).for_each(|_| drop(scope.spawn(add))));
        if number.into_inner() == 5 { Ok(()) } else { Err("One download is lost.".into()) }
    });
    let (load, store) = (before + 4, before + 5);
    let failure = report.failure.as_ref().unwrap();
    let expected = format!(
        "One download is lost.

4 of 6 schedules end like this. The shortest:

```text
line  A                                    B
{load:>4}  reads atomic 1: 3
{load:>4}                                       reads atomic 1: 3
{store:>4}                                       writes atomic 1: 4
{store:>4}  writes atomic 1: 4
```

The lines in it:

```text
{load:>4}  let old = number.load(Relaxed);
{store:>4}  number.store(old + 1, Relaxed);
```"
    );
    assert_eq!(failure.picture(&report, include_str!("picture.rs")), expected);
}

#[test]
fn a_loop_without_end_is_shown_twice() {
    let before = line!();
    let report = explore(file!(), Loads::Latest, &|| {
        let is_done = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| is_done.store(true, Relaxed));
            while !is_done.load(Relaxed) {}
        });
        Ok(())
    });
    let load = before + 5;
    let failure = report.failure.as_ref().unwrap();
    let expected = format!(
        "main keeps taking steps in line {load} and never ends: this schedule has more than 300 steps. \
Does it check for something again and again, instead of waiting to be notified?

The first schedule ends like this (its last lines repeat over and over):

```text
line  main
{load:>4}  reads atomic 1: false
{load:>4}  reads atomic 1: false
```

The lines in it:

```text
{load:>4}  while !is_done.load(Relaxed) {{}}
```"
    );
    assert_eq!(failure.picture(&report, include_str!("picture.rs")), expected);
}
