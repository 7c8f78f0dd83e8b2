//! Password hashes, and the links that set a password.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{
    auth::actions::{IssuePasswordLink, SetPassword, SignIn},
    db::{DbError, WriteTx, ids::UserId},
};

pub struct LinkRow {
    pub user: UserId,
    pub email: Option<String>,
    /// The institution's names: no password may be made of them.
    pub institution: Vec<String>,
    pub usable: bool,
}

pub async fn find_link(
    connection: &mut PgConnection,
    sha256: &[u8; 32],
    now: DateTime<Utc>,
) -> Result<Option<LinkRow>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select l.user_id, u.email, l.used_at is null and l.expires_at > $2 as "usable!",
            array(select unnest(array[i.name, i.short_name]) from institution i) as "institution!"
        from password_link l join app_user u on u.id = l.user_id where l.token_sha256 = $1"#,
        sha256.as_slice(),
        now
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| LinkRow { user: UserId(row.user_id), email: row.email, institution: row.institution, usable: row.usable }))
}

/// The password is known at this moment only, so this is when an old hash is replaced.
pub async fn rehash(tx: &mut WriteTx<SignIn>, old: &str, new: &str) -> Result<(), DbError> {
    let user = tx.target().id;
    sqlx::query!("update credential set password_hash = $3 where user_id = $1 and password_hash = $2", user.0, old, new)
        .execute(tx.connection())
        .await?;
    Ok(())
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
