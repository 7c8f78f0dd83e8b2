//! All SQL of sessions and passwords.
//!
//! Order of locks: account, then session; tokens only under their session's lock. Locking and reading are two
//! statements wherever more than the locked row is read: a statement that waited for a lock sees the locked row as it
//! is now, but everything else as it was before the wait.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    actions::{IssuePasswordLink, Renew, SetPassword, SignIn, Sweep, SwitchRole},
    claims::RoleSet,
    refresh::{Family, Presented, Successor, Used},
    revocation::{Revocation, Subject},
};
use crate::db::{
    Action, DbError, Role, WriteTx,
    ids::{SessionId, UserId},
};

/// More rows than this in one poll would mean that half the institution signed out in ten minutes; the next poll goes on.
const POLL_ROWS: i64 = 50_000;

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

/// A refresh token's session and account, and what `refresh::decide` needs.
pub struct RenewalRow {
    pub session: OwnedSession,
    pub account: Account,
    pub presented: Presented,
    pub successor_sha256: Option<Vec<u8>>,
    pub successor_sealed: Option<Vec<u8>>,
}

pub struct LinkRow {
    pub user: UserId,
    pub email: Option<String>,
    pub usable: bool,
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
        let family = Family {
            ended: row.ended,
            idle_until: row.last_used_at + TimeDelta::seconds(row.idle_timeout_s.into()),
            expires_at: row.expires_at,
        };
        RenewalRow {
            session: OwnedSession {
                id: SessionId(id),
                user,
                role: role(&row.role),
                auth_time: row.auth_time,
                idle_timeout_s: row.idle_timeout_s,
                expires_at: row.expires_at,
                ended: row.ended,
            },
            account: Account { id: user, active: row.active, epoch: row.epoch, roles: roles(&row.roles) },
            presented: Presented { revoked: row.revoked, used: row.used_at.map(|at| Used { at, successor }), family },
            successor_sha256: row.successor_sha256,
            successor_sealed: row.successor_sealed,
        }
    }))
}

pub async fn find_link(
    connection: &mut PgConnection,
    sha256: &[u8; 32],
    now: DateTime<Utc>,
) -> Result<Option<LinkRow>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select l.user_id, u.email, l.used_at is null and l.expires_at > $2 as "usable!"
        from password_link l join app_user u on u.id = l.user_id where l.token_sha256 = $1"#,
        sha256.as_slice(),
        now
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| LinkRow { user: UserId(row.user_id), email: row.email, usable: row.usable }))
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

/// The password is known at this moment only, so this is when an old hash is replaced.
pub async fn rehash(tx: &mut WriteTx<SignIn>, old: &str, new: &str) -> Result<(), DbError> {
    let user = tx.target().id;
    sqlx::query!("update credential set password_hash = $3 where user_id = $1 and password_hash = $2", user.0, old, new)
        .execute(tx.connection())
        .await?;
    Ok(())
}

pub struct Rotation<'a> {
    pub from: [u8; 32],
    pub to: [u8; 32],
    pub sealed: &'a [u8],
    pub role: Role,
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
        ) update session s set last_used_at = $5, role = $4 from used where s.id = used.session_id",
        rotation.from.as_slice(),
        rotation.to.as_slice(),
        rotation.sealed,
        rotation.role.as_str(),
        rotation.now,
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
        ) update session s set last_used_at = $5, role = $4 from used where s.id = used.session_id",
        rotation.from.as_slice(),
        rotation.to.as_slice(),
        rotation.sealed,
        rotation.role.as_str(),
        rotation.now,
        lost,
    )
    .execute(tx.connection())
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn set_session_role(tx: &mut WriteTx<SwitchRole>) -> Result<(), DbError> {
    let (id, to) = (tx.target().session.id, tx.target().to);
    sqlx::query!("update session set role = $2 where id = $1", id.0, to.as_str()).execute(tx.connection()).await?;
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

/// Stores the password, uses up the link and every other link of the account.
pub async fn set_password(tx: &mut WriteTx<SetPassword>, phc: &str, now: DateTime<Utc>) -> Result<(), DbError> {
    let user = tx.target().account.id;
    sqlx::query!("update password_link set used_at = $2 where user_id = $1 and used_at is null", user.0, now)
        .execute(tx.connection())
        .await?;
    sqlx::query!(
        "insert into credential (user_id, password_hash, changed_at) values ($1, $2, $3)
        on conflict (user_id) do update set password_hash = excluded.password_hash, changed_at = excluded.changed_at",
        user.0,
        phc,
        now
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}

pub async fn insert_link(
    tx: &mut WriteTx<IssuePasswordLink>,
    sha256: &[u8; 32],
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), DbError> {
    let user = tx.target().id;
    // The newest link is the one that counts.
    sqlx::query!("update password_link set used_at = $2 where user_id = $1 and used_at is null", user.0, now)
        .execute(tx.connection())
        .await?;
    sqlx::query!(
        "insert into password_link (token_sha256, user_id, created_at, expires_at) values ($1, $2, $3, $4)",
        sha256.as_slice(),
        user.0,
        now,
        expires_at
    )
    .execute(tx.connection())
    .await?;
    Ok(())
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

pub async fn revocations_since(
    connection: &mut PgConnection,
    since: Option<DateTime<Utc>>,
) -> Result<Vec<Revocation>, sqlx::Error> {
    let rows = sqlx::query!(
        "select subject_id, kind, min_epoch, at from revocation where $1::timestamptz is null or at >= $1 order by at limit $2",
        since,
        POLL_ROWS
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let subject = match row.kind.as_str() {
                "session" => Subject::Session(SessionId(row.subject_id)),
                _ => Subject::Account { user: UserId(row.subject_id), min_epoch: row.min_epoch },
            };
            Revocation { subject, at: row.at }
        })
        .collect())
}

/// Rows removed from one table in one sweep; the next sweep goes on.
const SWEEP_ROWS: i64 = 5_000;

/// Revocations older than any access token, sessions over for a month, used tokens older than a week, dead links.
pub async fn sweep(tx: &mut WriteTx<Sweep>, now: DateTime<Utc>) -> Result<u64, DbError> {
    let connection = tx.connection();
    let (week, month) = (now - TimeDelta::days(7), now - TimeDelta::days(30));
    // By the database's clock, which dated these rows.
    let revocations = sqlx::query!("delete from revocation where at < clock_timestamp() - interval '15 minutes'")
        .execute(&mut *connection)
        .await?;
    // A session's tokens go with it. A month is long enough to explain an ended session to its owner.
    let sessions = sqlx::query!(
        "delete from session where id in (select id from session where coalesce(ended_at, expires_at) < $1 limit $2)",
        month,
        SWEEP_ROWS
    )
    .execute(&mut *connection)
    .await?;
    // Presented after this, such a token is unknown instead of a sign of theft; either way it opens nothing.
    let tokens = sqlx::query!(
        "delete from refresh_token where sha256 in (select sha256 from refresh_token where used_at < $1 limit $2)",
        week,
        SWEEP_ROWS
    )
    .execute(&mut *connection)
    .await?;
    let links = sqlx::query!("delete from password_link where expires_at < $1", month).execute(&mut *connection).await?;
    Ok([revocations, sessions, tokens, links].iter().map(|done| done.rows_affected()).sum())
}
