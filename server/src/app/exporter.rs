use axum::extract::FromRequestParts;
use http::request::Parts;
use tokio::time::Instant;

use super::{App, Caller};
use crate::{
    api::{Place, Problem, ProblemKind, Taker},
    auth::{self, revocation::Standing},
};

/// Somebody who takes a list along, with the place their file is written in. A handler that asks for it first has the place before
/// it reads or writes down anything; without a place the request ends here.
pub struct Exporter {
    app: App,
    pub caller: Caller,
    _place: Place,
}

impl FromRequestParts<App> for Exporter {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let place = app.0.exports.take(caller.db.id(), caller.user_id)?;
        Ok(Self { app: app.clone(), caller, _place: place })
    }
}

impl Taker for Exporter {
    /// As the guard decides it for a request: from memory, and where that is too old from the database.
    async fn stands(&self) -> Result<(), Problem> {
        let Caller { db, claims, .. } = &self.caller;
        let stands = match self.app.revocations(db).standing(claims, Instant::now()) {
            Standing::Good => true,
            Standing::Revoked => false,
            Standing::Unknown => auth::confirm(db, claims).await?,
        };
        if stands { Ok(()) } else { Err(ProblemKind::Unauthenticated.into()) }
    }
}
