//! How many SQL statements a request sent, for its log line and for tests of round trips.
//!
//! sqlx tells `tracing` about each statement when it ends, in the task that sent it: [`CountStatements`] hears that and counts for
//! whoever scoped the task. Statements that a request leaves to background tasks are not its own.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::{Layer, filter::Targets, layer::Context, registry::LookupSpan};

const TARGET: &str = "sqlx::query";

tokio::task_local! {
    static COUNT: Arc<AtomicU32>;
}

/// Counts into `count` what `work` sends.
pub async fn counted<F: Future>(count: Arc<AtomicU32>, work: F) -> F::Output {
    COUNT.scope(count, work).await
}

/// The layer that hears of statements. Without it every count stays 0.
pub fn count_statements<S: Subscriber + for<'a> LookupSpan<'a>>() -> impl Layer<S> {
    CountStatements.with_filter(Targets::new().with_target(TARGET, Level::DEBUG))
}

struct CountStatements;

impl<S: Subscriber> Layer<S> for CountStatements {
    fn on_event(&self, _: &Event<'_>, _: Context<'_, S>) {
        // Outside a request nobody counts.
        let _ = COUNT.try_with(|count| count.fetch_add(1, Ordering::Relaxed));
    }
}
