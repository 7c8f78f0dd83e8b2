//! The secrets of sign-in, derived from the installation's root key: nothing to store, nothing to lose separately.

use std::num::NonZeroUsize;

use super::{
    hash_pool::{HashPool, PoolSize, StartError},
    password::{Cost, Hasher, Pepper, Peppers},
    token::Keyring,
};
use crate::crypto::RootKey;

/// Raise by one to rotate the key that signs access tokens; the one before is kept for the tokens still out.
const SIGNING_GENERATION: u8 = 1;

pub fn keyring(root: &RootKey) -> Keyring {
    let secret = root.derive("access-token-signing", &[SIGNING_GENERATION]);
    Keyring::new((&format!("g{SIGNING_GENERATION}"), &secret), &[]).expect("a constant key id is plain and the only one")
}

/// Starts the hash threads: as many as asked for, or one for each processor.
pub fn hash_pool(root: &RootKey, threads: Option<NonZeroUsize>) -> Result<HashPool, StartError> {
    let pepper = Pepper { id: *b"pep1", secret: root.derive("password-pepper", b"pep1") };
    let hasher = Hasher::new(Peppers { current: pepper, previous: Vec::new() }, Cost::OWASP)
        .expect("Argon2id accepts its own recommended parameters");
    HashPool::start(hasher, threads.map_or_else(PoolSize::default, PoolSize::of))
}
