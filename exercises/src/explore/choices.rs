//! The decisions of one schedule, and the way from one schedule to the next.

/// The decisions of a schedule: which thread takes the next step, which value a load sees.
///
/// The search is depth-first: a schedule repeats the decisions that are recorded, then takes option
/// 0 until its end. After that, [`Choices::advance`] changes the last decision that has another
/// option.
#[derive(Default)]
pub struct Choices {
    made: Vec<Choice>,
    next: usize,
}

struct Choice {
    taken: usize,
    options: usize,
}

impl Choices {
    /// Decides between `options` options, which are counted from 0.
    pub fn choose(&mut self, options: usize) -> usize {
        if options < 2 {
            return 0;
        }
        if self.next == self.made.len() {
            self.made.push(Choice { taken: 0, options });
        }
        let choice = &self.made[self.next];
        self.next += 1;
        // A program that doesn't repeat itself can have fewer options this time.
        choice.taken.min(options - 1)
    }

    /// Prepares the next schedule. Returns false if there is none.
    pub fn advance(&mut self) -> bool {
        self.next = 0;
        while let Some(last) = self.made.last_mut() {
            last.taken += 1;
            if last.taken < last.options {
                return true;
            }
            self.made.pop();
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_comes_once() {
        let mut choices = Choices::default();
        let mut seen = Vec::new();
        loop {
            let first = choices.choose(3);
            let second = if first == 1 { choices.choose(2) } else { choices.choose(1) };
            seen.push((first, second));
            if !choices.advance() {
                break;
            }
        }
        assert_eq!(seen, [(0, 0), (1, 0), (1, 1), (2, 0)]);
    }
}
