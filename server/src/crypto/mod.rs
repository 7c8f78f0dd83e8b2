//! Keys and sealed values.
//!
//! Hierarchy: one root key per installation wraps one key per tenant; the tenant key yields purpose keys (HKDF) and wraps
//! one key per person. Tenant and subject keys live in the [`KeyStore`], outside PostgreSQL and outside every backup, so
//! destroying a key is final. Everything sealed is AES-256-GCM with a random 96-bit nonce and associated data that names
//! the tenant and the place of the value, so a ciphertext copied elsewhere does not open.
//!
//! This module knows no table and no HTTP; callers name the place.

mod files;
mod keys;
mod personal;
mod root;
mod scram;
mod sealed;

pub use keys::{KeyError, KeyStore, TenantKeys};
pub use personal::Personal;
pub(crate) use personal::seal as seal_personal;
pub use root::{RootKey, RootKeyError};
pub use scram::scram_verifier;
pub use sealed::{Field, Sealed, SealedValue};

use aws_lc_rs::{digest, hkdf, hmac, rand::SecureRandom};
use zeroize::Zeroizing;

/// 32 secret bytes, wiped when dropped.
pub type Secret = Zeroizing<[u8; 32]>;

/// Bytes from the operating system's generator.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0u8; N];
    aws_lc_rs::rand::SystemRandom::new().fill(&mut bytes).expect("the operating system's random generator answers");
    bytes
}

pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0u8; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    out
}

pub fn hmac_sha256(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let mut context = hmac::Context::with_key(&key);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut out = [0u8; 32];
    out.copy_from_slice(context.sign().as_ref());
    out
}

/// HKDF-SHA256 with an empty salt: `key` is already uniform.
pub fn derive(key: &[u8; 32], label: &str, context: &[u8]) -> Secret {
    struct Len32;
    impl hkdf::KeyType for Len32 {
        fn len(&self) -> usize {
            32
        }
    }
    let info: [&[u8]; 3] = [label.as_bytes(), &[0], context];
    let mut out = Zeroizing::new([0u8; 32]);
    hkdf::Salt::new(hkdf::HKDF_SHA256, &[])
        .extract(key)
        .expand(&info, Len32)
        .and_then(|okm| okm.fill(&mut out[..]))
        .expect("32 bytes are a valid HKDF-SHA256 output");
    out
}
