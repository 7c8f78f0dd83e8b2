//! `pec serve`: from nothing to a printed address, and back to nothing on Ctrl-C.

use std::process::ExitCode;

use anyhow::Context;

use super::{demo, trust};
use crate::{
    config::{Serve, Storage},
    data_dir,
    database::{self, Database, Purpose},
    db::{Registry, migrate_all},
    edge::listener::Drained,
    serve,
    signals::Stop,
    telemetry,
};

pub async fn run(storage: &Storage, options: &Serve) -> anyhow::Result<ExitCode> {
    let stop = Stop::on_signals()?;
    let metrics = telemetry::init_metrics();
    let (registry, cluster) = Database::open(storage, Purpose::Server, &stop).await?.split();
    let served = async {
        // Cut short anywhere: transactions roll back, and the next start finds what is there.
        let started = tokio::select! {
            started = start(storage, options, registry, metrics) => started?,
            () = stop.requested() => return Ok(None),
        };
        stop.requested().await;
        eprintln!("Finishing what is in flight… (again: end at once)");
        anyhow::Ok(Some(started.drain().await))
    };
    let drained = served.await;
    database::stop_cluster(cluster).await.context("the embedded database did not stop cleanly")?;
    Ok(match drained? {
        Some(Drained::Complete) => ExitCode::SUCCESS,
        Some(Drained::CutOff) | None => ExitCode::FAILURE,
    })
}

async fn start(
    storage: &Storage,
    options: &Serve,
    registry: Registry,
    metrics: metrics_exporter_prometheus::PrometheusHandle,
) -> anyhow::Result<serve::Node> {
    let _turn = data_dir::turn(&storage.data).await?;
    let migrated = migrate_all(&registry).await?;
    for (slug, error) in &migrated.failed {
        tracing::error!(tenant = slug, %error, "this institution could not be migrated and is served as it is");
    }
    if options.demo {
        demo::fill(&registry).await?;
    }
    // Others may have made institutions while this process waited for its turn.
    registry.refresh().await?;
    let node = serve::start(storage, options, registry, metrics).await?;
    let sign_ins = match options.demo {
        true => demo::sign_ins(&node.app, &storage.data, &demo::SLUGS).await?,
        false => Default::default(),
    };
    announce(&node);
    demo::print(node.address.port(), &sign_ins);
    Ok(node)
}

fn announce(node: &serve::Node) {
    println!("PEC App is ready: https://demo.localhost:{}", node.address.port());
    if let Some(ca) = &node.ca {
        for line in trust::lines(&ca.path, ca.authority, cfg!(target_os = "macos")) {
            println!("  {line}");
        }
    }
}
