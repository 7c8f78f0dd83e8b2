//! The files of the local authority: `ca.pem` (public), `ca-key.pem` and `server.pem` (certificate and key, 0600).
//!
//! Each is replaced in one step. The server's certificate and key share a file, so that they cannot drift apart.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::{CertError, Pair, certificates};

const PRIVATE: u32 = 0o600;
const PUBLIC: u32 = 0o644;

pub(super) struct Files {
    dir: PathBuf,
}

impl Files {
    pub fn open(dir: &Path) -> Result<Self, CertError> {
        fs::create_dir_all(dir).map_err(io("create", dir))?;
        Ok(Self { dir: dir.to_path_buf() })
    }

    pub fn ca_path(&self) -> PathBuf {
        self.dir.join("ca.pem")
    }

    fn ca_key_path(&self) -> PathBuf {
        self.dir.join("ca-key.pem")
    }

    fn leaf_path(&self) -> PathBuf {
        self.dir.join("server.pem")
    }

    pub fn ca(&self) -> Result<Option<CertificateDer<'static>>, CertError> {
        let path = self.ca_path();
        let Some(text) = read_if_there(&path)? else { return Ok(None) };
        Ok(certificates(&text, &path)?.into_iter().next())
    }

    pub fn ca_key(&self) -> Result<Option<String>, CertError> {
        let path = self.ca_key_path();
        let Some(text) = read_if_there(&path)? else { return Ok(None) };
        let damaged = |_| CertError::Damaged { path, reason: "not PEM text".into() };
        String::from_utf8(text).map(Some).map_err(damaged)
    }

    /// `None` also for a damaged file: a new certificate replaces it anyway.
    pub fn leaf(&self) -> Result<Option<Pair>, CertError> {
        let path = self.leaf_path();
        let Some(text) = read_if_there(&path)? else { return Ok(None) };
        Ok(parse_pair(&text, &path, &text, &path).ok())
    }

    pub fn write_ca(&self, pem: &str) -> Result<(), CertError> {
        write(&self.ca_path(), pem, PUBLIC)
    }

    pub fn write_ca_key(&self, pem: &str) -> Result<(), CertError> {
        write(&self.ca_key_path(), pem, PRIVATE)
    }

    pub fn write_leaf(&self, pem: &str) -> Result<(), CertError> {
        write(&self.leaf_path(), pem, PRIVATE)
    }
}

pub(super) fn parse_pair(cert_text: &[u8], cert: &Path, key_text: &[u8], key: &Path) -> Result<Pair, CertError> {
    let cert_chain = certificates(cert_text, cert)?;
    let key = PrivateKeyDer::from_pem_slice(key_text)
        .map_err(|error| CertError::Damaged { path: key.into(), reason: error.to_string() })?;
    Ok(Pair { cert_chain, key })
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>, CertError> {
    fs::read(path).map_err(io("read", path))
}

fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, CertError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io("read", path)(error)),
    }
}

fn write(path: &Path, text: &str, mode: u32) -> Result<(), CertError> {
    let partial = path.with_extension("partial");
    let replace = || {
        // A partial file left by an interrupted write may have another mode.
        match fs::remove_file(&partial) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&partial)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&partial, path)
    };
    replace().map_err(io("write", path))
}

fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> CertError {
    let path = path.to_path_buf();
    move |source| CertError::Io { action, path, source }
}
