//! What runs without a request: the poll of revocations, and the sweep.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use crate::{
    auth::{
        actions::Sweep,
        revocation::{Revocation, Subject},
    },
    db::{
        DbError, WriteTx,
        ids::{SessionId, UserId},
    },
};

/// More rows than this in one poll would mean that half the institution signed out in ten minutes; the next poll goes on.
const POLL_ROWS: i64 = 50_000;

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
