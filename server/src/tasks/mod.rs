//! Background work of one node. Every task has a period, survives its own failures, and ends with the server.

mod sweep;

pub use sweep::Sweeper;

use std::time::Duration;

use tokio::{task::JoinSet, time::MissedTickBehavior};

use crate::app::App;

const REGISTRY_PERIOD: Duration = Duration::from_secs(2);
const REFUSALS_PERIOD: Duration = Duration::from_secs(60);
const SWEEP_PERIOD: Duration = Duration::from_secs(600);

/// Starts all tasks; dropping the set ends them. A transaction that is cut short rolls back.
pub fn start(app: &App) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(every(REGISTRY_PERIOD, app.clone(), refresh_registry));
    tasks.spawn(every(REFUSALS_PERIOD, app.clone(), flush_refusals));
    tasks.spawn(sweep_often(app.clone()));
    tasks
}

async fn refresh_registry(app: App) {
    if let Err(error) = app.registry().refresh().await {
        tracing::warn!(%error, "the registry could not be read again");
    }
}

/// Also called once at shutdown, so that the last minute's refusals are not lost.
pub async fn flush_refusals(app: App) {
    for tenant in app.registry().active() {
        if let Err(error) = tenant.flush_refusals().await {
            tracing::warn!(tenant = tenant.slug(), %error, "refusals could not be written to the audit trail");
        }
    }
}

async fn sweep_often(app: App) {
    let mut sweeper = sweep::Sweeper::default();
    let mut ticks = ticks(SWEEP_PERIOD);
    loop {
        ticks.tick().await;
        sweeper.all(&app).await;
    }
}

/// The first one comes after a period.
fn ticks(period: Duration) -> tokio::time::Interval {
    let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + period, period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

async fn every<F: Future<Output = ()>>(period: Duration, app: App, work: fn(App) -> F) {
    let mut ticks = ticks(period);
    loop {
        ticks.tick().await;
        work(app.clone()).await;
    }
}
