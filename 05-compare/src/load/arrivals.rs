//! When requests arrive.

/// Moments at which requests arrive, in seconds: `rate` per second, independently of each other. The
/// gaps between them then have an exponential distribution.
pub fn arrivals(rate: f64, seconds: f64, seed: u64) -> Vec<f64> {
    let mut random = fastrand::Rng::with_seed(seed);
    let count = (rate * seconds).round() as usize;
    // The quantiles of the distribution in random order. Gaps that are drawn one by one have the
    // same distribution, but their mean would be right only in the long run.
    let quantile = |index: usize| -(1.0 - (index as f64 + 0.5) / count as f64).ln() / rate;
    let mut gaps: Vec<f64> = (0..count).map(quantile).collect();
    random.shuffle(&mut gaps);
    let times = gaps.into_iter().scan(0.0, |time, gap| {
        *time += gap;
        Some(*time)
    });
    times.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrivals_have_the_rate_asked_for_and_exponential_gaps() {
        let times = arrivals(20.0, 500.0, 1);
        assert_eq!(times.len(), 10_000);
        assert!(times.is_sorted());
        assert!((times[9_999] / 500.0 - 1.0).abs() < 0.01, "{}", times[9_999]);
        let gaps: Vec<f64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        for mean_gaps in [0.1, 1.0, 2.0_f64] {
            let longer = gaps.iter().filter(|gap| **gap > mean_gaps / 20.0).count();
            let share = longer as f64 / 10_000.0;
            assert!((share - (-mean_gaps).exp()).abs() < 0.01, "{mean_gaps}: {share}");
        }
        // The number of arrivals in a second varies as much as its mean.
        let mut counts = vec![0.0; 500];
        times.iter().filter(|time| **time < 500.0).for_each(|time| counts[*time as usize] += 1.0);
        let variance = counts.iter().map(|it| (it - 20.0_f64).powi(2)).sum::<f64>() / 500.0;
        assert!((15.0..25.0).contains(&variance), "{variance}");
        assert_eq!(arrivals(20.0, 10.0, 1), arrivals(20.0, 10.0, 1));
        assert_ne!(arrivals(20.0, 10.0, 1), arrivals(20.0, 10.0, 2), "the seed matters");
    }
}
