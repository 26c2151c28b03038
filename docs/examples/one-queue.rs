//! Four servers, with a queue for each and with one for all. See `docs/overload.md`.

use fastrand::Rng;

/// A random time with this mean.
fn random(rng: &mut Rng, mean: f64) -> f64 {
    -mean * (1.0 - rng.f64()).ln()
}

/// The mean time in the queue, if requests need 1 s each and 3.2 arrive per second.
fn mean_wait(choose: impl Fn(&mut Rng, &[f64; 4]) -> usize) -> f64 {
    let (mut rng, mut now, mut waited) = (Rng::with_seed(1), 0.0, 0.0);
    // When each server will have done all that it has been given so far.
    let mut free = [0.0; 4];
    for _ in 0..100_000 {
        now += random(&mut rng, 1.0 / 3.2);
        let server = choose(&mut rng, &free);
        let begin = f64::max(now, free[server]);
        waited += begin - now;
        free[server] = begin + random(&mut rng, 1.0);
    }
    waited / 100_000.0
}

fn main() {
    let each = mean_wait(|rng, _| rng.usize(..4));
    println!("a queue for each server: {each:.1} s");
    let two = mean_wait(|rng, free| {
        let (a, b) = (rng.usize(..4), rng.usize(..4));
        if free[a] < free[b] { a } else { b }
    });
    println!("the shorter of two:      {two:.1} s");
    // The next request goes to the server that is free first: that's one queue for all.
    let one = mean_wait(|_, free| (0..4).min_by(|a, b| free[*a].total_cmp(&free[*b])).unwrap());
    println!("one queue for all:       {one:.1} s");
}
