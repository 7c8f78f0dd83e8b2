use chrono::{DateTime, Utc};
use sqlx::PgConnection;

mod queues;

pub use queues::{Waiting, faculty_waiting, sections_waiting};

use super::model::{Counts, RecentAction};
use crate::{
    api::Date,
    db::ids::{AuditId, TermId},
    timetable::Term,
};

/// The term in progress, or else the latest that has sections.
pub async fn term(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<Option<Term>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select t.id, t.code, t.name, t.starts_on, t.ends_on, today.day between t.starts_on and t.ends_on as "current!"
        from term t, institution i, lateral (select ($1::timestamptz at time zone i.time_zone)::date as day) as today
        where today.day between t.starts_on and t.ends_on or exists (select from section s where s.term_id = t.id)
        order by today.day between t.starts_on and t.ends_on desc, t.starts_on desc, t.id limit 1"#,
        now
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Term {
        id: TermId(row.id),
        code: row.code,
        name: row.name,
        starts_on: Date(row.starts_on),
        ends_on: Date(row.ends_on),
        current: row.current,
    }))
}

/// Enrollments are summed from the seat counters that triggers keep, instead of being counted one by one.
pub async fn counts(connection: &mut PgConnection, term: Option<TermId>) -> Result<Counts, sqlx::Error> {
    sqlx::query_as!(
        Counts,
        r#"select
            (select count(*) from app_user) as "users!",
            (select count(*) from user_role where role = 'student') as "students!",
            (select count(*) from user_role where role = 'faculty') as "faculty!",
            (select count(*) from course where archived_at is null) as "courses!",
            (select count(*) from section where term_id = $1 and status = 'active') as "sections!",
            (select coalesce(sum(seat.enrolled), 0) from section s join section_seat seat on seat.section_id = s.id
                where s.term_id = $1) as "enrollments!""#,
        term.map(|id| id.0)
    )
    .fetch_one(connection)
    .await
}

/// Rows shown.
const RECENT: i64 = 20;

/// How far back each class is looked through for rows worth showing: sign-ins of a busy morning must not cost more than this.
const WINDOW: i64 = 5_000;

/// Everyday business of everybody. Written down, but no news.
const ROUTINE: [&str; 5] =
    ["session.sign-in", "session.sign-out", "session.sign-out-everywhere", "session.switch-role", "session.sweep"];

/// The newest sensitive, record and security rows: their projection, and today's names of who and what.
pub async fn recent_actions(connection: &mut PgConnection) -> Result<Vec<RecentAction>, sqlx::Error> {
    let routine = ROUTINE.map(str::to_owned);
    sqlx::query_as!(
        RecentAction,
        r#"with recent as (
            select e.* from unnest(array['sensitive', 'record', 'security']) as watched (class), lateral (
                select id, at, action, actor_id, actor_role, target_kind, target_id, subject_id from audit_event
                where class = watched.class order by at desc, id desc limit $3
            ) e
            where e.action <> all ($1) and (e.actor_id is null or e.actor_id is distinct from e.subject_id)
            order by e.at desc, e.id desc limit $2
        )
        select r.id as "id: AuditId", r.at, r.action, actor.name as "actor?", r.actor_role, r.target_kind, r.target_id,
            coalesce(person.name, department.code, course.code, term.name) as target
        from recent r
            left join app_user actor on actor.id = r.actor_id
            left join app_user person on person.id = r.target_id and r.target_kind = 'user'
            left join department on department.id = r.target_id and r.target_kind = 'department'
            left join course on course.id = r.target_id and r.target_kind = 'course'
            left join term on term.id = r.target_id and r.target_kind = 'term'
        order by r.at desc, r.id desc"#,
        &routine,
        RECENT,
        WINDOW
    )
    .fetch_all(connection)
    .await
}
