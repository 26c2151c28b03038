//! Measures a loop: first warms up, then takes samples.

use std::time::{Duration, Instant};

/// Number of samples.
const SAMPLES: usize = 30;
/// Minimum duration of the last warm-up, and so about that of a sample. What a function does once,
/// such as starting a thread, takes less than a hundredth of it.
const DURATION: Duration = Duration::from_millis(10);

/// Nanoseconds for each repetition: one value for each sample, in ascending order.
///
/// `run(times)` does the work `times` times. `times` is even.
pub fn sample(run: &dyn Fn(u64) -> u64) -> Vec<f64> {
    let mut times = 2;
    while time(run, times) < DURATION {
        times *= 2;
    }
    let mut samples: Vec<f64> =
        (0..SAMPLES).map(|_| time(run, times).as_secs_f64() * 1e9 / times as f64).collect();
    samples.sort_by(f64::total_cmp);
    samples
}

fn time(run: &dyn Fn(u64) -> u64, times: u64) -> Duration {
    let start = Instant::now();
    let _ = std::hint::black_box(run(times));
    start.elapsed()
}

/// The value that a share (0 to 1) of the samples does not exceed. `samples` is sorted, not empty.
pub fn percentile(samples: &[f64], share: f64) -> f64 {
    samples[((samples.len() - 1) as f64 * share).round() as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::thread::sleep;

    #[test]
    fn the_last_warm_up_decides_how_often_each_sample_repeats() {
        let calls = RefCell::new(Vec::new());
        let samples = sample(&|times| {
            calls.borrow_mut().push(times);
            sleep(Duration::from_millis(times));
            times
        });
        let calls = calls.into_inner();
        let (warm_up, measured) = calls.split_at(calls.len() - SAMPLES);
        assert!(warm_up.is_sorted() && warm_up[0] == 2);
        assert!(measured.iter().all(|times| Some(times) == warm_up.last()));
        assert_eq!(samples.len(), SAMPLES);
        assert!(samples.is_sorted());
        // A repetition is a millisecond, and a sleep is never shorter than it should be.
        assert!(samples[0] >= 1e6, "nanoseconds for one repetition, not {}", samples[0]);
    }

    #[test]
    fn percentiles_are_samples() {
        let samples: Vec<f64> = (0..=10).map(f64::from).collect();
        let percentiles = [0.0, 0.1, 0.5, 0.9, 1.0].map(|share| percentile(&samples, share));
        assert_eq!(format!("{percentiles:?}"), "[0.0, 1.0, 5.0, 9.0, 10.0]");
        assert_eq!(format!("{:?}", percentile(&[7.0], 0.9)), "7.0");
    }
}
