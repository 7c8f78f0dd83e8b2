//! Own results and rosters in the order of a column. One person's results and one section's students are few: they are sorted anew.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{
    courses::{CourseRef, Hours},
    db::ids::{CourseId, CourseResultId, SectionId, TermId, UserId},
    enrollment::model::{CourseResult, Outcome, ResultSort, RosterEntry, RosterSort},
    timetable::TermRef,
};

/// Where a list of results goes on: what the chosen column says of the last one, its course's code, its id.
pub type ResultPlace = (String, String, CourseResultId);

struct ResultRow {
    id: CourseResultId,
    outcome: Outcome,
    credits: Hours,
    decided_at: DateTime<Utc>,
    course_id: CourseId,
    course_code: String,
    course_title: String,
    term_id: TermId,
    term_code: String,
    term_name: String,
    key: String,
}

impl From<ResultRow> for (CourseResult, String) {
    fn from(row: ResultRow) -> Self {
        let result = CourseResult {
            id: row.id,
            course: CourseRef { id: row.course_id, code: row.course_code, title: row.course_title },
            term: TermRef { id: row.term_id, code: row.term_code, name: row.term_name },
            outcome: row.outcome,
            credits: row.credits,
            decided_at: row.decided_at,
        };
        (result, row.key)
    }
}

macro_rules! results {
    ($connection:ident, $student:ident, $column:ident, $after:ident, $rows:ident, $beyond:literal, $order:literal) => {
        sqlx::query_as!(
            ResultRow,
            r#"select r.id, r.outcome as "outcome: Outcome", r.credits as "credits: Hours", r.decided_at,
                c.id as course_id, c.code as course_code, c.title as course_title,
                t.id as term_id, t.code as term_code, t.name as term_name, k.key as "key!"
            from course_result r join course c on c.id = r.course_id join term t on t.id = r.term_id
                cross join lateral (
                    select case $2::text when 'course' then c.code when 'outcome' then r.outcome
                        when 'credits' then lpad((r.credits * 100)::int4::text, 5, '0')
                        when 'decided' then to_char(r.decided_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS')
                        else to_char(t.starts_on, 'YYYYMMDD') || t.id end as key
                ) k
            where r.student_id = $1 and ($3::text is null or "#
                + $beyond
                + ") order by "
                + $order
                + " limit $6",
            $student.0,
            $column,
            $after.map(|(key, ..)| key.as_str()),
            $after.map(|(_, code, _)| code.as_str()),
            $after.map(|(.., id)| id.0),
            $rows
        )
        .fetch_all($connection)
        .await?
    };
}

/// A student's results with what the column says of each; equal ones in order of course.
pub async fn results(
    connection: &mut PgConnection,
    student: UserId,
    sort: ResultSort,
    after: Option<&ResultPlace>,
    rows: i64,
) -> Result<Vec<(CourseResult, String)>, sqlx::Error> {
    let (column, down) = sort.column();
    let rows = if down {
        results!(
            connection,
            student,
            column,
            after,
            rows,
            "(k.key < $3 or (k.key = $3 and (c.code, r.id) > ($4::text, $5::uuid)))",
            "k.key desc, c.code, r.id"
        )
    } else {
        results!(
            connection,
            student,
            column,
            after,
            rows,
            "(k.key, c.code, r.id) > ($3, $4::text, $5::uuid)",
            "k.key, c.code, r.id"
        )
    };
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Where a roster goes on: what the chosen column says of the last student, their name and id.
pub type RosterPlace = (String, String, UserId);

struct RosterRow {
    id: UserId,
    name: String,
    sort_key: String,
    student_number: String,
    program: String,
    semester: i16,
    enrolled_at: DateTime<Utc>,
    key: String,
}

impl From<RosterRow> for (RosterEntry, RosterPlace) {
    fn from(row: RosterRow) -> Self {
        let RosterRow { id, name, sort_key, student_number, program, semester, enrolled_at, key } = row;
        (RosterEntry { student_id: id, name, student_number, program, semester, enrolled_at }, (key, sort_key, id))
    }
}

macro_rules! roster {
    ($connection:ident, $section:ident, $text:ident, $column:ident, $after:ident, $rows:ident, $beyond:literal, $order:literal) => {
        sqlx::query_as!(
            RosterRow,
            r#"select u.id as "id: UserId", u.sort_key, u.name, p.student_number, p.program, p.semester, e.enrolled_at, k.key as "key!"
            from enrollment e join app_user u on u.id = e.student_id join student_profile p on p.user_id = u.id
                cross join lateral (
                    select case $3::text when 'number' then p.student_number when 'program' then search_form(p.program)
                        when 'semester' then lpad(p.semester::text, 3, '0')
                        when 'enrolled' then to_char(e.enrolled_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS')
                        else u.sort_key end as key
                ) k
            where e.section_id = $1
                and ($2::text is null
                    or strpos(search_form(u.name || ' ' || p.student_number || ' ' || p.program), search_form($2)) > 0)
                and ($4::text is null or "#
                + $beyond
                + ") order by "
                + $order
                + " limit $7",
            $section.0,
            $text,
            $column,
            $after.map(|(key, ..)| key.as_str()),
            $after.map(|(_, name, _)| name.as_str()),
            $after.map(|(.., id)| id.0),
            $rows
        )
        .fetch_all($connection)
        .await?
    };
}

/// Who is in a section, with the place of each; equal ones by family name.
pub async fn roster(
    connection: &mut PgConnection,
    section: SectionId,
    text: Option<&str>,
    sort: RosterSort,
    after: Option<&RosterPlace>,
    rows: i64,
) -> Result<Vec<(RosterEntry, RosterPlace)>, sqlx::Error> {
    let (column, down) = sort.column();
    let rows = if down {
        roster!(
            connection,
            section,
            text,
            column,
            after,
            rows,
            "(k.key < $4 or (k.key = $4 and (u.sort_key, u.id) > ($5::text, $6::uuid)))",
            "k.key desc, u.sort_key, u.id"
        )
    } else {
        roster!(
            connection,
            section,
            text,
            column,
            after,
            rows,
            "(k.key, u.sort_key, u.id) > ($4, $5::text, $6::uuid)",
            "k.key, u.sort_key, u.id"
        )
    };
    Ok(rows.into_iter().map(Into::into).collect())
}
