//! The front end: its packages and `next build`, each only when something it depends on changed.

use anyhow::Result;
use tokio::process::Command;

use crate::fingerprint::Stamp;
use crate::run::{self, Progress};
use crate::workspace::Workspace;

/// What the pages are built from. A name that does not exist (yet) counts as absent.
const SOURCES: [&str; 13] = [
    "app",
    "components",
    "lib",
    "public",
    "shared",
    "package.json",
    "package-lock.json",
    "next.config.ts",
    "tsconfig.json",
    "postcss.config.mjs",
    "postcss.config.js",
    "instrumentation-client.ts",
    ".env.production",
];

/// A command, and the stamp to set once it succeeded.
pub struct Work {
    command: Command,
    stamp: Stamp,
}

impl Work {
    /// Under a progress line.
    pub async fn run(self, progress: &Progress, label: &str) -> Result<()> {
        progress.run(label, self.command).await?;
        self.stamp.set()
    }

    /// With its output shown.
    pub async fn shown(self) -> Result<()> {
        run::shown(self.command).await?;
        self.stamp.set()
    }
}

/// The locked packages, unless the lock file is the one that was installed last.
pub fn install(workspace: &Workspace) -> Result<Option<Work>> {
    let file = workspace.notes()?.join("npm.stamp");
    let stamp = Stamp::of(workspace.root(), file, &["package-lock.json", ".npmrc"], &embedded_postgres::platform())?;
    let there = workspace.path("node_modules/.package-lock.json").is_file();
    if there && stamp.is_current() {
        return Ok(None);
    }
    stamp.clear()?;
    // Not `npm ci`: it refuses a lock file that lacks optional binaries of other platforms, which is what npm writes wherever a
    // registry does not carry them. This installs exactly what is locked as well, and changes no file.
    let command = workspace.npm(["install", "--no-save", "--no-audit", "--no-fund"]);
    Ok(Some(Work { command, stamp }))
}

/// `next build`, unless the last one saw the same sources.
pub fn build(workspace: &Workspace) -> Result<Option<Work>> {
    let file = workspace.notes()?.join("web.stamp");
    // Variables that change what is built.
    let extra = ["PEC_URL", "PSEUDO_LOCALE"].map(|name| std::env::var(name).unwrap_or_default()).join("|");
    let stamp = Stamp::of(workspace.root(), file, &SOURCES, &extra)?;
    let there = workspace.path(".next/BUILD_ID").is_file();
    if there && stamp.is_current() {
        return Ok(None);
    }
    stamp.clear()?;
    let command = workspace.npm(["run", "build"]);
    Ok(Some(Work { command, stamp }))
}
