use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{RootKey, Secret, derive, files, random};

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the key of {0} has been destroyed or never existed")]
    Absent(Uuid),
    #[error("the key file {0} does not open under this installation's keys")]
    Unreadable(PathBuf),
    #[error("the key store failed at {0}: {1}")]
    Io(PathBuf, #[source] io::Error),
    #[error("a sealed value does not open: it was changed, or moved from another place")]
    Sealed,
}

/// Key files in a directory of their own: `tenant/<id>` wrapped under the root key, `subject/<tenant>/<aa>/<id>` wrapped under
/// the tenant's. Never inside PostgreSQL, never in a backup.
pub struct KeyStore {
    dir: PathBuf,
    wrapping: Secret,
}

impl KeyStore {
    pub fn new(dir: PathBuf, root: &RootKey) -> Self {
        Self { dir, wrapping: root.derive("tenant-key-wrapping", &[]) }
    }

    pub fn create_tenant(self: &Arc<Self>, tenant: Uuid) -> Result<TenantKeys, KeyError> {
        let key = Zeroizing::new(random::<32>());
        write_new(&self.tenant_path(tenant), &wrap(&self.wrapping, tenant, &key))?;
        Ok(self.keys(tenant, key))
    }

    /// Makes the key of an institution that is being made, or takes the one an earlier run made for it.
    pub fn ensure_tenant(self: &Arc<Self>, tenant: Uuid) -> Result<TenantKeys, KeyError> {
        match self.create_tenant(tenant) {
            Err(KeyError::Io(_, e)) if e.kind() == io::ErrorKind::AlreadyExists => self.open_tenant(tenant),
            made => made,
        }
    }

    /// Whose keys are here: the names of the files, whether they open or not.
    pub fn tenants(&self) -> Result<Vec<String>, KeyError> {
        names(&self.dir.join("tenant"))
    }

    /// Under which institutions there are keys of people.
    pub fn tenants_of_subjects(&self) -> Result<Vec<String>, KeyError> {
        names(&self.dir.join("subject"))
    }

    pub fn open_tenant(self: &Arc<Self>, tenant: Uuid) -> Result<TenantKeys, KeyError> {
        let key = read_wrapped(&self.tenant_path(tenant), &self.wrapping, tenant)?;
        Ok(self.keys(tenant, key))
    }

    fn keys(self: &Arc<Self>, tenant: Uuid, kek: Secret) -> TenantKeys {
        TenantKeys { tenant, kek, store: Arc::clone(self), subjects: moka::sync::Cache::new(20_000) }
    }

    fn tenant_path(&self, tenant: Uuid) -> PathBuf {
        self.dir.join("tenant").join(tenant.to_string())
    }

    fn subject_path(&self, tenant: Uuid, subject: Uuid) -> PathBuf {
        // The tail of a UUIDv7 is random, its head is time: spread by the tail.
        self.subject_dir(tenant, subject.as_bytes()[15]).join(subject.to_string())
    }

    fn subject_dir(&self, tenant: Uuid, tail: u8) -> PathBuf {
        self.dir.join("subject").join(tenant.to_string()).join(format!("{tail:02x}"))
    }
}

fn names(dir: &Path) -> Result<Vec<String>, KeyError> {
    let at = |e| KeyError::Io(dir.to_owned(), e);
    let mut names = Vec::new();
    match fs::read_dir(dir) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => {}
        entries => {
            for entry in entries.map_err(at)? {
                let name = entry.map_err(at)?.file_name().to_string_lossy().into_owned();
                // A draft of a writer that was killed holds nothing anybody uses.
                if !name.starts_with('.') {
                    names.push(name);
                }
            }
        }
    }
    names.sort();
    Ok(names)
}

/// One institution's keys.
pub struct TenantKeys {
    tenant: Uuid,
    kek: Secret,
    store: Arc<KeyStore>,
    subjects: moka::sync::Cache<Uuid, Arc<Secret>>,
}

impl TenantKeys {
    pub fn tenant(&self) -> Uuid {
        self.tenant
    }

    /// The key of one purpose and version. Versions let a later rotation read the old and write the new.
    pub fn purpose(&self, label: &str, version: u32) -> Secret {
        derive(&self.kek, label, &version.to_be_bytes())
    }

    /// The key of one person, made on first use. Blocking: it may write a file.
    pub fn subject(&self, subject: Uuid) -> Result<Arc<Secret>, KeyError> {
        if let Some(key) = self.subjects.get(&subject) {
            return Ok(key);
        }
        let path = self.store.subject_path(self.tenant, subject);
        let wrapping = self.purpose("subject-key-wrapping", 1);
        let key = match read_wrapped(&path, &wrapping, subject) {
            Err(KeyError::Absent(_)) => {
                let fresh = Zeroizing::new(random::<32>());
                match write_new(&path, &wrap(&wrapping, subject, &fresh)) {
                    // Another node or thread was first: its key counts.
                    Err(KeyError::Io(_, e)) if e.kind() == io::ErrorKind::AlreadyExists => {
                        read_wrapped(&path, &wrapping, subject)?
                    }
                    Err(e) => return Err(e),
                    Ok(()) => fresh,
                }
            }
            other => other?,
        };
        let key = Arc::new(key);
        self.subjects.insert(subject, Arc::clone(&key));
        Ok(key)
    }

    /// Whether a person's key is there and opens. Makes none, and keeps none. Blocking: it reads a file.
    pub fn check_subject(&self, subject: Uuid) -> Result<(), KeyError> {
        let path = self.store.subject_path(self.tenant, subject);
        read_wrapped(&path, &self.purpose("subject-key-wrapping", 1), subject).map(drop)
    }

    /// Whose keys are here, of those whose id ends in `tail`: the names of the files and when they were written. Blocking.
    pub fn subjects_by_tail(&self, tail: u8) -> Result<Vec<(String, SystemTime)>, KeyError> {
        let dir = self.store.subject_dir(self.tenant, tail);
        let mut files = Vec::new();
        for name in names(&dir)? {
            let path = dir.join(&name);
            match fs::metadata(&path).and_then(|file| file.modified()) {
                Ok(written) => files.push((name, written)),
                // Destroyed in the meantime.
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(KeyError::Io(path, e)),
            }
        }
        Ok(files)
    }
}

fn wrap(wrapping: &Secret, id: Uuid, key: &Secret) -> Vec<u8> {
    seal(wrapping, id.as_bytes(), &key[..])
}

fn read_wrapped(path: &Path, wrapping: &Secret, id: Uuid) -> Result<Secret, KeyError> {
    let wrapped = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Err(KeyError::Absent(id)),
        Err(e) => return Err(KeyError::Io(path.to_owned(), e)),
    };
    let plain = open(wrapping, id.as_bytes(), &wrapped).map_err(|_| KeyError::Unreadable(path.to_owned()))?;
    let bytes: [u8; 32] = plain.as_slice().try_into().map_err(|_| KeyError::Unreadable(path.to_owned()))?;
    Ok(Zeroizing::new(bytes))
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), KeyError> {
    files::write_new(path, bytes).map_err(|e| KeyError::Io(path.to_owned(), e))
}

/// `nonce(12) | ciphertext | tag(16)`
pub(super) fn seal(key: &Secret, aad: &[u8], plain: &[u8]) -> Vec<u8> {
    let nonce = random::<NONCE_LEN>();
    let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key[..]).expect("32 bytes are an AES-256 key"));
    let mut sealed = Vec::with_capacity(NONCE_LEN + plain.len() + 16);
    sealed.extend_from_slice(&nonce);
    let mut body = plain.to_vec();
    cipher
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut body)
        .expect("the value is far below the limit of AES-GCM");
    sealed.extend_from_slice(&body);
    sealed
}

pub(super) fn open(key: &Secret, aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or(KeyError::Sealed)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| KeyError::Sealed)?;
    let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key[..]).expect("32 bytes are an AES-256 key"));
    let mut body = Zeroizing::new(body.to_vec());
    let plain = cipher.open_in_place(nonce, Aad::from(aad), &mut body).map_err(|_| KeyError::Sealed)?.len();
    body.truncate(plain);
    Ok(body)
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
