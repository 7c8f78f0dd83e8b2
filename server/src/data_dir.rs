//! The data directory, while one process looks for what is missing in it and makes that.
//!
//! Certificates, demo institutions and their sign-ins are made by whoever finds them missing. Processes that start at once (two nodes
//! of one machine, or an errand beside a server) take turns, so each finds what the one before made.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;

const FILE: &str = ".start.lock";
const AGAIN: Duration = Duration::from_millis(20);

/// Ends when dropped, and however its process ends. The file stays: removing it would let two lock two files of one name.
#[must_use = "the turn ends when this is dropped"]
pub struct Turn(#[expect(dead_code, reason = "held, not read")] File);

/// Waits for as long as others have theirs.
pub async fn turn(data: &Path) -> anyhow::Result<Turn> {
    fs::create_dir_all(data).with_context(|| format!("create {}", data.display()))?;
    let path = data.join(FILE);
    let open = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
    let file = open.with_context(|| format!("open {}", path.display()))?;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Turn(file)),
            // Not a blocking wait: whoever is told to stop meanwhile, stops.
            Err(TryLockError::WouldBlock) => tokio::time::sleep(AGAIN).await,
            Err(TryLockError::Error(error)) => return Err(error).with_context(|| format!("lock {}", path.display())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn turns_are_taken_one_after_the_other() {
        let dir = tempfile::tempdir().unwrap();
        let first = turn(dir.path()).await.unwrap();
        let waiting = turn(dir.path());
        tokio::pin!(waiting);
        assert!(tokio::time::timeout(Duration::from_millis(100), &mut waiting).await.is_err());
        drop(first);
        drop(waiting.await.unwrap());
    }
}
