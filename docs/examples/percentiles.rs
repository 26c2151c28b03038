//! The mean of ten percentiles isn't the percentile of all. See `docs/overload.md`.

/// 100 requests: most take 10 ms, and the others `slow` ms.
fn server(others: usize, slow: u32) -> Vec<u32> {
    (0..100).map(|request| if request < others { slow } else { 10 }).collect()
}

fn p99(times: &[u32]) -> u32 {
    let mut times = times.to_vec();
    times.sort_unstable();
    times[times.len() * 99 / 100]
}

fn main() {
    let mut servers = vec![server(2, 20); 9];
    servers.push(server(20, 1000));
    let mean = servers.iter().map(|times| p99(times)).sum::<u32>() / 10;
    println!("mean of the servers' 99th percentiles: {mean} ms");
    println!("99th percentile of all requests: {} ms", p99(&servers.concat()));
}
