//! Renewal: a refresh token is exchanged, by the rules of `refresh::decide`.

use super::{
    actions::{EndReplayed, Renew},
    error::AuthError,
    refresh::{self, Decision, RefreshToken},
    sessions::{Issued, Sessions},
    store,
};
use crate::db::{
    Actor, DbError, WriteTx,
    ids::{RequestId, SessionId},
};

/// More generations than a client can go through within the replay window.
const GENERATIONS_MAX: usize = 64;

/// The token at the end of the chain that begins with `presented`. Its own successor may have been used as well within the window;
/// a client that got that one would present a used token later, and look like a thief.
async fn live_end(tx: &mut WriteTx<Renew>, presented: &RefreshToken, sealed: Vec<u8>) -> Result<RefreshToken, AuthError> {
    let (mut holder, mut sealed) = (presented.clone(), sealed);
    for _ in 0..GENERATIONS_MAX {
        let Ok(successor) = holder.open(&sealed) else {
            tracing::error!(session = %tx.target().session.id, "a sealed refresh token does not open");
            return Err(AuthError::SessionOver);
        };
        match store::next_link(tx, &successor.sha256()).await? {
            Some(link) if link.used && !link.revoked => {
                (holder, sealed) = (successor, link.successor_sealed.unwrap_or_default());
            }
            Some(link) if !link.revoked => return Ok(successor),
            _ => return Err(AuthError::SessionOver),
        }
    }
    Err(AuthError::SessionOver)
}

impl Sessions<'_> {
    /// Exchanges a refresh token, by the rules of `refresh::decide`.
    pub async fn renew(&self, presented: &RefreshToken, request: RequestId) -> Result<Issued, AuthError> {
        let actor = Actor::system("session-renewal").in_request(request);
        let mut tx = match self.db.write::<Renew>(&actor, &presented.sha256()).await {
            Err(DbError::NotFound) => return Err(AuthError::SessionOver),
            other => other?,
        };
        let now = self.db.clock().now();
        let target = tx.target();
        // The role may have been taken away since; then the session goes on in one that is left.
        let role = target.account.roles.pick(Some(target.session.role)).filter(|_| target.account.active);
        let Some(role) = role else {
            return Err(AuthError::SessionOver);
        };
        let decision = refresh::decide(now, &target.presented);
        metrics::counter!("pec_renewals_total", "decision" => decision.label()).increment(1);
        let successor = match decision {
            Decision::Refuse => return Err(AuthError::SessionOver),
            Decision::EndFamily => {
                let session = target.session.id;
                // The lock must be free before another transaction takes it.
                tx.commit_unchanged().await?;
                self.end_replayed(session, request).await?;
                return Err(AuthError::SessionOver);
            }
            Decision::Replay => {
                let sealed = target.successor_sealed.clone().unwrap_or_default();
                live_end(&mut tx, presented, sealed).await?
            }
            Decision::Rotate | Decision::RotateAgain => RefreshToken::generate(),
        };
        let target = tx.target();
        let limits = target.session.limits(target.account.roles);
        let issued = self.issue(&target.session, &target.account, role, Some(&successor), now);
        let sealed = presented.seal(&successor);
        let rotation = store::Rotation { from: presented.sha256(), to: successor.sha256(), sealed: &sealed, role, limits, now };
        let written = match decision {
            Decision::Rotate => store::rotate(&mut tx, &rotation).await?,
            Decision::RotateAgain => store::rotate_again(&mut tx, &rotation).await?,
            _ => {
                tx.commit_unchanged().await?;
                return Ok(issued);
            }
        };
        if !written {
            // Under the session's lock this can't happen; if it does, no token leaves.
            return Err(AuthError::SessionOver);
        }
        tx.commit_exempt().await?;
        Ok(issued)
    }

    async fn end_replayed(&self, session: SessionId, request: RequestId) -> Result<(), AuthError> {
        let actor = Actor::system("session-renewal").in_request(request);
        let tx = self.db.write::<EndReplayed>(&actor, &session).await?;
        tracing::warn!(%session, "a refresh token was used twice: the session ends");
        let (user, ended) = (tx.target().user, tx.target().ended);
        self.end(tx, session, user, ended, "replayed").await
    }
}
