//! Runs all links at the same time.

use super::link::Link;
use super::summary::Summary;
use super::{Plan, Setting};
use crate::progress::Progress;
use shared::http::network;
use std::error::Error;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Seconds by which requests may be late on average. A timer is up to 2 ms late on a fast machine.
const MAX_LATE: f64 = 0.004;
/// Seconds between two lines of progress.
const STEP: f64 = 10.0;

/// Measures all settings at the same time.
#[tokio::main(flavor = "current_thread")]
pub async fn measure(settings: &[Setting], plan: Plan) -> Result<Vec<Summary>, Box<dyn Error>> {
    network::install_crypto();
    let http = reqwest::Client::builder()
        .no_proxy()
        // Before the server closes an idle connection.
        .pool_idle_timeout(Duration::from_secs(30))
        .build()?;
    let mut tasks = JoinSet::new();
    for (index, setting) in settings.iter().enumerate() {
        for seed in (setting.seed..).take(setting.links) {
            let link = Link::measure(http.clone(), *setting, seed, plan);
            drop(tasks.spawn(async move { link.await.map(|link| (index, link)) }));
        }
    }
    drop(tokio::spawn(show_progress(plan, tasks.len())));
    let mut links: Vec<Vec<Link>> = settings.iter().map(|_| Vec::new()).collect();
    while let Some(measured) = tasks.join_next().await {
        let (index, link) = measured?.map_err(|error| error as Box<dyn Error>)?;
        links[index].push(link);
    }
    let all = settings.iter().zip(&links);
    Ok(all.map(|(setting, links)| Summary::new(*setting, links, plan)).collect())
}

/// Says so if the times are wrong because this machine did not keep up.
pub fn warning(summaries: &[Summary]) -> Option<String> {
    let late = summaries.iter().map(|it| it.late).fold(0.0, f64::max);
    let ms = (late * 1e3).round();
    (late > MAX_LATE).then(|| format!("requests were sent {ms} ms late: this machine is too busy"))
}

async fn show_progress(plan: Plan, links: usize) {
    let steps = (plan.seconds() / STEP).ceil() as usize;
    let mut progress = Progress::new(vec![STEP; steps]);
    for _ in 0..steps {
        progress.step(&format!("requests arrive at {links} links"));
        sleep(Duration::from_secs_f64(STEP)).await;
    }
}
