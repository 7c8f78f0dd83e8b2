//! `pec serve`: from nothing to a printed address, and back to nothing on Ctrl-C.

use std::process::ExitCode;

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};

use super::demo;
use crate::{
    config::{Serve, Storage},
    database::{self, Database},
    db::migrate_all,
    edge::listener::Drained,
    serve, telemetry,
};

pub async fn run(storage: &Storage, options: &Serve) -> anyhow::Result<ExitCode> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let metrics = telemetry::init_metrics();
    let (registry, cluster) = Database::open(storage).await?.split();
    let served = async {
        let migrated = migrate_all(&registry).await?;
        for (slug, error) in &migrated.failed {
            tracing::error!(tenant = slug, %error, "this institution could not be migrated and is served as it is");
        }
        let fresh = if options.demo { demo::fill(&registry).await? } else { Default::default() };
        let node = serve::start(storage, options, registry, metrics).await?;
        let sign_ins = if options.demo { demo::sign_ins(&node.app, &storage.data, &fresh).await? } else { Default::default() };
        announce(&node);
        demo::print(node.address.port(), &sign_ins);
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        eprintln!("Finishing what is in flight…");
        anyhow::Ok(node.drain().await)
    };
    let drained = served.await;
    database::stop(cluster).await.context("the embedded database did not stop cleanly")?;
    Ok(match drained? {
        Drained::Complete => ExitCode::SUCCESS,
        Drained::CutOff => ExitCode::FAILURE,
    })
}

fn announce(node: &serve::Node) {
    println!("PEC App is ready: https://demo.localhost:{}", node.address.port());
    if let Some(ca) = &node.ca {
        println!("  It vouches for itself with the certificate authority {}", ca.display());
    }
}
