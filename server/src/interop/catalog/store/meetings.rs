//! Meetings of the sections that meet differently from now on, and who teaches them.

use chrono::NaiveTime;
use sqlx::PgConnection;
use uuid::Uuid;

use super::apply::{ApplyError, column};
use crate::interop::catalog::meetings::Placed;
use crate::interop::catalog::plan::Plan;

/// Beyond any position in use (a section has at most 200 meetings): where kept meetings wait for their new one.
const ASIDE: i16 = 10_000;

struct Row<'a> {
    section_id: Uuid,
    position: i16,
    placed: &'a Placed,
    room_id: Option<Uuid>,
}

pub async fn write(conn: &mut PgConnection, plan: &Plan) -> Result<(), ApplyError> {
    let changed = || plan.sections.iter().filter_map(|section| Some((section.id, section.meetings.as_ref()?)));
    let removed: Vec<Uuid> = changed().flat_map(|(_, meetings)| meetings.remove.iter().copied()).collect();
    let rows = changed().flat_map(|(section_id, meetings)| {
        (0i16..).zip(&meetings.keep).map(move |(position, placed)| Row {
            section_id,
            position,
            placed,
            room_id: placed.meeting.room.as_ref().map(|room| plan.room_ids[room]),
        })
    });
    let (new, kept): (Vec<Row>, Vec<Row>) = rows.partition(|row| row.placed.is_new);
    if !removed.is_empty() {
        sqlx::query!("delete from meeting where id = any($1)", &removed).execute(&mut *conn).await?;
    }
    update(conn, &kept).await?;
    insert(conn, &new).await?;
    instructors(conn, plan, &kept, &new).await
}

/// Positions are unique in a section at every moment, so kept meetings first step aside.
async fn update(conn: &mut PgConnection, rows: &[Row<'_>]) -> Result<(), ApplyError> {
    if rows.is_empty() {
        return Ok(());
    }
    let ids = column(rows, |row| row.placed.id);
    sqlx::query!("update meeting set position = position + $2 where id = any($1)", &ids, ASIDE).execute(&mut *conn).await?;
    sqlx::query!(
        "update meeting m set position = new.position, kind = new.kind, days = new.days, starts_at = new.starts_at, ends_at = new.ends_at,
             room_id = new.room_id
         from unnest($1::uuid[], $2::smallint[], $3::text[], $4::smallint[], $5::time[], $6::time[], $7::uuid[])
             as new (id, position, kind, days, starts_at, ends_at, room_id)
         where m.id = new.id",
        &ids,
        &column(rows, |row| row.position),
        &column(rows, |row| row.placed.meeting.kind.clone()),
        &column(rows, |row| i16::from(row.placed.meeting.days)),
        &column(rows, |row| row.placed.meeting.times.map(|(from, _)| from)) as &[Option<NaiveTime>],
        &column(rows, |row| row.placed.meeting.times.map(|(_, to)| to)) as &[Option<NaiveTime>],
        &column(rows, |row| row.room_id) as &[Option<Uuid>],
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn insert(conn: &mut PgConnection, rows: &[Row<'_>]) -> Result<(), ApplyError> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "insert into meeting (id, section_id, position, kind, days, starts_at, ends_at, room_id)
         select * from unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::text[], $5::smallint[], $6::time[], $7::time[], $8::uuid[])",
        &column(rows, |row| row.placed.id),
        &column(rows, |row| row.section_id),
        &column(rows, |row| row.position),
        &column(rows, |row| row.placed.meeting.kind.clone()),
        &column(rows, |row| i16::from(row.placed.meeting.days)),
        &column(rows, |row| row.placed.meeting.times.map(|(from, _)| from)) as &[Option<NaiveTime>],
        &column(rows, |row| row.placed.meeting.times.map(|(_, to)| to)) as &[Option<NaiveTime>],
        &column(rows, |row| row.room_id) as &[Option<Uuid>],
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn instructors(conn: &mut PgConnection, plan: &Plan, kept: &[Row<'_>], new: &[Row<'_>]) -> Result<(), ApplyError> {
    if !kept.is_empty() {
        let ids = column(kept, |row| row.placed.id);
        sqlx::query!("delete from meeting_instructor where meeting_id = any($1)", &ids).execute(&mut *conn).await?;
    }
    let pairs: Vec<(Uuid, Uuid)> = kept
        .iter()
        .chain(new)
        .flat_map(|row| row.placed.meeting.instructors.iter().map(|key| (row.placed.id, plan.instructor_ids[key])))
        .collect();
    if pairs.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "insert into meeting_instructor (meeting_id, user_id) select * from unnest($1::uuid[], $2::uuid[])",
        &column(&pairs, |(meeting, _)| *meeting),
        &column(&pairs, |(_, user)| *user),
    )
    .execute(conn)
    .await?;
    Ok(())
}
