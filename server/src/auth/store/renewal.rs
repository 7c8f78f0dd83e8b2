//! Refresh tokens: what is known of one, and its exchange.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::{Account, OwnedSession, role, roles};
use crate::{
    auth::{
        actions::Renew,
        refresh::{Family, Presented, Successor, Used},
        sessions::SessionLimits,
    },
    db::{
        DbError, Role, WriteTx,
        ids::{SessionId, UserId},
    },
};

/// A refresh token's session and account, and what `refresh::decide` needs.
pub struct RenewalRow {
    pub session: OwnedSession,
    pub account: Account,
    pub presented: Presented,
    pub successor_sha256: Option<Vec<u8>>,
    pub successor_sealed: Option<Vec<u8>>,
}

pub async fn lock_renewal(connection: &mut PgConnection, sha256: &[u8; 32]) -> Result<Option<RenewalRow>, sqlx::Error> {
    // Fifty requests with one token queue up here; each then reads what the one before it committed.
    let Some(id) = sqlx::query_scalar!(
        "select id from session where id = (select session_id from refresh_token where sha256 = $1) for update",
        sha256.as_slice()
    )
    .fetch_optional(&mut *connection)
    .await?
    else {
        return Ok(None);
    };
    let row = sqlx::query!(
        r#"select s.user_id, s.role, s.auth_time, s.idle_timeout_s, s.last_used_at, s.expires_at, s.ended_at is not null as "ended!",
            u.epoch, u.status = 'active' as "active!", array(select r.role from user_role r where r.user_id = u.id) as "roles!",
            t.used_at, t.revoked_at is not null as "revoked!", t.successor_sha256, t.successor_sealed,
            n.used_at is not null as "next_used!", n.revoked_at is not null as "next_revoked!"
        from session s join app_user u on u.id = s.user_id join refresh_token t on t.session_id = s.id
            left join refresh_token n on n.sha256 = t.successor_sha256
        where s.id = $1 and t.sha256 = $2"#,
        id,
        sha256.as_slice()
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| {
        let user = UserId(row.user_id);
        let successor = match (row.next_revoked, row.next_used) {
            (true, _) => Successor::Revoked,
            (false, true) => Successor::Used,
            (false, false) => Successor::Unused,
        };
        let session = OwnedSession {
            id: SessionId(id),
            user,
            role: role(&row.role),
            auth_time: row.auth_time,
            idle_timeout_s: row.idle_timeout_s,
            expires_at: row.expires_at,
            ended: row.ended,
        };
        let account = Account { id: user, active: row.active, epoch: row.epoch, roles: roles(&row.roles) };
        let limits = session.limits(account.roles);
        let family = Family {
            ended: row.ended,
            idle_until: row.last_used_at + TimeDelta::seconds(limits.idle_timeout_s.into()),
            expires_at: limits.expires_at,
        };
        RenewalRow {
            session,
            account,
            presented: Presented { revoked: row.revoked, used: row.used_at.map(|at| Used { at, successor }), family },
            successor_sha256: row.successor_sha256,
            successor_sealed: row.successor_sealed,
        }
    }))
}

/// What became of a token, as far as following it needs.
pub struct Link {
    pub used: bool,
    pub revoked: bool,
    pub successor_sealed: Option<Vec<u8>>,
}

/// The next token of a family whose lock the transaction holds.
pub async fn next_link(tx: &mut WriteTx<Renew>, sha256: &[u8; 32]) -> Result<Option<Link>, DbError> {
    let session = tx.target().session.id;
    let link = sqlx::query_as!(
        Link,
        r#"select used_at is not null as "used!", revoked_at is not null as "revoked!", successor_sealed
        from refresh_token where sha256 = $1 and session_id = $2"#,
        sha256.as_slice(),
        session.0
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(link)
}

pub struct Rotation<'a> {
    pub from: [u8; 32],
    pub to: [u8; 32],
    pub sealed: &'a [u8],
    pub role: Role,
    pub limits: SessionLimits,
    pub now: DateTime<Utc>,
}

/// The first use of a token. False: it was used or revoked in the meantime, and nothing was written.
pub async fn rotate(tx: &mut WriteTx<Renew>, rotation: &Rotation<'_>) -> Result<bool, DbError> {
    let done = sqlx::query!(
        "with used as (
            update refresh_token set used_at = $5, successor_sha256 = $2, successor_sealed = $3
            where sha256 = $1 and used_at is null and revoked_at is null returning session_id
        ), made as (
            insert into refresh_token (sha256, session_id, issued_at) select $2, session_id, $5 from used
        ) update session s set last_used_at = $5, role = $4, idle_timeout_s = $6, expires_at = $7
        from used where s.id = used.session_id",
        rotation.from.as_slice(),
        rotation.to.as_slice(),
        rotation.sealed,
        rotation.role.as_str(),
        rotation.now,
        rotation.limits.idle_timeout_s,
        rotation.limits.expires_at,
    )
    .execute(tx.connection())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A used token whose successor never arrived: that one is revoked, and another takes its place. False: the successor
/// was used in the meantime, and nothing was written.
pub async fn rotate_again(tx: &mut WriteTx<Renew>, rotation: &Rotation<'_>) -> Result<bool, DbError> {
    let lost = tx.target().successor_sha256.clone();
    let done = sqlx::query!(
        "with lost as (
            update refresh_token set revoked_at = $5 where sha256 = $6 and used_at is null and revoked_at is null returning session_id
        ), used as (
            update refresh_token t set used_at = $5, successor_sha256 = $2, successor_sealed = $3
            from lost where t.sha256 = $1 and t.revoked_at is null returning t.session_id
        ), made as (
            insert into refresh_token (sha256, session_id, issued_at) select $2, session_id, $5 from used
        ) update session s set last_used_at = $5, role = $4, idle_timeout_s = $7, expires_at = $8
        from used where s.id = used.session_id",
        rotation.from.as_slice(),
        rotation.to.as_slice(),
        rotation.sealed,
        rotation.role.as_str(),
        rotation.now,
        lost,
        rotation.limits.idle_timeout_s,
        rotation.limits.expires_at,
    )
    .execute(tx.connection())
    .await?;
    Ok(done.rows_affected() == 1)
}
