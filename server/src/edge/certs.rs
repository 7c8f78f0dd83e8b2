//! The front door's certificate: a PEM pair in production, a local authority everywhere else.
//!
//! The local authority lives in `<data>/tls` and is made on first start. Invariants:
//! - It can vouch for `localhost`, names below it and the loopback addresses alone (name constraints), so trusting it
//!   gives nobody a way to impersonate another site, not even whoever reads its key.
//! - Its key, like the server's, is readable by its owner only.
//! - A served certificate is valid for at least [`RENEW_BEFORE_DAYS`] more days and for every wanted name; otherwise
//!   a new one takes its place on start, under the same authority, so nobody has to trust anything again.
//!
//! This module opens no sockets and reads no clock.

mod files;
mod issue;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{RootCertStore, pki_types::pem::PemObject};

use files::Files;

/// Names every local certificate carries. There is no `*.localhost`: strict clients refuse a wildcard with fewer than two
/// labels behind it, so every institution's host is listed by itself.
const NAMES: [&str; 5] = ["localhost", "demo.localhost", "second.localhost", "127.0.0.1", "::1"];

/// A certificate with less time left is replaced on start.
const RENEW_BEFORE_DAYS: i64 = 30;
/// Browsers and Apple's platforms refuse more than 398 days.
const LEAF_DAYS: i64 = 396;
const CA_DAYS: i64 = 3650;

/// A certificate chain, leaf first, and its private key, known to belong together.
#[derive(Debug)]
pub struct Pair {
    pub cert_chain: Vec<CertificateDer<'static>>,
    pub key: PrivateKeyDer<'static>,
}

/// Whether browsers can trust the authority already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// It was there.
    Known,
    /// There was none: nothing trusts it yet.
    Made,
    /// It took the place of one that ends or lost its key: whoever trusted that must trust again.
    Replaced,
}

/// What the local authority gave.
#[derive(Debug)]
pub struct LocalTls {
    /// The authority's certificate: what a browser has to trust.
    pub ca_pem_path: PathBuf,
    pub authority: Authority,
    pub cert_chain: Vec<CertificateDer<'static>>,
    pub key: PrivateKeyDer<'static>,
}

#[derive(Debug, thiserror::Error)]
pub enum CertError {
    #[error("{action} {path}: {source}", path = path.display())]
    Io { action: &'static str, path: PathBuf, source: std::io::Error },
    #[error("{path} is not what it should be: {reason}", path = path.display())]
    Damaged { path: PathBuf, reason: String },
    #[error("the private key {key} does not belong to the certificate {cert}", key = key.display(), cert = cert.display())]
    Mismatch { cert: PathBuf, key: PathBuf },
    #[error("making a certificate: {0}")]
    Issue(#[from] rcgen::Error),
}

/// Loads the local certificate, making or renewing what is missing, old, or lacks one of `hosts` (of which only those
/// below `localhost` count: the authority can vouch for no others).
///
/// # Errors
/// A file that cannot be read or written, or that holds something else than this function wrote. The cure for the
/// latter is to delete the folder, and to trust the new authority.
pub fn load_or_create(dir: &Path, hosts: &[&str], now: DateTime<Utc>) -> Result<LocalTls, CertError> {
    let files = Files::open(dir)?;
    let names = wanted(hosts);
    let found = files.ca()?;
    let otherwise = if found.is_some() { Authority::Replaced } else { Authority::Made };
    let known = match found {
        Some(ca) if issue::ca_lasts(&ca, &files.ca_path(), now + TimeDelta::days(LEAF_DAYS))? => Some(ca),
        _ => None,
    };
    if let Some(ca) = &known
        && let Some(pair) = files.leaf()?
        && vouches(ca, &pair, &names, now)
    {
        return Ok(local(&files, Authority::Known, pair));
    }
    // Without its key an authority can renew nothing: it is replaced, and the caller says so.
    let known = match known {
        Some(ca) => files.ca_key()?.map(|key| (ca, key)),
        None => None,
    };
    let authority = if known.is_some() { Authority::Known } else { otherwise };
    let (ca, ca_key) = match known {
        Some(pair) => pair,
        None => {
            let made = issue::authority(now)?;
            // The key first: a certificate without its key could be trusted and never be used.
            files.write_ca_key(&made.key_pem)?;
            files.write_ca(&made.cert_pem)?;
            (made.cert, made.key_pem)
        }
    };
    let leaf = issue::leaf(&ca, &ca_key, &names, now)?;
    files.write_leaf(&leaf)?;
    let pair = files
        .leaf()?
        .filter(|pair| vouches(&ca, pair, &names, now))
        .ok_or_else(|| CertError::Damaged { path: files.ca_path(), reason: "its key belongs to another certificate".into() })?;
    Ok(local(&files, authority, pair))
}

/// Loads a production certificate chain (leaf first) and its key, both PEM.
///
/// # Errors
/// Unreadable files, no certificate or no key in them, or a key of another certificate.
pub fn load_pem(cert: &Path, key: &Path) -> Result<Pair, CertError> {
    let pair = files::parse_pair(&files::read(cert)?, cert, &files::read(key)?, key)?;
    let key_again = pair.key.clone_key();
    match CertifiedKey::from_der(pair.cert_chain.clone(), key_again, &aws_lc_rs::default_provider()) {
        Ok(_) => Ok(pair),
        Err(rustls::Error::InconsistentKeys(_)) => Err(CertError::Mismatch { cert: cert.into(), key: key.into() }),
        Err(error) => Err(CertError::Damaged { path: key.into(), reason: error.to_string() }),
    }
}

fn local(files: &Files, authority: Authority, pair: Pair) -> LocalTls {
    LocalTls { ca_pem_path: files.ca_path(), authority, cert_chain: pair.cert_chain, key: pair.key }
}

fn wanted(hosts: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    for host in hosts {
        let host = host.to_ascii_lowercase();
        if host.ends_with(".localhost") && !names.contains(&host) {
            names.push(host);
        }
    }
    names
}

/// Asks what a client asks: does the chain lead to our authority, for each name, today and until renewal is due?
fn vouches(ca: &CertificateDer<'_>, pair: &Pair, names: &[String], now: DateTime<Utc>) -> bool {
    let mut roots = RootCertStore::empty();
    if roots.add(ca.clone().into_owned()).is_err() {
        return false;
    }
    let provider = Arc::new(aws_lc_rs::default_provider());
    let Ok(verifier) = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build() else {
        return false;
    };
    if CertifiedKey::from_der(pair.cert_chain.clone(), pair.key.clone_key(), &provider).is_err() {
        return false;
    }
    let Some((leaf, intermediates)) = pair.cert_chain.split_first() else {
        return false;
    };
    names.iter().all(|name| {
        let Ok(name) = ServerName::try_from(name.as_str()) else { return false };
        [now, now + TimeDelta::days(RENEW_BEFORE_DAYS)].iter().all(|at| {
            let seconds = u64::try_from(at.timestamp()).unwrap_or_default();
            let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
            verifier.verify_server_cert(leaf, intermediates, &name, &[], at).is_ok()
        })
    })
}

/// PEM text to certificates; used for every file that holds some.
fn certificates(text: &[u8], path: &Path) -> Result<Vec<CertificateDer<'static>>, CertError> {
    let damaged = |reason: String| CertError::Damaged { path: path.into(), reason };
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text).collect();
    let all = all.map_err(|error| damaged(error.to_string()))?;
    if all.is_empty() {
        return Err(damaged("no certificate in it".into()));
    }
    Ok(all)
}

#[cfg(test)]
mod tests;
