//! Which values a load of an atomic may see.
//!
//! An atomic keeps all values that were written to it, in one order for all threads. A thread has a
//! *view*: for each atomic, the oldest value that it may still see. A relaxed load may return any
//! value from there on, and moves the view up to it. An acquire load takes over the view that the
//! release store published; so do a lock from the last unlock, a join from the thread's end.
//!
//! This is the model of the C++ standard, with three restrictions: a store never takes effect before the
//! loads above it, a `compare_exchange` that fails has seen the latest value, and sequentially consistent
//! fences come in the order of the schedule. (For sequentially consistent accesses, see `sequential.rs`.)

use super::sequential::Sequential;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

/// The id of an atomic, a lock or a channel.
pub type Id = u64;

/// For each atomic, the index of the oldest value that may still be seen; 0 if it isn't listed. It
/// also has the ids of the sequentially consistent accesses that happened before.
pub type View = BTreeMap<Id, usize>;

#[derive(Default)]
pub struct Memory {
    /// Whether loads may see older values. Otherwise each sees the latest one.
    pub has_orderings: bool,
    written: BTreeMap<Id, Vec<Written>>,
    /// The order of the sequentially consistent accesses.
    sequential: Sequential,
    /// What every sequentially consistent load sees because of the sequentially consistent fences so far.
    fenced: View,
    /// What a sequentially consistent fence sees: also the sequentially consistent stores so far.
    stored: View,
}

struct Written {
    value: u64,
    /// What a thread sees that acquires this value.
    released: View,
}

/// What one thread sees.
#[derive(Clone, Default)]
pub struct Views {
    /// At present.
    pub now: View,
    /// In addition, after its next acquire fence.
    acquired: View,
    /// What its relaxed stores publish: its view at its last release fence.
    released: View,
}

/// Adds what `other` has seen to `view`.
pub fn join(view: &mut View, other: &View) {
    for (id, index) in other {
        let known = view.entry(*id).or_default();
        *known = (*known).max(*index);
    }
}

fn acquires(order: Ordering) -> bool {
    matches!(order, Ordering::Acquire | Ordering::AcqRel | Ordering::SeqCst)
}

fn releases(order: Ordering) -> bool {
    matches!(order, Ordering::Release | Ordering::AcqRel | Ordering::SeqCst)
}

impl Memory {
    /// The atomic's values so far. It had the value `initial` when it was first used.
    fn values(&mut self, id: Id, initial: u64) -> &mut Vec<Written> {
        let first = || vec![Written { value: initial, released: View::new() }];
        self.written.entry(id).or_insert_with(first)
    }

    /// How many values a load may see.
    pub fn options(&mut self, views: &Views, id: Id, initial: u64, order: Ordering) -> usize {
        if !self.has_orderings {
            return 1;
        }
        let sequential = match order {
            Ordering::SeqCst => {
                let fenced = self.fenced.get(&id).copied().unwrap_or_default();
                self.sequential.oldest(&views.now, id).max(fenced)
            }
            _ => 0,
        };
        let oldest = views.now.get(&id).copied().unwrap_or_default().max(sequential);
        self.values(id, initial).len() - oldest
    }

    /// The latest value.
    pub fn latest(&mut self, id: Id, initial: u64) -> u64 {
        self.values(id, initial).last().map_or(initial, |it| it.value)
    }

    /// Loads the value that is `age` older than the latest one.
    pub fn load(
        &mut self,
        views: &mut Views,
        id: Id,
        initial: u64,
        order: Ordering,
        age: usize,
    ) -> u64 {
        let values = self.values(id, initial);
        let index = values.len() - 1 - age;
        let Written { value, released } = &values[index];
        views.now.insert(id, index);
        join(if acquires(order) { &mut views.now } else { &mut views.acquired }, released);
        let value = *value;
        if self.has_orderings && order == Ordering::SeqCst {
            self.sequential.load(&mut views.now, id, index);
        }
        value
    }

    /// Writes a new latest value. `continues` says that it was computed from the one before it, in
    /// one step: then whoever acquires it also acquires that one.
    pub fn store(
        &mut self,
        views: &mut Views,
        id: Id,
        initial: u64,
        order: Ordering,
        value: u64,
        continues: bool,
    ) {
        let index = self.values(id, initial).len();
        views.now.insert(id, index);
        if self.has_orderings && order == Ordering::SeqCst {
            self.sequential.store(&mut views.now, id, index);
            self.stored.insert(id, index);
        }
        let values = self.values(id, initial);
        let mut released = if releases(order) { &views.now } else { &views.released }.clone();
        if continues && let Some(last) = values.last() {
            join(&mut released, &last.released);
        }
        values.push(Written { value, released });
    }

    /// `std::sync::atomic::fence`.
    pub fn fence(&mut self, views: &mut Views, order: Ordering) {
        if acquires(order) {
            let acquired = std::mem::take(&mut views.acquired);
            join(&mut views.now, &acquired);
        }
        if order == Ordering::SeqCst {
            join(&mut views.now, &self.stored);
            join(&mut self.stored, &views.now);
            join(&mut self.fenced, &views.now);
        }
        if releases(order) {
            views.released = views.now.clone();
        }
    }
}
