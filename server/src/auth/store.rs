//! All SQL of sessions and passwords.
//!
//! Order of locks: account, then session; tokens only under their session's lock. Locking and reading are two
//! statements wherever more than the locked row is read: a statement that waited for a lock sees the locked row as it
//! is now, but everything else as it was before the wait.

mod credentials;
mod renewal;
mod upkeep;

pub use credentials::{LinkRow, find_link, insert_link, rehash, set_password};
pub use renewal::{RenewalRow, Rotation, lock_renewal, next_link, rotate, rotate_again};
pub use upkeep::{revocations_since, sweep};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    actions::{SignIn, SwitchRole},
    claims::RoleSet,
    revocation::{Revocation, Subject},
    sessions::SessionLimits,
};
use crate::db::{
    Action, DbError, Role, WriteTx,
    ids::{SessionId, UserId},
};

pub struct Account {
    pub id: UserId,
    pub active: bool,
    pub epoch: i32,
    pub roles: RoleSet,
}

/// What a sign-in attempt is checked against.
pub struct Login {
    pub id: UserId,
    pub active: bool,
    pub roles: RoleSet,
    /// The role of the latest session.
    pub last_role: Option<Role>,
    pub password_hash: Option<String>,
}

pub struct OwnedSession {
    pub id: SessionId,
    pub user: UserId,
    pub role: Role,
    pub auth_time: DateTime<Utc>,
    pub idle_timeout_s: i32,
    pub expires_at: DateTime<Utc>,
    pub ended: bool,
}

/// The CHECK on every such column admits the three roles only.
fn role(name: &str) -> Role {
    Role::parse(name).expect("the database holds known roles only")
}

fn roles(names: &[String]) -> RoleSet {
    names.iter().map(|name| role(name)).collect()
}

/// One statement, whatever is found: an unknown address takes the same path as a known one.
pub async fn find_login(connection: &mut PgConnection, email: &str) -> Result<Option<Login>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select u.id, u.status = 'active' as "active!", c.password_hash as "password_hash?",
            array(select r.role from user_role r where r.user_id = u.id) as "roles!",
            (select s.role from session s where s.user_id = u.id order by s.auth_time desc limit 1) as last_role
        from app_user u left join credential c on c.user_id = u.id where u.email = $1"#,
        email
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Login {
        id: UserId(row.id),
        active: row.active,
        roles: roles(&row.roles),
        last_role: row.last_role.as_deref().map(role),
        password_hash: row.password_hash,
    }))
}

pub async fn lock_account(connection: &mut PgConnection, id: UserId) -> Result<Option<Account>, sqlx::Error> {
    let Some(row) =
        sqlx::query!(r#"select epoch, status = 'active' as "active!" from app_user where id = $1 for no key update"#, id.0)
            .fetch_optional(&mut *connection)
            .await?
    else {
        return Ok(None);
    };
    let held = sqlx::query_scalar!("select role from user_role where user_id = $1", id.0).fetch_all(connection).await?;
    Ok(Some(Account { id, active: row.active, epoch: row.epoch, roles: roles(&held) }))
}

pub async fn owner_of(connection: &mut PgConnection, id: SessionId) -> Result<Option<UserId>, sqlx::Error> {
    let owner = sqlx::query_scalar!("select user_id from session where id = $1", id.0).fetch_optional(connection).await?;
    Ok(owner.map(UserId))
}

pub async fn lock_session(connection: &mut PgConnection, id: SessionId) -> Result<Option<OwnedSession>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select user_id, role, auth_time, idle_timeout_s, expires_at, ended_at is not null as "ended!"
        from session where id = $1 for update"#,
        id.0
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| OwnedSession {
        id,
        user: UserId(row.user_id),
        role: role(&row.role),
        auth_time: row.auth_time,
        idle_timeout_s: row.idle_timeout_s,
        expires_at: row.expires_at,
        ended: row.ended,
    }))
}

pub struct NewSession<'a> {
    pub id: SessionId,
    pub role: Role,
    pub user_agent: &'a str,
    pub now: DateTime<Utc>,
    pub idle_timeout_s: i32,
    pub expires_at: DateTime<Utc>,
    pub token_sha256: [u8; 32],
}

pub async fn start_session(tx: &mut WriteTx<SignIn>, new: &NewSession<'_>) -> Result<(), DbError> {
    let user = tx.target().id;
    sqlx::query!(
        "with made as (
            insert into session (id, user_id, role, user_agent, auth_time, last_used_at, idle_timeout_s, expires_at)
            values ($1, $2, $3, $4, $5, $5, $6, $7) returning id
        ) insert into refresh_token (sha256, session_id, issued_at) select $8, made.id, $5 from made",
        new.id.0,
        user.0,
        new.role.as_str(),
        new.user_agent,
        new.now,
        new.idle_timeout_s,
        new.expires_at,
        new.token_sha256.as_slice(),
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// The sessions beyond the newest `keep` of this account that are still open.
pub async fn surplus_sessions(tx: &mut WriteTx<SignIn>, keep: i64) -> Result<Vec<Uuid>, DbError> {
    let user = tx.target().id;
    let ids = sqlx::query_scalar!(
        "select id from session where user_id = $1 and ended_at is null order by last_used_at desc, id desc offset $2 for update",
        user.0,
        keep
    )
    .fetch_all(tx.connection())
    .await?;
    Ok(ids)
}

pub async fn set_session_role(tx: &mut WriteTx<SwitchRole>, limits: SessionLimits) -> Result<(), DbError> {
    let (id, to) = (tx.target().session.id, tx.target().to);
    sqlx::query!(
        "update session set role = $2, idle_timeout_s = $3, expires_at = $4 where id = $1",
        id.0,
        to.as_str(),
        limits.idle_timeout_s,
        limits.expires_at
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

/// Ends sessions, whose locks the transaction holds: none of their tokens works again, and every node hears of it.
pub async fn end_sessions<A: Action>(
    tx: &mut WriteTx<A>,
    ids: &[Uuid],
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Revocation>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    sqlx::query!("update refresh_token set revoked_at = $2 where session_id = any($1) and revoked_at is null", ids, now)
        .execute(tx.connection())
        .await?;
    let rows = sqlx::query!(
        "with ended as (
            update session set ended_at = $2, ended_reason = $3 where id = any($1) and ended_at is null returning id
        ) insert into revocation (subject_id, kind) select id, 'session' from ended
        on conflict (subject_id, kind) do update set at = clock_timestamp()
        returning subject_id, at",
        ids,
        now,
        reason,
    )
    .fetch_all(tx.connection())
    .await?;
    Ok(rows.into_iter().map(|row| Revocation { subject: Subject::Session(SessionId(row.subject_id)), at: row.at }).collect())
}

/// The open sessions of an account, whose lock the transaction holds.
pub async fn open_sessions<A: Action>(tx: &mut WriteTx<A>, user: UserId) -> Result<Vec<Uuid>, DbError> {
    let ids =
        sqlx::query_scalar!("select id from session where user_id = $1 and ended_at is null order by id for update", user.0)
            .fetch_all(tx.connection())
            .await?;
    Ok(ids)
}

/// Access tokens issued until now stop counting, on every node.
pub async fn raise_epoch<A: Action>(tx: &mut WriteTx<A>, user: UserId) -> Result<Revocation, DbError> {
    let row = sqlx::query!(
        "with raised as (update app_user set epoch = epoch + 1 where id = $1 returning id, epoch)
        insert into revocation (subject_id, kind, min_epoch) select id, 'account', epoch from raised
        on conflict (subject_id, kind) do update set min_epoch = greatest(revocation.min_epoch, excluded.min_epoch), at = clock_timestamp()
        returning min_epoch, at",
        user.0
    )
    .fetch_one(tx.connection())
    .await?;
    Ok(Revocation { subject: Subject::Account { user, min_epoch: row.min_epoch }, at: row.at })
}

/// Whether a session is open and its account unchanged: asked when the revocation cache can't tell.
pub async fn session_stands(
    connection: &mut PgConnection,
    session: SessionId,
    user: UserId,
    epoch: i32,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
            select from session s join app_user u on u.id = s.user_id
            where s.id = $1 and s.user_id = $2 and s.ended_at is null and s.expires_at > $4 and u.epoch <= $3 and u.status = 'active'
        ) as "stands!""#,
        session.0,
        user.0,
        epoch,
        now
    )
    .fetch_one(connection)
    .await
}
