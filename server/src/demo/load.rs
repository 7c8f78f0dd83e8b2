//! Copies a world into one institution's schema.

use std::ops::Range;

use sqlx::PgConnection;

use super::copy::CopyRow;
use super::parts::{Part, Table, parts};
use super::world::World;

/// Sent at once: large enough to cost few round trips, small enough to hold a benchmark's world in little memory.
const CHUNK_BYTES: usize = 256 << 10;

/// Foreign keys and counters are worked off at the end of each COPY: several short ones keep progress moving and the
/// rows that a statement's triggers have to hold few.
const BATCH_ROWS: usize = 10_000;

/// How far loading is: rows of the part `name`, and of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub part: &'static str,
    pub done: usize,
    pub total: usize,
}

/// Whether the institution has records already: a world is loaded only into an empty one.
pub async fn has_records(conn: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select exists (select from term) or exists (select from department) as "any!""#).fetch_one(conn).await
}

/// Writes everything, inside the caller's transaction; the planner's statistics are the caller's to refresh afterward.
///
/// The institution's name, time zone and accent become the profile's. People who are there already stay.
pub async fn load(conn: &mut PgConnection, world: &World, progress: &mut (dyn FnMut(Progress) + Send)) -> sqlx::Result<()> {
    institution(conn, world).await?;
    let rows = |part: &Part| part.tables.iter().map(|table| (table.rows)(world)).sum::<usize>();
    let total = parts().iter().map(rows).sum();
    let mut done = 0;
    for part in parts() {
        for table in part.tables {
            let mut advance = |rows| {
                done += rows;
                progress(Progress { part: part.name, done, total });
            };
            copy(conn, world, table, &mut advance).await?;
        }
    }
    Ok(())
}

async fn institution(conn: &mut PgConnection, world: &World) -> sqlx::Result<()> {
    let profile = world.profile;
    sqlx::query!(
        "update institution set name = $1, short_name = $2, time_zone = $3, locale = $4, accent_hue = $5, version = version + 1",
        profile.name,
        profile.short_name,
        profile.time_zone,
        profile.locale,
        profile.accent_hue,
    )
    .execute(conn)
    .await
    .map(drop)
}

/// One table, in statements of [`BATCH_ROWS`].
async fn copy(
    conn: &mut PgConnection,
    world: &World,
    table: &Table,
    advance: &mut (dyn FnMut(usize) + Send),
) -> sqlx::Result<()> {
    let rows = (table.rows)(world);
    for start in (0..rows).step_by(BATCH_ROWS) {
        let end = rows.min(start + BATCH_ROWS);
        batch(conn, world, table, start..end).await?;
        advance(end - start);
    }
    Ok(())
}

async fn batch(conn: &mut PgConnection, world: &World, table: &Table, rows: Range<usize>) -> sqlx::Result<()> {
    let mut sink = conn.copy_in_raw(table.copy).await?;
    let mut buffer = String::with_capacity(CHUNK_BYTES + (16 << 10));
    for index in rows {
        let mut row = CopyRow::new(&mut buffer);
        (table.row)(world, index, &mut row);
        row.end();
        if buffer.len() >= CHUNK_BYTES {
            sink.send(buffer.as_bytes()).await?;
            buffer.clear();
        }
    }
    if !buffer.is_empty() {
        sink.send(buffer.as_bytes()).await?;
    }
    sink.finish().await.map(drop)
}
