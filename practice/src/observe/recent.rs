//! A list that keeps its last items.

use std::collections::VecDeque;

/// The last items that were pushed, each with an id: the first item ever pushed has 0, the next one
/// 1.
pub struct Recent<T> {
    items: VecDeque<T>,
    pushed: usize,
    max: usize,
}

impl<T> Recent<T> {
    /// An empty list that keeps at most `max` items.
    pub fn new(max: usize) -> Self {
        Self { items: VecDeque::new(), pushed: 0, max }
    }

    /// Adds an item. If there are `max` already, removes the oldest one and returns it.
    pub fn push(&mut self, item: T) -> Option<T> {
        let full = self.items.len() >= self.max;
        let oldest = if full { self.items.pop_front() } else { None };
        self.items.push_back(item);
        self.pushed += 1;
        oldest
    }

    /// The id of the next item: how many were ever pushed.
    pub fn next_id(&self) -> usize {
        self.pushed
    }

    /// The id of the oldest item, or of the next one if the list is empty.
    pub fn first_id(&self) -> usize {
        self.pushed - self.items.len()
    }

    /// The item with this id, unless it has been removed.
    pub fn get_mut(&mut self, id: usize) -> Option<&mut T> {
        let index = id.checked_sub(self.first_id())?;
        self.items.get_mut(index)
    }

    /// The items with their ids, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (usize, &T)> + ExactSizeIterator {
        let first = self.first_id();
        self.items.iter().enumerate().map(move |(index, item)| (first + index, item))
    }

    /// The items, oldest first.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.items.iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_items_are_forgotten_and_ids_stay() {
        let mut list = Recent::new(3);
        assert_eq!((list.first_id(), list.get_mut(0)), (0, None));
        let forgotten = ["a", "b", "c", "d", "e"].map(|item| list.push(item));
        assert_eq!(forgotten, [None, None, None, Some("a"), Some("b")]);
        assert_eq!((list.first_id(), list.next_id()), (2, 5));
        assert_eq!(list.iter().collect::<Vec<_>>(), [(2, &"c"), (3, &"d"), (4, &"e")]);
        for (id, item) in [(1, None), (2, Some("c")), (4, Some("e")), (5, None)] {
            assert_eq!(list.get_mut(id).copied(), item);
        }
    }
}
