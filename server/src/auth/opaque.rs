//! Opaque secrets: 32 random bytes with a prefix that says what they are for.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use zeroize::Zeroizing;

use crate::crypto;

const ENCODED_CHARS: usize = 43;

/// Wiped when dropped. There is exactly one spelling for each secret.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Opaque(Zeroizing<[u8; 32]>);

impl Opaque {
    pub(super) fn generate() -> Self {
        Opaque(Zeroizing::new(crypto::random()))
    }

    pub(super) fn from_bytes(bytes: [u8; 32]) -> Self {
        Opaque(Zeroizing::new(bytes))
    }

    pub(super) fn parse(prefix: &str, text: &str) -> Option<Self> {
        let encoded = text.strip_prefix(prefix).filter(|encoded| encoded.len() == ENCODED_CHARS)?;
        // One byte more than a secret has: the decoder estimates the length before it decodes.
        let mut bytes = Zeroizing::new([0u8; 33]);
        let length = B64.decode_slice(encoded, bytes.as_mut()).ok()?;
        Some(Opaque(Zeroizing::new(bytes[..length].try_into().ok()?)))
    }

    pub(super) fn reveal(&self, prefix: &str) -> Zeroizing<String> {
        // Reserved up front: a growing String would leave parts of the secret behind, unwiped.
        let mut text = String::with_capacity(prefix.len() + ENCODED_CHARS);
        text.push_str(prefix);
        B64.encode_string(self.bytes(), &mut text);
        Zeroizing::new(text)
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// What the database keeps. Plain SHA-256: 256 random bits can't be guessed, however fast the hash.
    pub(super) fn sha256(&self) -> [u8; 32] {
        crypto::sha256(self.bytes())
    }
}
