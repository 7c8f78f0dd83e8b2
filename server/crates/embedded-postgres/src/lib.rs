//! A private PostgreSQL 16 cluster in a data directory.
//!
//! Invariants:
//! - One process at a time runs the cluster of a data directory (`flock`); another may join it only while that one says so.
//! - The server never runs as root, listens on 127.0.0.1 alone, and every sign-in takes a SCRAM password.
//! - The application's role owns its database and may create roles; it is no superuser.
//! - The server outlives a killed parent, and the next start adopts it; it ends with [`Cluster::stop`].
//! - Every wait has a bound, and its error carries the end of the server's log.
//!
//! The crate knows nothing of schemas, tenants or migrations, and signs in nowhere itself. Unix only.

#[cfg(not(unix))]
compile_error!("the embedded cluster needs Unix; elsewhere use an external PostgreSQL 16");

mod binaries;
mod config;
mod error;
mod init;
mod layout;
mod lock;
mod options;
mod postmaster;
mod start;
mod supervisor;
mod user;

pub use binaries::{npm_package, platform};
pub use error::Error;
pub use options::{ClusterOptions, Event, Observer};

use std::path::Path;
use std::sync::Arc;

use init::{APPLICATION, SUPERUSER};
use layout::Layout;
use lock::DirLock;
use start::Starter;
use supervisor::Supervisor;
use user::RunAs;

/// Whether a cluster could live in `data_dir` (which need not exist): as root, another user must be able to get there.
///
/// # Errors
/// [`Error::NotTraversable`] with the folder that is closed, or [`Error::NoUnprivilegedUser`].
pub fn check_data_dir(data_dir: &Path) -> Result<(), Error> {
    let there = data_dir.ancestors().find(|dir| dir.is_dir()).unwrap_or(Path::new("/"));
    let there = there.canonicalize().map_err(Error::io("resolve", there))?;
    RunAs::resolve(&data_dir.join("postgres/cluster"))?.check_reach(&there)
}

/// A running cluster. Dropping it asks the server to stop without waiting; [`Cluster::stop`] waits.
pub struct Cluster {
    // Declared before the lock, so that the server is told to stop before another process may look for it.
    supervisor: Supervisor,
    port: u16,
    adopted: bool,
    application_password: String,
    superuser_password: String,
    /// Held while others may use the cluster.
    shared: Option<DirLock>,
    _lock: DirLock,
}

impl Cluster {
    /// Sets up what is missing, then adopts or starts the server and waits until it takes connections.
    ///
    /// # Errors
    /// Everything in [`Error`]; nothing keeps running after one.
    pub async fn start(options: ClusterOptions) -> Result<Self, Error> {
        let layout = Layout::open(&options.data_dir)?;
        let lock = DirLock::take(&layout.lock(), &options.data_dir)?;
        let run_as = RunAs::resolve(&layout.cluster())?;
        run_as.check_reach(layout.root())?;
        let programs = binaries::provide(&layout, &options)?;
        init::ensure(&layout, &programs, &run_as, &options).await?;
        layout.owned_dir(&layout.logs(), &run_as)?;
        let application_password = layout.password(APPLICATION)?;
        let superuser_password = layout.password(SUPERUSER)?;
        let starter = Starter { layout, programs, run_as, options };
        let adopted = starter.adopt().await?;
        let was_adopted = adopted.is_some();
        let (postmaster, port) = match adopted {
            Some(running) => running,
            None => {
                let started = starter.launch(None).await?;
                binaries::forget_others(&starter.layout, &starter.programs);
                started
            }
        };
        let shared = match starter.options.shared {
            true => Some(DirLock::take_own(&starter.layout.shared_lock(), &starter.options.data_dir).await?),
            false => None,
        };
        Ok(Self {
            supervisor: Supervisor::watch(Arc::new(starter), postmaster, port),
            port,
            adopted: was_adopted,
            application_password,
            superuser_password,
            shared,
            _lock: lock,
        })
    }

    /// The application's database as the role that owns it (LOGIN, CREATEROLE, no superuser).
    pub fn url(&self) -> String {
        self.url_of(APPLICATION, &self.application_password)
    }

    /// The same database as the superuser. For tests; the product never needs it.
    pub fn superuser_url(&self) -> String {
        self.url_of(SUPERUSER, &self.superuser_password)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The server's process id now; it changes when the supervisor had to restart it.
    pub fn pid(&self) -> i32 {
        self.supervisor.pid()
    }

    /// Whether this start took over a server that was still running.
    pub fn adopted(&self) -> bool {
        self.adopted
    }

    /// Fast shutdown: ends sessions, writes everything, waits until the server is gone.
    ///
    /// # Errors
    /// [`Error::Timeout`] when even an immediate shutdown did not end it.
    pub async fn stop(mut self) -> Result<(), Error> {
        // Nobody joins a cluster that is going away.
        self.shared = None;
        self.supervisor.stop().await
    }

    fn url_of(&self, role: &str, password: &str) -> String {
        // Passwords are hexadecimal: nothing to escape.
        format!("postgres://{role}:{password}@127.0.0.1:{}/{APPLICATION}", self.port)
    }
}

/// The URL of a cluster that another process runs in this data directory and lets others use, for an errand beside it. `None`
/// when nobody does: whoever holds the directory for an errand of its own stops the cluster at its end.
pub fn running_url(data_dir: &std::path::Path) -> Option<String> {
    let layout = Layout::open(data_dir).ok()?;
    if !DirLock::is_held(&layout.shared_lock()) {
        return None;
    }
    let (port, password) = (layout.remembered_port()?, layout.password(APPLICATION).ok()?);
    Some(format!("postgres://{APPLICATION}:{password}@127.0.0.1:{port}/{APPLICATION}"))
}
