//! The gate: from the headers of a request to whom it speaks for, before any handler and any SQL.
//!
//! What the gate can't decide from memory it says so (`Presence::unconfirmed`); it never asks the database.

use std::sync::Arc;

use http::HeaderMap;
use tokio::time::Instant;

use super::{
    claims::Claims,
    cookies::{self, Access, CredentialError},
    revocation::{Revocations, Standing},
    token::{Expected, Keyring, TokenError},
};

/// Whom the request speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    Valid(Arc<Claims>),
    /// It was a good token until it ran out: the client should renew.
    Expired,
    Invalid(Refusal),
    Anonymous,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error(transparent)]
    Credentials(#[from] CredentialError),
    #[error("the session has ended")]
    Revoked,
}

impl Refusal {
    /// A stable word for counters and logs.
    pub const fn label(self) -> &'static str {
        match self {
            Refusal::Token(error) => error.label(),
            Refusal::Credentials(error) => error.label(),
            Refusal::Revoked => "revoked",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// Sent by the browser by itself: mutations need the cross-site check.
    Cookie,
    Bearer,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presence {
    pub identity: Identity,
    /// The request also carries a refresh cookie (not looked at yet).
    pub has_refresh: bool,
    pub via: Via,
    /// The revocation cache is too old to vouch for a `Valid` identity: check the session in the database.
    pub unconfirmed: bool,
}

/// What the gate of one institution needs.
#[derive(Clone, Copy)]
pub struct Gate<'a> {
    pub keyring: &'a Keyring,
    pub expected: Expected<'a>,
    pub revocations: &'a Revocations,
}

impl Gate<'_> {
    /// `now_s` is wall-clock time in seconds since 1970; `now` is the same moment on the monotonic clock.
    pub fn identify(&self, headers: &HeaderMap, now_s: i64, now: Instant) -> Presence {
        let presented = match cookies::read(headers) {
            Ok(presented) => presented,
            Err(error) => {
                return Presence {
                    identity: Identity::Invalid(error.into()),
                    has_refresh: false,
                    via: Via::Cookie,
                    unconfirmed: false,
                };
            }
        };
        let (token, via) = match presented.access {
            Some(Access::Bearer(token)) => (Some(token), Via::Bearer),
            Some(Access::Cookie(token)) => (Some(token), Via::Cookie),
            None => (None, Via::Cookie),
        };
        let (identity, unconfirmed) = token.map_or((Identity::Anonymous, false), |token| self.check(token, now_s, now));
        Presence { identity, has_refresh: presented.refresh.is_some(), via, unconfirmed }
    }

    fn check(&self, token: &str, now_s: i64, now: Instant) -> (Identity, bool) {
        match self.keyring.verify(token, now_s, &self.expected) {
            Ok(claims) => match self.revocations.standing(&claims, now) {
                Standing::Good => (Identity::Valid(Arc::new(claims)), false),
                Standing::Unknown => (Identity::Valid(Arc::new(claims)), true),
                Standing::Revoked => (Identity::Invalid(Refusal::Revoked), false),
            },
            Err(TokenError::Expired) => (Identity::Expired, false),
            Err(error) => (Identity::Invalid(error.into()), false),
        }
    }
}

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
