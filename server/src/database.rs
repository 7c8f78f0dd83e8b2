//! Where the records are: the operator's PostgreSQL, or one of our own in the data directory.

use embedded_postgres::{Cluster, ClusterOptions, Error, Event, running_url};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    config::Storage,
    db::{Clock, Registry, RegistryOptions},
};

/// A registry and, if we run it ourselves, the cluster below it.
pub struct Database {
    pub registry: Registry,
    cluster: Option<Cluster>,
}

impl Database {
    /// Connects; without `--database-url` the embedded cluster is started first, or joined if another `pec` runs it.
    pub async fn open(storage: &Storage) -> anyhow::Result<Self> {
        let (database_url, cluster) = match &storage.database_url {
            Some(url) => (url.clone(), None),
            None => embedded(storage).await?,
        };
        let options = RegistryOptions {
            database_url,
            root_key: storage.root_key_path(),
            key_dir: storage.key_dir(),
            clock: Clock::system(),
            connections: storage.connections.into(),
        };
        match Registry::open(options).await {
            Ok(registry) => Ok(Self { registry, cluster }),
            Err(error) => {
                if let Some(cluster) = cluster {
                    cluster.stop().await.ok();
                }
                Err(error.into())
            }
        }
    }

    /// Closes every pool, then stops the cluster if it is ours.
    pub async fn close(self) -> anyhow::Result<()> {
        self.registry.close().await;
        stop(self.cluster).await
    }

    /// For a server that keeps the registry in its own state.
    pub fn split(self) -> (Registry, Option<Cluster>) {
        (self.registry, self.cluster)
    }
}

pub async fn stop(cluster: Option<Cluster>) -> anyhow::Result<()> {
    if let Some(cluster) = cluster {
        cluster.stop().await?;
    }
    Ok(())
}

async fn embedded(storage: &Storage) -> anyhow::Result<(String, Option<Cluster>)> {
    let spinner = ProgressBar::new_spinner().with_style(ProgressStyle::with_template("{spinner} {msg}")?);
    spinner.enable_steady_tick(std::time::Duration::from_millis(120));
    let shown = spinner.clone();
    let options = ClusterOptions::new(&storage.data).binaries(storage.postgres.clone()).observer(move |event| match event {
        Event::CopyingBinaries { version } => shown.set_message(format!("Copying PostgreSQL {version} into the data directory")),
        Event::Initializing => shown.set_message("Setting up the database"),
        Event::Starting { .. } => shown.set_message("Starting the database"),
        Event::Lost { log } => tracing::error!(log, "PostgreSQL ended unexpectedly; starting it again"),
        Event::GaveUp { reason } => tracing::error!(reason, "PostgreSQL can't be kept running"),
        _ => {}
    });
    let started = Cluster::start(options).await;
    spinner.finish_and_clear();
    match started {
        Ok(cluster) => Ok((cluster.url(), Some(cluster))),
        // `pec serve` runs it: errands beside it use the same cluster.
        Err(Error::Locked { path, holder }) => match running_url(&storage.data) {
            Some(url) => Ok((url, None)),
            None => Err(Error::Locked { path, holder }.into()),
        },
        Err(error) => Err(error.into()),
    }
}
