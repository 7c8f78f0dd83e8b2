//! `prepare`: what `query!` learned from a database, kept in `.sqlx` so that builds need none.

use std::collections::BTreeMap;
use std::fs::{self, File, FileTimes};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::fingerprint::contents;
use crate::workspace::Workspace;
use crate::{clusters, run};

pub async fn prepare(workspace: &Workspace, check: bool) -> Result<ExitCode> {
    let fresh = describe(workspace).await?;
    let kept = contents(workspace.root(), &[".sqlx"])?;
    let kept: BTreeMap<PathBuf, Vec<u8>> =
        kept.into_iter().filter_map(|(path, bytes)| Some((PathBuf::from(path.file_name()?), bytes))).collect();
    if fresh == kept {
        println!(".sqlx is current: {} queries", fresh.len());
        return Ok(ExitCode::SUCCESS);
    }
    if check {
        let stale = kept.keys().filter(|name| fresh.get(*name) != kept.get(*name)).count();
        let new = fresh.keys().filter(|name| !kept.contains_key(*name)).count();
        bail!(".sqlx does not describe these queries and migrations ({new} missing, {stale} stale): run `cargo xtask prepare`");
    }
    write(&workspace.path(".sqlx"), &fresh, &kept)?;
    println!(".sqlx written: {} queries", fresh.len());
    Ok(ExitCode::SUCCESS)
}

/// Compiles the server against a template institution and collects what each query turned out to be.
async fn describe(workspace: &Workspace) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let cluster = clusters::start(workspace, "prepare", true).await?;
    let result = async {
        let url = clusters::template(workspace, &cluster).await?;
        let out = workspace.notes()?.join("sqlx");
        if out.exists() {
            fs::remove_dir_all(&out).with_context(|| format!("empty {}", out.display()))?;
        }
        fs::create_dir_all(&out).with_context(|| format!("create {}", out.display()))?;
        let mut command = workspace.cargo(["check", "--workspace", "--all-targets", "--locked"]);
        command.env("DATABASE_URL", url).env("SQLX_OFFLINE", "false").env("SQLX_OFFLINE_DIR", &out);
        let touched = Touched::sources(workspace)?;
        let checked = run::shown(command).await;
        touched.restore()?;
        checked?;
        let found = contents(&out, &["."])?;
        Ok(found.into_iter().filter_map(|(path, bytes)| Some((PathBuf::from(path.file_name()?), bytes))).collect())
    }
    .await;
    cluster.stop().await?;
    result
}

/// Writes only what differs, and removes what no query needs any more.
fn write(dir: &Path, fresh: &BTreeMap<PathBuf, Vec<u8>>, kept: &BTreeMap<PathBuf, Vec<u8>>) -> Result<()> {
    fs::create_dir_all(dir).with_context(|| format!("create {}", dir.display()))?;
    for (name, bytes) in fresh {
        if kept.get(name) != Some(bytes) {
            fs::write(dir.join(name), bytes).with_context(|| format!("write {}", name.display()))?;
        }
    }
    for name in kept.keys().filter(|name| !fresh.contains_key(*name)) {
        fs::remove_file(dir.join(name)).with_context(|| format!("remove {}", name.display()))?;
    }
    Ok(())
}

/// Cargo does not know that a query depends on the database, so the roots of every target look changed for one check.
/// Afterwards they have their old times again, or the builds that follow would all be done twice.
struct Touched {
    files: Vec<(PathBuf, SystemTime)>,
}

impl Touched {
    fn sources(workspace: &Workspace) -> Result<Self> {
        let mut touched = Self { files: Vec::new() };
        for name in ["server/src/lib.rs", "server/src/main.rs", "server/tests/it/main.rs"] {
            let path = workspace.path(name);
            let old = fs::metadata(&path).and_then(|meta| meta.modified()).with_context(|| format!("look at {name}"))?;
            set_time(&path, now(workspace)?)?;
            touched.files.push((path, old));
        }
        Ok(touched)
    }

    fn restore(mut self) -> Result<()> {
        self.files.drain(..).try_for_each(|(path, old)| set_time(&path, old))
    }
}

impl Drop for Touched {
    fn drop(&mut self) {
        for (path, old) in self.files.drain(..) {
            // Interrupted: the cost of a wrong time is one needless build.
            let _ = set_time(&path, old);
        }
    }
}

/// The file system's idea of now, which is what Cargo compares.
fn now(workspace: &Workspace) -> Result<SystemTime> {
    let file = workspace.notes()?.join("now");
    fs::write(&file, "").and_then(|()| fs::metadata(&file)?.modified()).with_context(|| format!("write {}", file.display()))
}

fn set_time(path: &Path, time: SystemTime) -> Result<()> {
    File::options()
        .write(true)
        .open(path)
        .and_then(|file| file.set_times(FileTimes::new().set_modified(time)))
        .with_context(|| format!("set the time of {}", path.display()))
}
