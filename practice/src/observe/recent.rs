//! A list that keeps its last items.

use std::collections::VecDeque;

/// The last items that were pushed, each with an id: the first item ever has 0, the next one 1.
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

    /// Adds an item, forgets the oldest one if there are too many, and returns the new one's id.
    pub fn push(&mut self, item: T) -> usize {
        if self.items.len() >= self.max {
            drop(self.items.pop_front());
        }
        self.items.push_back(item);
        self.pushed += 1;
        self.pushed - 1
    }

    /// The id of the oldest item, or of the next one if the list is empty.
    pub fn first_id(&self) -> usize {
        self.pushed - self.items.len()
    }

    /// The item of this id, unless it is forgotten.
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
        let ids: Vec<usize> = ["a", "b", "c", "d", "e"].map(|item| list.push(item)).into();
        assert_eq!(ids, [0, 1, 2, 3, 4]);
        assert_eq!(list.iter().collect::<Vec<_>>(), [(2, &"c"), (3, &"d"), (4, &"e")]);
        for (id, item) in [(1, None), (2, Some("c")), (4, Some("e")), (5, None)] {
            assert_eq!(list.get_mut(id).copied(), item);
        }
    }
}
