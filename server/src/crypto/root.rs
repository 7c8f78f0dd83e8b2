use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use super::{Secret, derive, files, hmac_sha256};
use zeroize::Zeroizing;

#[derive(Debug, thiserror::Error)]
pub enum RootKeyError {
    #[error(
        "the root key {0} is missing. This installation already has institutions, whose records are sealed under it: \
         put the key file back from its safe place. pec never makes a second one"
    )]
    Missing(PathBuf),
    #[error("the root key {path} has {bytes} bytes instead of 32: restore the original file")]
    Length { path: PathBuf, bytes: usize },
    #[error("the root key {0} can be read by others: run `chmod 600` on it and find out who did")]
    Permissions(PathBuf),
    #[error("the root key {0} is not the one this installation was made with")]
    Wrong(PathBuf),
    #[error("the root key {0} can't be read or written: {1}")]
    Io(PathBuf, #[source] io::Error),
}

/// The one secret an installation can't do without.
pub struct RootKey {
    bytes: Secret,
    path: PathBuf,
}

impl RootKey {
    /// Reads the key; makes it (0600) only if `may_create`, that is, when no registry exists yet. Of two that make it at the same
    /// time, one wins and both use its key.
    pub fn open(path: &Path, may_create: bool) -> Result<Self, RootKeyError> {
        match fs::read(path).map(Zeroizing::new) {
            Ok(found) => Self::found(path, &found),
            Err(e) if e.kind() == io::ErrorKind::NotFound && may_create => Self::make(path),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Err(RootKeyError::Missing(path.to_owned())),
            Err(e) => Err(RootKeyError::Io(path.to_owned(), e)),
        }
    }

    fn found(path: &Path, found: &[u8]) -> Result<Self, RootKeyError> {
        let metadata = fs::metadata(path).map_err(|e| RootKeyError::Io(path.to_owned(), e))?;
        if metadata.permissions().mode() & 0o077 != 0 {
            return Err(RootKeyError::Permissions(path.to_owned()));
        }
        let bytes: [u8; 32] = found.try_into().map_err(|_| RootKeyError::Length { path: path.to_owned(), bytes: found.len() })?;
        Ok(Self { bytes: Zeroizing::new(bytes), path: path.to_owned() })
    }

    fn make(path: &Path) -> Result<Self, RootKeyError> {
        let bytes = Zeroizing::new(super::random::<32>());
        match files::write_new(path, &bytes[..]) {
            Ok(()) => Ok(Self { bytes, path: path.to_owned() }),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Self::open(path, false),
            Err(e) => Err(RootKeyError::Io(path.to_owned(), e)),
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Stored in the registry at birth, so that a foreign key file is refused before it touches anything.
    pub fn check_value(&self) -> [u8; 32] {
        hmac_sha256(&self.bytes, &[b"pec root key check"])
    }

    pub fn derive(&self, label: &str, context: &[u8]) -> Secret {
        derive(&self.bytes, label, context)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b/root.key");
        let made = RootKey::open(&path, true).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(RootKey::open(&path, false).unwrap().check_value(), made.check_value());
        assert_eq!(RootKey::open(&path, true).unwrap().check_value(), made.check_value());
        let names: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["root.key"], "no draft is left");
    }

    #[test]
    fn a_missing_key_of_an_installation_is_not_made_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("root.key");
        assert!(matches!(RootKey::open(&path, false), Err(RootKeyError::Missing(_))));
        assert!(!path.exists());
    }

    #[test]
    fn a_damaged_or_open_key_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("root.key");
        let write = |bytes: &[u8], mode: u32| {
            fs::write(&path, bytes).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        };
        for bytes in [0, 31, 33] {
            write(&vec![7; bytes], 0o600);
            let found = RootKey::open(&path, true).err();
            assert!(matches!(found, Some(RootKeyError::Length { bytes: found, .. }) if found == bytes), "{bytes}");
            assert_eq!(fs::read(&path).unwrap().len(), bytes);
        }
        for mode in [0o640, 0o604, 0o660] {
            write(&[7; 32], mode);
            assert!(matches!(RootKey::open(&path, true), Err(RootKeyError::Permissions(_))), "{mode:o}");
        }
        write(&[7; 32], 0o400);
        assert!(RootKey::open(&path, false).is_ok());
    }

    #[test]
    fn two_who_make_the_key_at_once_get_the_same() {
        for _ in 0..20 {
            let dir = tempfile::tempdir().unwrap();
            let (path, start) = (dir.path().join("data/root.key"), Barrier::new(8));
            let checks: Vec<[u8; 32]> = std::thread::scope(|scope| {
                let one = || {
                    start.wait();
                    RootKey::open(&path, true).unwrap().check_value()
                };
                let all: Vec<_> = (0..8).map(|_| scope.spawn(one)).collect();
                all.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            assert!(checks.iter().all(|check| *check == checks[0]));
        }
    }
}
