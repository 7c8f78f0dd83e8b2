use std::{
    fs,
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use super::{Secret, derive, hmac_sha256};
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
    /// Reads the key; makes it (0600) only if `may_create`, that is, when no registry exists yet.
    pub fn open(path: &Path, may_create: bool) -> Result<Self, RootKeyError> {
        let io = |e| RootKeyError::Io(path.to_owned(), e);
        match fs::read(path).map(Zeroizing::new) {
            Ok(found) => {
                if fs::metadata(path).map_err(io)?.permissions().mode() & 0o077 != 0 {
                    return Err(RootKeyError::Permissions(path.to_owned()));
                }
                let bytes: [u8; 32] = found
                    .as_slice()
                    .try_into()
                    .map_err(|_| RootKeyError::Length { path: path.to_owned(), bytes: found.len() })?;
                Ok(Self { bytes: Zeroizing::new(bytes), path: path.to_owned() })
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound && may_create => {
                let bytes = Zeroizing::new(super::random::<32>());
                if let Some(parent) = path.parent() {
                    fs::create_dir_all(parent).map_err(io)?;
                }
                let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(io)?;
                file.write_all(&bytes[..]).and_then(|()| file.sync_all()).map_err(io)?;
                Ok(Self { bytes, path: path.to_owned() })
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => Err(RootKeyError::Missing(path.to_owned())),
            Err(e) => Err(io(e)),
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
