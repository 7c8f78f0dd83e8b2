//! Where the records are: the operator's PostgreSQL, or one of our own in the data directory.

use std::time::{Duration, Instant};

use anyhow::Context;
use embedded_postgres::{Cluster, ClusterOptions, Error, Event, running_url};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    config::Storage,
    db::{Clock, Registry, RegistryOptions},
    signals::Stop,
};

/// How long a command waits for another one that has the private database to itself.
const LOCK_PATIENCE: Duration = Duration::from_secs(120);

/// Who asks for the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// `pec serve`: runs the private cluster itself, and lets errands use it.
    Server,
    /// Any other command: joins the server's cluster, or runs it alone until its own end.
    Errand,
}

/// A registry and, if we run it ourselves, the cluster below it.
pub struct Database {
    pub registry: Registry,
    cluster: Option<Cluster>,
}

impl Database {
    /// Connects; without `--database-url` the embedded cluster is started first, or joined if a server runs it. Gives up when
    /// told to stop, with nothing left running.
    pub async fn open(storage: &Storage, purpose: Purpose, stop: &Stop) -> anyhow::Result<Self> {
        let (database_url, cluster) = match &storage.database_url {
            Some(url) => (url.clone(), None),
            None => embedded(storage, purpose, stop).await?,
        };
        let options = RegistryOptions {
            database_url,
            root_key: storage.root_key_path(),
            key_dir: storage.key_dir(),
            clock: Clock::system(),
            connections: storage.connections.into(),
        };
        let opened = tokio::select! {
            opened = Registry::open(options) => opened.map_err(anyhow::Error::from),
            () = stop.requested() => Err(anyhow::anyhow!("stopped before the database was open")),
        };
        match opened {
            Ok(registry) => Ok(Self { registry, cluster }),
            Err(error) => {
                stop_cluster(cluster).await.ok();
                Err(error)
            }
        }
    }

    /// Closes every pool, then stops the cluster if it is ours.
    pub async fn close(self) -> anyhow::Result<()> {
        self.registry.close().await;
        stop_cluster(self.cluster).await
    }

    /// For a server that keeps the registry in its own state.
    pub fn split(self) -> (Registry, Option<Cluster>) {
        (self.registry, self.cluster)
    }
}

pub async fn stop_cluster(cluster: Option<Cluster>) -> anyhow::Result<()> {
    if let Some(cluster) = cluster {
        cluster.stop().await?;
    }
    Ok(())
}

async fn embedded(storage: &Storage, purpose: Purpose, stop: &Stop) -> anyhow::Result<(String, Option<Cluster>)> {
    let since = Instant::now();
    let mut waiting = false;
    loop {
        let (path, holder) = match start(storage, purpose).await {
            Ok(cluster) => return Ok((cluster.url(), Some(cluster))),
            Err(Error::Locked { path, holder }) => (path, holder),
            Err(error) => return Err(error.into()),
        };
        match (running_url(&storage.data), purpose) {
            (Some(url), Purpose::Errand) => return Ok((url, None)),
            (Some(_), Purpose::Server) => return Err(Error::Locked { path, holder }).context("another server is running"),
            (None, _) => {}
        }
        // An errand stops the cluster at its end, so nobody uses it meanwhile; and a server that starts is ready in a moment.
        anyhow::ensure!(since.elapsed() < LOCK_PATIENCE, Error::Locked { path, holder });
        if !waiting {
            eprintln!("Waiting for {holder}, which uses the database alone…");
            waiting = true;
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(250)) => {}
            () = stop.requested() => anyhow::bail!("stopped while waiting for {holder}"),
        }
    }
}

/// Not interrupted: it has bounds of its own, and a server half started would be left without an owner.
async fn start(storage: &Storage, purpose: Purpose) -> Result<Cluster, Error> {
    let style = ProgressStyle::with_template("{spinner} {msg}").expect("the template is one");
    let spinner = ProgressBar::new_spinner().with_style(style);
    spinner.enable_steady_tick(Duration::from_millis(120));
    let shown = spinner.clone();
    let options = ClusterOptions::new(&storage.data)
        .binaries(storage.postgres.clone())
        .shared(purpose == Purpose::Server)
        .observer(move |event| match event {
            Event::CopyingBinaries { version } => {
                shown.set_message(format!("Copying PostgreSQL {version} into the data directory"));
            }
            Event::Initializing => shown.set_message("Setting up the database"),
            Event::Starting { .. } => shown.set_message("Starting the database"),
            Event::Lost { log } => tracing::error!(log, "PostgreSQL ended unexpectedly; starting it again"),
            Event::GaveUp { reason } => tracing::error!(reason, "PostgreSQL can't be kept running"),
            _ => {}
        });
    let started = Cluster::start(options).await;
    spinner.finish_and_clear();
    started
}
