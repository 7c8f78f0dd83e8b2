use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Instructor, Meeting, MeetingRow, Meetings, Room, Term};
use crate::{
    api::Date,
    db::ids::{MeetingId, SectionId, TermId},
};

struct TermRow {
    id: TermId,
    code: String,
    name: String,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    current: bool,
}

impl From<TermRow> for Term {
    fn from(row: TermRow) -> Self {
        let TermRow { id, code, name, starts_on, ends_on, current } = row;
        Self { id, code, name, starts_on: Date(starts_on), ends_on: Date(ends_on), current }
    }
}

/// Latest first, from just after `after` (a term's first day and id).
pub async fn terms(
    connection: &mut PgConnection,
    now: DateTime<Utc>,
    after: Option<(NaiveDate, TermId)>,
    rows: i64,
) -> Result<Vec<Term>, sqlx::Error> {
    let (after_start, after_id) = after.map(|(start, id)| (start, id.0)).unzip();
    let rows = sqlx::query_as!(
        TermRow,
        r#"select t.id, t.code, t.name, t.starts_on, t.ends_on, coalesce(t.id = now.term_id, false) as "current!"
        from term t left join (
            select c.id as term_id from term c, (select ($1::timestamptz at time zone i.time_zone)::date as today from institution i) d
            where c.starts_on <= d.today and c.ends_on >= d.today order by c.starts_on desc, c.id limit 1
        ) now on true
        where $2::date is null or t.starts_on < $2 or (t.starts_on = $2 and t.id > $3)
        order by t.starts_on desc, t.id limit $4"#,
        now,
        after_start,
        after_id,
        rows
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(Term::from).collect())
}

/// The term in progress, if one is.
pub async fn current_term(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<Option<Term>, sqlx::Error> {
    let row = sqlx::query_as!(
        TermRow,
        r#"select c.id, c.code, c.name, c.starts_on, c.ends_on, true as "current!"
        from term c, (select ($1::timestamptz at time zone i.time_zone)::date as today from institution i) d
        where c.starts_on <= d.today and c.ends_on >= d.today order by c.starts_on desc, c.id limit 1"#,
        now
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(Term::from))
}

/// The meetings of sections, in one statement whatever their number.
pub async fn meetings_of(
    connection: &mut PgConnection,
    sections: &[SectionId],
) -> Result<HashMap<SectionId, Vec<Meeting>>, sqlx::Error> {
    let ids: Vec<Uuid> = sections.iter().map(|id| id.0).collect();
    // The sub-select hides the array from the planner: every list gets one plan that a connection keeps, instead of a plan for each
    // execution, which costs more than the rows.
    let rows = sqlx::query!(
        r#"select m.section_id, m.id, m.kind, m.days, m.starts_at, m.ends_at, r.id as "room_id?", r.building as "building?",
            r.number as "number?", u.id as "instructor_id?", u.name as "instructor?"
        from unnest((select $1::uuid[])) as wanted (id) join meeting m on m.section_id = wanted.id
        left join room r on r.id = m.room_id
        left join (meeting_instructor i join app_user u on u.id = i.user_id) on i.meeting_id = m.id
        order by m.section_id, m.position, u.sort_key, u.id"#,
        &ids
    )
    .fetch_all(connection)
    .await?;
    let mut all: HashMap<SectionId, Meetings> = HashMap::with_capacity(sections.len());
    for row in rows {
        all.entry(SectionId(row.section_id)).or_default().push(MeetingRow {
            id: MeetingId(row.id),
            kind: row.kind,
            days: row.days,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            room: Room::from_columns(row.room_id, row.building, row.number),
            instructor: Instructor::from_columns(row.instructor_id, row.instructor),
        });
    }
    Ok(all.into_iter().map(|(section, meetings)| (section, meetings.into_vec())).collect())
}
