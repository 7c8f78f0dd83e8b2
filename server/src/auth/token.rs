//! Access tokens: compact JWS, HS256, five minutes.
//!
//! Only this server issues them and only this server reads them, so verification is a closed world: the
//! header must be, byte for byte, the one header a known key writes. An algorithm, a type, a `jwk` or a
//! `crit` from outside is therefore never interpreted at all, only named in the error. The signature is
//! checked before a single claim is parsed; claims are parsed strictly (no unknown and no repeated name).
//!
//! The module knows neither cookies, nor HTTP, nor the database, nor what time it is.

use std::borrow::Cow;

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use serde::{Deserialize, Serialize};

use super::claims::{AuthMethod, Claims, RoleSet};
use crate::db::{
    Role,
    ids::{SessionId, TenantId, UserId},
};

/// How long an access token lives, in seconds.
pub const ACCESS_TTL_S: i64 = 300;
/// How far the clocks of two nodes may differ, in seconds.
pub const LEEWAY_S: i64 = 5;
/// No token of ours comes near; anything longer is refused before it is decoded.
pub const MAX_TOKEN_BYTES: usize = 2048;
/// The `aud` of every access token.
pub const AUDIENCE: &str = "pec-api";
const TYP: &str = "at+jwt";
const SIGNATURE_CHARS: usize = 43;

/// Who must have issued a token, for which API and for which institution.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    pub iss: &'a str,
    pub aud: &'a str,
    pub tenant: TenantId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("longer than any token issued here")]
    TooLong,
    #[error("not a compact signed token")]
    Malformed,
    #[error("a refresh token was presented as an access token")]
    RefreshToken,
    #[error("signed with an algorithm other than HS256")]
    Algorithm,
    #[error("not an access token")]
    Type,
    #[error("signed with a key that is not in use")]
    UnknownKey,
    #[error("a header that access tokens never carry")]
    Header,
    #[error("the signature does not match")]
    Signature,
    #[error("the claims are not those of an access token")]
    Claims,
    #[error("issued by someone else")]
    Issuer,
    #[error("meant for another API")]
    Audience,
    #[error("belongs to another institution")]
    Tenant,
    #[error("expired")]
    Expired,
    #[error("dated in the future, or valid for longer than tokens are")]
    Dates,
}

impl TokenError {
    /// A stable word for counters and logs.
    pub const fn label(self) -> &'static str {
        match self {
            TokenError::TooLong => "too-long",
            TokenError::Malformed => "malformed",
            TokenError::RefreshToken => "refresh-as-access",
            TokenError::Algorithm => "algorithm",
            TokenError::Type => "type",
            TokenError::UnknownKey => "unknown-key",
            TokenError::Header => "header",
            TokenError::Signature => "signature",
            TokenError::Claims => "claims",
            TokenError::Issuer => "issuer",
            TokenError::Audience => "audience",
            TokenError::Tenant => "tenant",
            TokenError::Expired => "expired",
            TokenError::Dates => "dates",
        }
    }
}

/// The claims as they travel. Borrowed from the decoded payload; a name outside this list is refused, and
/// serde refuses a name that appears twice.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<'a> {
    #[serde(borrow)]
    iss: Cow<'a, str>,
    #[serde(borrow)]
    aud: Cow<'a, str>,
    sub: UserId,
    tenant: TenantId,
    role: Role,
    roles: RoleSet,
    sid: SessionId,
    auth_time: i64,
    amr: Vec<AuthMethod>,
    epoch: i32,
    iat: i64,
    exp: i64,
}

struct SigningKey {
    /// The base64url of this key's header: what every token signed with it begins with.
    header: String,
    kid: String,
    key: hmac::Key,
}

impl SigningKey {
    fn new(kid: &str, secret: &[u8; 32]) -> Self {
        let header = format!(r#"{{"alg":"HS256","kid":"{kid}","typ":"{TYP}"}}"#);
        SigningKey { header: B64.encode(header), kid: kid.to_owned(), key: hmac::Key::new(hmac::HMAC_SHA256, secret) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    #[error("a key id is 1 to 32 characters of a-z, 0-9, '-' and '.'")]
    Kid,
    #[error("two keys have the same id")]
    Repeated,
    #[error("at most {MAX_KEYS} keys are in use at a time")]
    TooMany,
}

const MAX_KEYS: usize = 4;

/// The key that signs, and the ones that still verify while their last tokens run out.
pub struct Keyring {
    /// The first one signs.
    keys: Vec<SigningKey>,
}

impl Keyring {
    /// `previous` keys verify but never sign; leave a key out once its last token has expired.
    pub fn new(current: (&str, &[u8; 32]), previous: &[(&str, &[u8; 32])]) -> Result<Self, KeyringError> {
        let mut keys: Vec<SigningKey> = Vec::with_capacity(1 + previous.len());
        for (kid, secret) in std::iter::once(&current).chain(previous) {
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b);
            if kid.is_empty() || kid.len() > 32 || !kid.bytes().all(plain) {
                return Err(KeyringError::Kid);
            }
            if keys.iter().any(|key| key.kid == *kid) {
                return Err(KeyringError::Repeated);
            }
            keys.push(SigningKey::new(kid, secret));
        }
        if keys.len() > MAX_KEYS {
            return Err(KeyringError::TooMany);
        }
        Ok(Keyring { keys })
    }

    /// A signed token that says exactly `claims`.
    pub fn issue(&self, claims: &Claims, iss: &str, aud: &str) -> String {
        let wire = Wire {
            iss: Cow::Borrowed(iss),
            aud: Cow::Borrowed(aud),
            sub: claims.user,
            tenant: claims.tenant,
            role: claims.role,
            roles: claims.roles,
            sid: claims.session,
            auth_time: claims.auth_time,
            amr: claims.methods.clone(),
            epoch: claims.epoch,
            iat: claims.issued_at,
            exp: claims.expires_at,
        };
        let payload = serde_json::to_vec(&wire).expect("strings, numbers and ids always serialize");
        let signer = &self.keys[0];
        let mut token = String::with_capacity(signer.header.len() + payload.len() * 4 / 3 + 50);
        token.push_str(&signer.header);
        token.push('.');
        B64.encode_string(&payload, &mut token);
        let signature = hmac::sign(&signer.key, token.as_bytes());
        token.push('.');
        B64.encode_string(signature.as_ref(), &mut token);
        token
    }

    /// The claims of a token that was issued here, for `expected`, and is valid at `now` (seconds since 1970).
    pub fn verify(&self, token: &str, now: i64, expected: &Expected<'_>) -> Result<Claims, TokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::TooLong);
        }
        if token.starts_with(super::refresh::PREFIX) {
            return Err(TokenError::RefreshToken);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
        let (header, payload) = message.split_once('.').ok_or(TokenError::Malformed)?;
        let signer = self.keys.iter().find(|key| key.header == header).ok_or_else(|| self.explain_header(header))?;
        check_signature(&signer.key, message, signature)?;
        let mut decoded = [0u8; MAX_TOKEN_BYTES];
        let length = B64.decode_slice(payload, &mut decoded).map_err(|_| TokenError::Malformed)?;
        let wire: Wire<'_> = serde_json::from_slice(&decoded[..length]).map_err(|_| TokenError::Claims)?;
        check(wire, now, expected)
    }

    /// Why a header that no key of ours writes was refused. Only words for the log depend on this: the
    /// token is refused whatever it returns.
    fn explain_header(&self, header: &str) -> TokenError {
        let Some(value) = B64.decode(header).ok().and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok())
        else {
            return TokenError::Malformed;
        };
        let is = |name: &str, wanted: &str| value.get(name).and_then(|v| v.as_str()) == Some(wanted);
        if !is("alg", "HS256") {
            TokenError::Algorithm
        } else if !is("typ", TYP) {
            TokenError::Type
        } else if !self.keys.iter().any(|key| is("kid", &key.kid)) {
            TokenError::UnknownKey
        } else {
            TokenError::Header
        }
    }
}

/// `hmac::verify` compares in constant time.
fn check_signature(key: &hmac::Key, message: &str, signature: &str) -> Result<(), TokenError> {
    let mut bytes = [0u8; 36];
    if signature.len() != SIGNATURE_CHARS {
        return Err(TokenError::Signature);
    }
    let length = B64.decode_slice(signature, &mut bytes).map_err(|_| TokenError::Signature)?;
    hmac::verify(key, message.as_bytes(), &bytes[..length]).map_err(|_| TokenError::Signature)
}

fn check(wire: Wire<'_>, now: i64, expected: &Expected<'_>) -> Result<Claims, TokenError> {
    if wire.iss != expected.iss {
        return Err(TokenError::Issuer);
    }
    if wire.aud != expected.aud {
        return Err(TokenError::Audience);
    }
    if wire.tenant != expected.tenant {
        return Err(TokenError::Tenant);
    }
    if !wire.roles.contains(wire.role) {
        return Err(TokenError::Claims);
    }
    let lifetime_s = wire.exp.saturating_sub(wire.iat);
    if !(1..=ACCESS_TTL_S).contains(&lifetime_s)
        || wire.iat > now.saturating_add(LEEWAY_S)
        || wire.auth_time > wire.iat.saturating_add(LEEWAY_S)
    {
        return Err(TokenError::Dates);
    }
    if now >= wire.exp.saturating_add(LEEWAY_S) {
        return Err(TokenError::Expired);
    }
    Ok(Claims {
        user: wire.sub,
        tenant: wire.tenant,
        role: wire.role,
        roles: wire.roles,
        session: wire.sid,
        auth_time: wire.auth_time,
        methods: wire.amr,
        epoch: wire.epoch,
        issued_at: wire.iat,
        expires_at: wire.exp,
    })
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
