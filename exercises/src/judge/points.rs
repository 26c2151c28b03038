//! Counts the expectations of a check that a submission meets.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::panic::Location;

/// An expectation: where its list is in the source of the check, and its index in that list.
type Expected = (&'static Location<'static>, usize);

thread_local! {
    static MET: RefCell<BTreeSet<Expected>> = const { RefCell::new(BTreeSet::new()) };
}

/// Notes that an expectation is met, or not. A check with several runs lists the same ones for each
/// run: they are met if they are met every time.
pub(super) fn note(list: &'static Location<'static>, index: usize, is_met: bool) {
    MET.with_borrow_mut(|met| {
        if is_met {
            let _ = met.insert((list, index));
        } else {
            let _ = met.remove(&(list, index));
        }
    });
}

/// Runs a check. Returns what it returns, and how many different expectations were met.
pub fn count_met<T>(check: impl FnOnce() -> T) -> (T, usize) {
    let _ = MET.take();
    let checked = check();
    (checked, MET.take().len())
}
