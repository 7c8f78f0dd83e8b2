//! Where everything of one private cluster lives below the data directory, and its small state files.
//!
//! ```text
//! <data>/postgres/
//!   lock                 flock of the process that runs the cluster
//!   shared.lock          a second flock of that process while others may use the cluster beside it
//!   bin-<version>/       bin lib share, copied once from the npm package
//!   cluster/             PGDATA; owned by the user PostgreSQL runs as
//!   log/                 one log per weekday; same owner
//!   start.log            what PostgreSQL said before that log was open
//!   postgresql.conf      written on every start
//!   local.conf           read after it, if the operator makes one
//!   password-postgres    the superuser's; 0600
//!   password-pec         the application's; 0600
//!   port                 the port of the last start
//! ```
//!
//! Started as root, nothing is ever written inside the two folders another user owns: a link planted there would
//! turn our write against the system.

use std::fs::{self, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, chown};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::user::RunAs;

/// Bytes shown from the end of a log in an error.
const LOG_TAIL: u64 = 4_000;

#[derive(Debug, Clone)]
pub(crate) struct Layout {
    root: PathBuf,
}

impl Layout {
    /// Creates `<data>` and `<data>/postgres` when missing and resolves links, because PostgreSQL compares paths.
    pub fn open(data_dir: &Path) -> Result<Self, Error> {
        let root = data_dir.join("postgres");
        // 0711: the unprivileged user must pass through, and has no business listing.
        fs::DirBuilder::new().recursive(true).mode(0o711).create(&root).map_err(Error::io("create", &root))?;
        let root = root.canonicalize().map_err(Error::io("resolve", &root))?;
        Ok(Self { root })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }
    pub fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }
    pub fn shared_lock(&self) -> PathBuf {
        self.root.join("shared.lock")
    }
    pub fn binaries(&self, version: &str) -> PathBuf {
        self.root.join(format!("bin-{version}"))
    }
    pub fn cluster(&self) -> PathBuf {
        self.root.join("cluster")
    }
    pub fn new_cluster(&self) -> PathBuf {
        self.root.join("cluster.new")
    }
    pub fn logs(&self) -> PathBuf {
        self.root.join("log")
    }
    pub fn start_log(&self) -> PathBuf {
        self.root.join("start.log")
    }
    pub fn pid_file(&self) -> PathBuf {
        self.cluster().join("postmaster.pid")
    }
    pub fn config(&self) -> PathBuf {
        self.root.join("postgresql.conf")
    }
    pub fn setup_password(&self) -> PathBuf {
        self.root.join("setup-password")
    }
    fn port_file(&self) -> PathBuf {
        self.root.join("port")
    }

    pub fn remembered_port(&self) -> Option<u16> {
        fs::read_to_string(self.port_file()).ok()?.trim().parse().ok()
    }

    pub fn remember_port(&self, port: u16) -> Result<(), Error> {
        let path = self.port_file();
        fs::write(&path, format!("{port}\n")).map_err(Error::io("write", &path))
    }

    /// The password of a role: 192 random bits, made on first use, in a file only its owner may read.
    pub fn password(&self, role: &str) -> Result<String, Error> {
        let path = self.root.join(format!("password-{role}"));
        if let Ok(found) = fs::read_to_string(&path)
            && found.trim().len() == 48
        {
            return Ok(found.trim().to_owned());
        }
        let mut bytes = [0_u8; 24];
        fs::File::open("/dev/urandom")
            .and_then(|mut source| source.read_exact(&mut bytes))
            .map_err(Error::io("read", "/dev/urandom"))?;
        let password: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        write_private(&path, &password)?;
        Ok(password)
    }

    /// Makes a directory that the user PostgreSQL runs as owns.
    pub fn owned_dir(&self, path: &Path, run_as: &RunAs) -> Result<(), Error> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(Error::io("create", path))?;
        run_as.own(path)
    }

    /// The end of what PostgreSQL said last: its own log, after what it said before that log was open.
    pub fn log_tail(&self) -> String {
        let newest = fs::read_dir(self.logs())
            .ok()
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|ext| ext == "log"))
            .max_by_key(|path| fs::metadata(path).map(|meta| (meta.mtime(), meta.mtime_nsec())).ok());
        let mut text = tail(&self.start_log());
        if let Some(path) = newest {
            text.push_str(&tail(&path));
        }
        if text.is_empty() {
            text.push_str("(nothing)");
        }
        text
    }
}

/// Replaces `path` in one step with a file of mode 0600.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<(), Error> {
    let partial = path.with_extension("partial");
    let write = || {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&partial)?;
        writeln!(file, "{text}")?;
        file.sync_all()?;
        fs::rename(&partial, path)
    };
    write().map_err(Error::io("write", path))
}

/// Gives `path` to a user; only root can.
pub(crate) fn give(path: &Path, uid: u32, gid: u32) -> Result<(), Error> {
    chown(path, Some(uid), Some(gid)).map_err(Error::io("change the owner of", path))
}

fn tail(path: &Path) -> String {
    let read = || -> std::io::Result<String> {
        let mut file = fs::File::open(path)?;
        let start = file.metadata()?.len().saturating_sub(LOG_TAIL);
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        file.take(LOG_TAIL).read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    // A log that cannot be read must not hide the error it was to explain.
    read().unwrap_or_default()
}
