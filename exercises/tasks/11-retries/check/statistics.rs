//! What the backoffs of many images have in common.

use std::time::Duration;

/// Two samples of the same distribution differ by more in 99 of 100 cases: the greatest difference
/// between the shares of shorter backoffs, for 39 of each.
const ALIKE: f64 = 0.09;
/// Two random times of at most 500 ms differ by 146 ms or more in half of the cases. Of twenty images
/// that wait for random times in two runs, half differ by less than this in 3 of 100 cases; of forty
/// images, in one of 1,000.
const CLOSE: Duration = Duration::from_millis(75);
/// How many images must have been punctual in both runs to compare these.
pub const MIN_COMPARED: usize = 20;

/// Times in order.
pub fn sorted(times: impl Iterator<Item = Duration>) -> Vec<Duration> {
    let mut times: Vec<_> = times.collect();
    times.sort();
    times
}

pub fn mean(backoffs: &[Duration]) -> Duration {
    let count = backoffs.len().max(1);
    backoffs.iter().sum::<Duration>().div_f64(count as f64)
}

/// The longest without a tenth: on a busy machine, a few are late.
pub fn longest(sorted: &[Duration]) -> Duration {
    sorted.iter().rev().nth(sorted.len() / 10).copied().unwrap_or_default()
}

/// The difference between the shortest and the longest, without a tenth: a few may be late.
pub fn spread(sorted: &[Duration]) -> Duration {
    longest(sorted).saturating_sub(sorted.first().copied().unwrap_or_default())
}

/// The difference between the shortest and the longest, without a tenth at each end: on a busy
/// machine, a few are late.
pub fn without_outliers(sorted: &[Duration]) -> Duration {
    let tenth = sorted.len() / 10;
    let range = sorted.get(tenth).zip(sorted.iter().rev().nth(tenth));
    range.map_or(Duration::ZERO, |(short, long)| long.saturating_sub(*short))
}

/// Whether two sorted samples look like the same one, measured twice.
pub fn are_alike(first: &[Duration], second: &[Duration]) -> bool {
    difference(first, second) < ALIKE
}

/// Whether the images waited as long as in another run, given the differences in order. The median
/// shows it even if some images are late; comparing the samples as a whole doesn't.
pub fn are_close(differences: &[Duration]) -> bool {
    differences.get(differences.len() / 2).is_some_and(|median| *median < CLOSE)
}

/// The greatest difference between the shares of shorter backoffs in two sorted samples.
fn difference(first: &[Duration], second: &[Duration]) -> f64 {
    let share = |sorted: &[Duration], time| {
        sorted.partition_point(|backoff| backoff <= time) as f64 / sorted.len() as f64
    };
    let times = first.iter().chain(second);
    times.map(|time| (share(first, time) - share(second, time)).abs()).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fastrand::Rng;

    #[test]
    fn the_same_numbers_are_alike_and_others_are_not() {
        let backoffs = |seed, late: f64| {
            let (mut random, mut lateness) = (Rng::with_seed(seed), Rng::with_seed(!seed));
            let backoff = |_| 0.5 + 0.5 * random.f64() + late * lateness.f64();
            sorted((0..39).map(backoff).map(Duration::from_secs_f64))
        };
        let same = |seed: &u64| are_alike(&backoffs(*seed, 0.0), &backoffs(*seed, 0.005));
        assert!((0..100).filter(same).count() >= 95);
        let others =
            |seed: &u64| are_alike(&backoffs(2 * seed, 0.01), &backoffs(2 * seed + 1, 0.01));
        assert!((0..1_000).filter(others).count() <= 20);
    }

    #[test]
    fn images_that_wait_as_long_as_before_are_close_and_others_are_not() {
        let differences = |seed, other, late: f64| {
            let [mut first, mut second] = [seed, other].map(Rng::with_seed);
            let mut lateness = Rng::with_seed(!seed);
            let difference = |_| {
                let differs: f64 = 0.5 * (first.f64() - second.f64());
                Duration::from_secs_f64((differs + late * lateness.f64()).abs())
            };
            sorted((0..39).map(difference))
        };
        assert!((0..1_000).all(|seed| are_close(&differences(seed, seed, 0.1))));
        let others = |seed: &u64| are_close(&differences(2 * seed, 2 * seed + 1, 0.0));
        assert!((0..1_000).filter(others).count() <= 5);
    }
}
