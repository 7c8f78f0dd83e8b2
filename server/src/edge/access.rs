//! Who may see a page: a pure decision over what is known of the caller, and the seam to the auth module.
//!
//! Invariants: a protected page is served to a verified identity only, and otherwise no byte of it leaves; a
//! prefetch never rotates a session and never redirects (the client router would remember the redirect); a
//! redirect stays on this origin. This module knows neither tokens nor cookies.

use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderValue};
use uuid::Uuid;

use super::pages;
pub use crate::db::Role;

/// A verified person, as far as the edge needs to know.
#[derive(Clone, Debug)]
pub struct Signed {
    pub role: Role,
    pub actor: Uuid,
    /// The institution's slug, for the request log.
    pub tenant: std::sync::Arc<str>,
    /// What the API wants to find in the extensions of a request made for this person.
    pub extensions: http::Extensions,
}

/// What the request's credentials say.
#[derive(Clone, Debug)]
pub enum Identity {
    Valid(Signed),
    Expired,
    Invalid,
    Anonymous,
}

/// The credentials of one request, verified.
#[derive(Clone, Debug)]
pub struct Presented {
    pub identity: Identity,
    /// A refresh token came along; nobody has looked at it yet.
    pub has_refresh: bool,
}

/// What became of an attempt to renew a session.
#[derive(Debug)]
pub enum Renewal {
    /// `set_cookies` go out with the answer, whatever that is.
    Renewed { signed: Signed, set_cookies: Vec<HeaderValue> },
    /// The refresh token is spent, revoked or forged. The cookies, if any, clear it.
    Refused { set_cookies: Vec<HeaderValue> },
    /// It could not be checked now; the session may be fine.
    Unavailable,
}

/// The auth module as the edge sees it. `host` is the host name without its port.
pub trait Gate: Send + Sync {
    /// Verifies the access token. Must not touch the database unless its revocation cache is stale.
    fn identify<'a>(&'a self, host: &'a str, headers: &'a HeaderMap) -> BoxFuture<'a, Presented>;

    /// Rotates the refresh token once.
    fn renew<'a>(&'a self, host: &'a str, headers: &'a HeaderMap) -> BoxFuture<'a, Renewal>;
}

/// What is being opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// The same for everybody.
    Public,
    /// Public, but of no use to somebody who is signed in.
    SignIn,
    /// Needs a verified identity, and one of these roles if given.
    Protected(Option<&'a [Role]>),
    /// `/` and `/{locale}`, which lead on.
    Root,
}

/// What is known of the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Signed(Role),
    /// No valid access token, but a refresh token that may be good.
    Renewable,
    Nobody,
}

/// How the request arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    pub prefetch: bool,
    /// A navigation that another site started: `SameSite=Strict` cookies are missing even if they exist.
    pub from_elsewhere: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Serve,
    /// Rotate the refresh token, then decide again.
    Renew,
    /// 303 to the role's home.
    Home(Role),
    /// 303 to sign-in.
    SignIn,
    /// Open the same address once more from this site, so that the cookies come along.
    Bounce,
    /// 401 without a body.
    Refuse,
}

/// The whole access rule of pages.
pub fn decide(target: Target<'_>, standing: Standing, visit: Visit) -> Decision {
    let admitted = match (target, standing) {
        (Target::Public, _) => return Decision::Serve,
        (Target::SignIn, _) if visit.prefetch => return Decision::Serve,
        (Target::SignIn | Target::Root, Standing::Signed(role)) => Decision::Home(role),
        (Target::Protected(Some(roles)), Standing::Signed(role)) if !roles.contains(&role) => Decision::Home(role),
        (Target::Protected(_), Standing::Signed(_)) => return Decision::Serve,
        (_, Standing::Renewable) => Decision::Renew,
        (_, Standing::Nobody) if visit.from_elsewhere => Decision::Bounce,
        (Target::SignIn, Standing::Nobody) => return Decision::Serve,
        (Target::Root | Target::Protected(_), Standing::Nobody) => Decision::SignIn,
    };
    if visit.prefetch { Decision::Refuse } else { admitted }
}

/// Reads how a request for a page arrived.
pub fn visit(headers: &HeaderMap) -> Visit {
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|found| found == value);
    let prefetch = headers.contains_key("next-router-prefetch")
        || is("purpose", "prefetch")
        || headers.get("sec-purpose").is_some_and(|purpose| memchr::memmem::find(purpose.as_bytes(), b"prefetch").is_some());
    let from_elsewhere = is("sec-fetch-site", "cross-site")
        && is("sec-fetch-mode", "navigate")
        && is("sec-fetch-dest", "document")
        && !headers.contains_key(http::header::COOKIE);
    Visit { prefetch, from_elsewhere }
}

/// The sign-in address that leads back to `path_and_query` afterwards.
pub fn sign_in(locale: &str, path_and_query: Option<&str>) -> String {
    let mut location = format!("/{locale}/sign-in");
    if let Some(next) = path_and_query {
        location.push_str("?next=");
        pages::first_data::push_encoded(&mut location, next);
    }
    location
}

/// A page without script or style that opens the same address again. Its second request comes from this site,
/// so it carries the `Strict` cookies and is never bounced again.
pub fn bounce(path_and_query: &str) -> String {
    let target = path_and_query.replace('\'', "%27");
    let target = html_escape::encode_double_quoted_attribute(&target);
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>PEC</title>\
         <meta http-equiv=\"refresh\" content=\"0;url='{target}'\"></head>\
         <body><a href=\"{target}\">Continue</a></body></html>"
    )
}

#[cfg(test)]
#[path = "access_tests.rs"]
mod tests;
