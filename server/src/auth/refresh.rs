//! Refresh tokens: opaque, 256 random bits, used once, and the rules for one that is presented again.
//!
//! Invariants:
//! - Only the SHA-256 of a token is stored, and its successor sealed under a key derived from the token
//!   itself: whoever reads the database can neither present a token nor open its successor.
//! - In a live family (session) at most one token is neither used nor revoked.
//! - `decide` is pure. It must be given a state read under the family's lock, and what it decides must be
//!   written in the same transaction.
//!
//! The module knows neither SQL nor cookies.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use chrono::{DateTime, TimeDelta, Utc};
use zeroize::Zeroizing;

use super::opaque::Opaque;
use crate::crypto;

/// What every refresh token begins with, so that one in the wrong place is recognized (also by secret scanners).
pub const PREFIX: &str = "pecr_";
/// How long after its use a token still returns the same successor: the retry of an answer that got lost,
/// or a second tab that asked at the same time.
pub const REPLAY_WINDOW: TimeDelta = TimeDelta::seconds(10);
const NONCE_BYTES: usize = 12;
const SEALED_BYTES: usize = NONCE_BYTES + 32 + 16;

/// The secret itself. It is wiped when dropped and never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken(Opaque);

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(…)")
    }
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sealed successor was not sealed for this token")]
pub struct NotSealedForThis;

impl RefreshToken {
    pub fn generate() -> Self {
        RefreshToken(Opaque::generate())
    }

    /// The token of that text, or nothing.
    pub fn parse(text: &str) -> Option<Self> {
        Opaque::parse(PREFIX, text).map(RefreshToken)
    }

    /// What the client keeps.
    pub fn reveal(&self) -> Zeroizing<String> {
        self.0.reveal(PREFIX)
    }

    /// What the database keeps.
    pub fn sha256(&self) -> [u8; 32] {
        self.0.sha256()
    }

    /// `successor`, readable only by who presents this token again.
    pub fn seal(&self, successor: &RefreshToken) -> Vec<u8> {
        let nonce: [u8; NONCE_BYTES] = crypto::random();
        let mut body = Zeroizing::new(Vec::with_capacity(SEALED_BYTES - NONCE_BYTES));
        body.extend_from_slice(successor.0.bytes());
        self.sealing_key()
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(self.sha256()), &mut *body)
            .expect("32 bytes are far below the cipher's limit");
        [&nonce, body.as_slice()].concat()
    }

    pub fn open(&self, sealed: &[u8]) -> Result<RefreshToken, NotSealedForThis> {
        let (nonce, body) = sealed.split_at_checked(NONCE_BYTES).ok_or(NotSealedForThis)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| NotSealedForThis)?;
        let mut body = Zeroizing::new(body.to_vec());
        let opened = self
            .sealing_key()
            .open_in_place(nonce, Aad::from(self.sha256()), body.as_mut_slice())
            .map_err(|_| NotSealedForThis)?;
        let bytes: [u8; 32] = (&*opened).try_into().map_err(|_| NotSealedForThis)?;
        Ok(RefreshToken(Opaque::from_bytes(bytes)))
    }

    fn sealing_key(&self) -> LessSafeKey {
        let key = crypto::derive(self.0.bytes(), "refresh-token-successor", b"v1");
        LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key[..]).expect("AES-256 takes 32 bytes"))
    }
}

/// What is known of the token that was presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presented {
    pub revoked: bool,
    /// `None` while it was never used.
    pub used: Option<Used>,
    pub family: Family,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Used {
    /// When it last produced a successor.
    pub at: DateTime<Utc>,
    pub successor: Successor,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Successor {
    Unused,
    Used,
    Revoked,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family {
    pub ended: bool,
    pub idle_until: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// What must happen now. Each one is a write (or none) in the transaction that read the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// First use: mark it used, store and return a new successor.
    Rotate,
    /// Return the successor it already has; nothing changes.
    Replay,
    /// The successor never arrived: revoke it, store and return another, and mark the token used now.
    RotateAgain,
    /// Someone else holds a copy: end the session and revoke its tokens.
    EndFamily,
    /// The session is over (signed out, idle or too old); nothing changes.
    Refuse,
}

impl Decision {
    /// A stable word for counters.
    pub const fn label(self) -> &'static str {
        match self {
            Decision::Rotate => "rotate",
            Decision::Replay => "replay",
            Decision::RotateAgain => "rotate-again",
            Decision::EndFamily => "end-family",
            Decision::Refuse => "refuse",
        }
    }
}

pub fn decide(now: DateTime<Utc>, token: &Presented) -> Decision {
    let family = &token.family;
    if family.ended || now >= family.expires_at || now >= family.idle_until {
        return Decision::Refuse;
    }
    if token.revoked {
        return Decision::EndFamily;
    }
    let Some(used) = token.used else {
        return Decision::Rotate;
    };
    match used.successor {
        // Only an ended family leaves a used token with a revoked successor; end it again rather than trust it.
        Successor::Revoked => Decision::EndFamily,
        _ if now - used.at <= REPLAY_WINDOW => Decision::Replay,
        Successor::Unused => Decision::RotateAgain,
        Successor::Used => Decision::EndFamily,
    }
}

#[cfg(test)]
#[path = "refresh_tests.rs"]
mod tests;
