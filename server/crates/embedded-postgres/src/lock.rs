//! One process at a time runs the cluster of a data directory.
//!
//! The lock is a `flock`, so the kernel releases it however its holder ends; the text in the file only says who it is.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

use crate::error::Error;

/// Held until dropped. The file stays: removing it would let two holders lock two files of one name.
#[derive(Debug)]
pub(crate) struct DirLock {
    _file: File,
}

impl DirLock {
    pub fn take(path: &Path, data_dir: &Path) -> Result<Self, Error> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .map_err(Error::io("open", path))?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                let mut holder = String::new();
                // Whoever holds it may be between locking and writing its name.
                let _ = file.take(200).read_to_string(&mut holder);
                let holder = match holder.trim() {
                    "" => "another process".to_owned(),
                    name => name.to_owned(),
                };
                return Err(Error::Locked { path: data_dir.to_path_buf(), holder });
            }
            Err(errno) => return Err(Error::io("lock", path)(errno.into())),
        }
        let program = std::env::current_exe()
            .ok()
            .and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
            .unwrap_or_else(|| "a process".to_owned());
        let name = format!("{program} (pid {})\n", std::process::id());
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(name.as_bytes()))
            .map_err(Error::io("write", path))?;
        Ok(Self { _file: file })
    }

    /// Whether somebody holds it now.
    pub fn is_held(path: &Path) -> bool {
        let Ok(file) = File::open(path) else { return false };
        matches!(flock(&file, FlockOperation::NonBlockingLockShared), Err(rustix::io::Errno::WOULDBLOCK))
    }

    /// For a lock that nobody else takes: whoever looks whether it is held has it for a moment.
    pub async fn take_own(path: &Path, data_dir: &Path) -> Result<Self, Error> {
        let mut tries = 0;
        loop {
            match Self::take(path, data_dir) {
                Err(Error::Locked { .. }) if tries < 100 => tries += 1,
                result => return result,
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_taker_learns_who_holds_it() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let path = dir.path().join("lock");
        let first = DirLock::take(&path, dir.path()).expect("free");
        match DirLock::take(&path, dir.path()) {
            Err(Error::Locked { holder, .. }) => {
                assert!(holder.ends_with(&format!("(pid {})", std::process::id())), "{holder}");
            }
            other => panic!("{other:?}"),
        }
        assert!(DirLock::is_held(&path));
        drop(first);
        assert!(!DirLock::is_held(&path) && !DirLock::is_held(&dir.path().join("none")));
        DirLock::take(&path, dir.path()).expect("free again");
    }
}
