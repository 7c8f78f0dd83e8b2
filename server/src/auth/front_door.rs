//! What the edge asks of sign-in: who a request speaks for, and whether a page may be renewed on the way.

use std::sync::Arc;

use http::{HeaderMap, HeaderValue};
use tokio::time::Instant;

use super::{
    claims::Claims,
    cookies,
    error::AuthError,
    gate::{Gate, Presence},
    handlers::with,
    refresh::RefreshToken,
    store,
    token::{AUDIENCE, Expected},
};
use crate::{
    app::App,
    db::{DbError, Module, TenantDb, ids::RequestId},
};

/// Whom the headers speak for, at this institution's address. No SQL.
pub fn identify(app: &App, db: &TenantDb, headers: &HeaderMap) -> Presence {
    let revocations = app.revocations(db);
    let gate = Gate {
        keyring: app.keyring(),
        expected: Expected { iss: app.issuer(), aud: AUDIENCE, tenant: db.id() },
        revocations: &revocations,
    };
    gate.identify(headers, app.clock().now().timestamp(), Instant::now())
}

/// Whether the session behind verified claims stands, asked of the database: for when `Presence::unconfirmed` says so.
pub async fn confirm(db: &TenantDb, claims: &Claims) -> Result<bool, DbError> {
    let mut reader = db.reader(Module::Auth).await?;
    let now = db.clock().now();
    let stands = store::session_stands(&mut reader, claims.session, claims.user, claims.epoch, now).await?;
    reader.done();
    Ok(stands)
}

/// Exchanges the refresh cookie of a page request. `None`: there is none, or it no longer works.
pub async fn renew_page(
    app: &App,
    db: &TenantDb,
    headers: &HeaderMap,
) -> Result<Option<(Arc<Claims>, Vec<HeaderValue>)>, AuthError> {
    let presented = cookies::read(headers).ok().and_then(|presented| presented.refresh);
    let Some(token) = presented.and_then(RefreshToken::parse) else {
        return Ok(None);
    };
    let request = crate::api::request_id::current().map_or_else(RequestId::new, RequestId);
    match with(app, db, async |sessions| sessions.renew(&token, request).await).await {
        Ok(issued) => {
            let cookies = issued.cookies();
            Ok(Some((Arc::new(issued.claims), cookies)))
        }
        Err(AuthError::SessionOver) => Ok(None),
        Err(error) => Err(error),
    }
}
