//! Who someone is: passwords, sessions, and the tokens that stand for them.
//!
//! A session is one signed-in device. It is carried by an access token of five minutes (`token`), checked
//! from memory on every request (`gate`, `revocation`), and renewed by a refresh token that works once
//! (`refresh`). Browsers hold both in `__Host-` cookies (`cookies`) and must prove that a request is their
//! own page's (`csrf`). Passwords are hashed away from the request threads (`password`, `hash_pool`).
//!
//! What this module does not know: what a person may do (each domain's actions say), pages, and HTTP routing.

mod actions;
mod background;
mod claims;
pub mod cookies;
pub mod csrf;
mod error;
mod front_door;
mod gate;
mod handlers;
mod hash_pool;
mod keys;
mod links;
mod model;
mod opaque;
mod password;
mod refresh;
mod renewal;
pub mod revocation;
mod sessions;
mod store;
mod token;

pub use background::{sweep, watch_revocations};
pub use claims::{AuthMethod, Claims, RoleSet};
pub use error::AuthError;
pub use front_door::{confirm, identify, renew_page};
pub use gate::{Gate, Identity, Presence, Refusal, Via};
pub use handlers::{routes, set_password_by_link};
pub use hash_pool::{HashPool, Place, PoolError, PoolSize, PoolStats, StartError};
pub use keys::{hash_pool, keyring};
pub use links::{LINK_TTL, LinkToken, issue_link};
pub use password::{Cost, Hasher, Password, PasswordProblem, Pepper, Peppers};
pub use refresh::RefreshToken;
pub use sessions::{Issued, Sessions};
pub use token::{ACCESS_TTL_S, AUDIENCE, Expected, Keyring, KeyringError, TokenError};
