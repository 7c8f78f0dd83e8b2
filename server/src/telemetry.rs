//! Logs and metrics. Logs never hold secrets, names, message bodies or positions.

pub mod statements;

use std::io::IsTerminal;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, util::SubscriberInitExt};

/// JSON lines for machines, short lines for a terminal. `PEC_LOG` takes the usual filter syntax.
pub fn init_logs() {
    let filter = EnvFilter::try_from_env("PEC_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let terminal = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let registry = tracing_subscriber::registry().with(statements::count_statements());
    if terminal {
        registry.with(lines.with_target(false).compact().with_filter(filter)).init();
    } else {
        registry.with(lines.json().flatten_event(true).with_filter(filter)).init();
    }
}

/// The process-wide metrics, rendered by `/metrics`.
pub fn init_metrics() -> PrometheusHandle {
    let seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &seconds)
        .expect("the buckets are not empty")
        .install_recorder()
        .expect("the recorder is installed once, by main")
}
