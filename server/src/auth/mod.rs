//! Who someone is: passwords, sessions, and the tokens that stand for them.
//!
//! A session is one signed-in device. It is carried by an access token of five minutes (`token`), checked
//! from memory on every request (`gate`, `revocation`), and renewed by a refresh token that works once
//! (`refresh`). Browsers hold both in `__Host-` cookies (`cookies`) and must prove that a request is their
//! own page's (`csrf`). Passwords are hashed away from the request threads (`password`, `hash_pool`).
//!
//! What this module does not know: what a person may do (each domain's actions say), pages, and HTTP routing.

mod claims;
pub mod cookies;
pub mod csrf;
mod gate;
mod hash_pool;
mod opaque;
mod password;
mod refresh;
pub mod revocation;
mod token;

pub use claims::{AuthMethod, Claims, RoleSet};
pub use gate::{Caller, Gate, Identity, Refusal, Via};
pub use hash_pool::{HashPool, Place, PoolError, PoolSize, PoolStats};
pub use password::{Cost, Hasher, Password, PasswordProblem, Pepper, Peppers, Verdict};
pub use refresh::RefreshToken;
pub use token::{ACCESS_TTL_S, Expected, Keyring, KeyringError, TokenError};

/// (moves into the module that polls)
pub fn watch_revocations(_tenant: crate::db::TenantDb) -> std::sync::Arc<revocation::Revocations> {
    std::sync::Arc::new(revocation::Revocations::new())
}
