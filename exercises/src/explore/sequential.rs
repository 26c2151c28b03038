//! The one order of all sequentially consistent accesses.
//!
//! It need not be the order of the schedule's steps. An access comes after those that happen before it,
//! and the accesses of one atomic come in the order of the values that they write and read. The rest
//! is open until a load settles it: a load that sees an old value comes before the store that replaced it.

use super::memory::{Id, View};
use super::next_id;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub struct Sequential {
    /// For each access, those that come before it.
    before: BTreeMap<Id, BTreeSet<Id>>,
    /// The accesses of each atomic, with the index of the value that they read or wrote.
    accesses: BTreeMap<Id, Vec<Access>>,
}

#[derive(Clone, Copy)]
struct Access {
    id: Id,
    index: usize,
    stores: bool,
}

impl Sequential {
    /// The oldest value of the atomic that a load may still see: the latest one that an access before it
    /// wrote or read. A view lists the accesses that happened before, too.
    pub fn oldest(&self, view: &View, atomic: Id) -> usize {
        let earlier = self.with_earlier(view.keys().copied());
        let accesses = self.of(atomic).filter(|it| earlier.contains(&it.id));
        accesses.map(|it| it.index).max().unwrap_or_default()
    }

    /// Adds a load that sees the value with this index.
    pub fn load(&mut self, view: &mut View, atomic: Id, index: usize) {
        let id = self.add(view, atomic, Access { id: next_id(), index, stores: false });
        let later: Vec<_> = self.of(atomic).filter(|it| it.index > index).map(|it| it.id).collect();
        for access in later {
            self.put_before(id, access);
        }
    }

    /// Adds a store of a new latest value.
    pub fn store(&mut self, view: &mut View, atomic: Id, index: usize) {
        self.add(view, atomic, Access { id: next_id(), index, stores: true });
    }

    fn add(&mut self, view: &mut View, atomic: Id, new: Access) -> Id {
        let same =
            self.of(atomic).filter(|it| it.index < new.index || it.index == new.index && it.stores);
        let known = view.keys().copied().chain(same.map(|it| it.id));
        let earlier = self.with_earlier(known);
        self.before.insert(new.id, earlier);
        self.accesses.entry(atomic).or_default().push(new);
        // If an access's id is in a view, the access happened before.
        view.insert(new.id, 0);
        new.id
    }

    fn of(&self, atomic: Id) -> impl DoubleEndedIterator<Item = Access> {
        self.accesses.get(&atomic).into_iter().flatten().copied()
    }

    /// The accesses among these ids, and all that come before them.
    fn with_earlier(&self, ids: impl DoubleEndedIterator<Item = Id>) -> BTreeSet<Id> {
        let mut all = BTreeSet::new();
        // From the latest: most of the other ids come before it, and need no step of their own.
        for id in ids.rev() {
            if all.contains(&id) {
                continue;
            }
            if let Some(before) = self.before.get(&id) {
                all.insert(id);
                all.extend(before);
            }
        }
        all
    }

    fn put_before(&mut self, first: Id, second: Id) {
        let earlier = self.with_earlier([first].into_iter());
        for (id, before) in &mut self.before {
            if *id == second || before.contains(&second) {
                before.extend(&earlier);
            }
        }
    }
}
