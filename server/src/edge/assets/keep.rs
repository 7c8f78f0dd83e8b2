//! Keeps the hashed files of the current and the previous build on disk.
//!
//! A build's folder appears by a rename, so a half-copied one is never served; which build is the newer one is
//! told by the time it was last started with.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The current build and the one before it.
const BUILDS_KEPT: usize = 2;
/// Touched at each start; its time orders the builds.
const STAMP: &str = ".started";

/// What a folder is called while it is copied.
const PARTIAL: &str = ".partial-";
/// A copy takes seconds; one as old as this was left behind by a start that was killed.
const ABANDONED: Duration = Duration::from_secs(3600);

/// Copies `source` to `kept/<build_id>` unless it is there, and removes the builds that are too old.
pub(super) fn keep(source: &Path, build_id: &str, kept: &Path) -> io::Result<()> {
    if build_id.is_empty() || !build_id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the build id is no plain name"));
    }
    fs::create_dir_all(kept)?;
    let own = kept.join(build_id);
    if !own.exists() {
        let partial = kept.join(format!("{PARTIAL}{}", std::process::id()));
        remove(&partial)?;
        copy(source, &partial)?;
        match fs::rename(&partial, &own) {
            // Another node on the same folder was faster.
            Err(_) if own.exists() => remove(&partial)?,
            other => other?,
        }
    }
    let stamp = own.join(STAMP);
    fs::write(&stamp, [])?;
    let now = fs::metadata(&stamp)?.modified()?;
    for old in newest_first(kept)?.into_iter().skip(BUILDS_KEPT).chain(abandoned(kept, now)?) {
        remove(&old)?;
    }
    Ok(())
}

/// The kept builds other than `build_id`.
pub(super) fn others(kept: &Path, build_id: &str) -> Vec<PathBuf> {
    let own = kept.join(build_id);
    newest_first(kept).unwrap_or_default().into_iter().filter(|path| *path != own).collect()
}

fn newest_first(kept: &Path) -> io::Result<Vec<PathBuf>> {
    let mut builds: Vec<(SystemTime, PathBuf)> = Vec::new();
    for entry in fs::read_dir(kept)?.flatten() {
        if let Ok(stamp) = fs::metadata(entry.path().join(STAMP)) {
            builds.push((stamp.modified()?, entry.path()));
        }
    }
    builds.sort_by(|a, b| b.cmp(a));
    Ok(builds.into_iter().map(|(_, path)| path).collect())
}

/// Half-copied builds that nobody finishes. Another node may be copying into a younger one.
fn abandoned(kept: &Path, now: SystemTime) -> io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(kept)?.flatten() {
        let partial = entry.file_name().as_encoded_bytes().starts_with(PARTIAL.as_bytes());
        // One that vanishes meanwhile was finished or removed by somebody else.
        if partial && let Ok(changed) = entry.metadata().and_then(|found| found.modified()) {
            let age = now.duration_since(changed).unwrap_or_default();
            if age > ABANDONED {
                folders.push(entry.path());
            }
        }
    }
    Ok(folders)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
