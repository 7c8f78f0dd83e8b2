use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    api::Date,
    courses::{
        credits::{Credits, CreditsKind, Hours},
        model::{CourseRef, PartOfTerm, Seats, Section, SectionStatus, SectionSummary, TermSections},
    },
    db::ids::{CourseId, SectionId, TermId},
    timetable::{self, Meeting, Term, TermRef},
};

/// The terms with sections of a course, latest first, each with the first 500 of them; `None`: no such course.
pub async fn terms_of(
    connection: &mut PgConnection,
    course: CourseId,
    now: DateTime<Utc>,
) -> Result<Option<Vec<TermSections>>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select t.id as "id?", t.code as "code?", t.name as "name?", t.starts_on as "starts_on?", t.ends_on as "ends_on?",
            s.sections as "sections?"
        from course c
        left join lateral (
            select o.term_id, (array_agg(o.id order by o.crn))[1:500] as sections from section o where o.course_id = c.id group by 1
        ) s on true
        left join term t on t.id = s.term_id
        where c.id = $1 and c.archived_at is null order by t.starts_on desc, t.id"#,
        course.0
    )
    .fetch_all(&mut *connection)
    .await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let current = timetable::current_term(connection, now).await?.map(|term| term.id);
    let terms = rows.into_iter().filter_map(|row| {
        let id = TermId(row.id?);
        let (starts_on, ends_on) = (Date(row.starts_on?), Date(row.ends_on?));
        let term = Term { id, code: row.code?, name: row.name?, starts_on, ends_on, current: current == Some(id) };
        Some(TermSections { term, sections: row.sections?.into_iter().map(SectionId).collect() })
    });
    Ok(Some(terms.collect()))
}

struct SectionRow {
    id: SectionId,
    crn: String,
    code: String,
    title: String,
    info: String,
    credits: Option<Hours>,
    status: SectionStatus,
    course_id: CourseId,
    course_code: String,
    course_title: String,
    credits_kind: CreditsKind,
    credits_min: Hours,
    credits_max: Hours,
    term_id: TermId,
    term_code: String,
    term_name: String,
    part_code: Option<String>,
    part_starts_on: Option<NaiveDate>,
    part_ends_on: Option<NaiveDate>,
    cap: Option<i64>,
    enrolled: i64,
    held: i64,
}

impl SectionRow {
    fn with(self, meetings: Vec<Meeting>) -> Section {
        Section {
            summary: SectionSummary {
                id: self.id,
                crn: self.crn,
                code: self.code,
                title: self.title,
                course: CourseRef { id: self.course_id, code: self.course_code, title: self.course_title },
                term: TermRef { id: self.term_id, code: self.term_code, name: self.term_name },
                part_of_term: PartOfTerm::from_columns(self.part_code, self.part_starts_on, self.part_ends_on),
                status: self.status,
                credits: Credits::of_section(self.credits, self.credits_kind, self.credits_min, self.credits_max),
                instructors: timetable::instructors_of(&meetings),
                meetings,
            },
            info: self.info,
            seats: Seats::new(self.cap, self.enrolled, self.held),
        }
    }
}

/// Sections by id, in order of course and registrar's number, in two statements whatever their number. Unknown ids are left out.
pub async fn sections(connection: &mut PgConnection, ids: &[SectionId]) -> Result<Vec<Section>, sqlx::Error> {
    // The sub-select keeps one plan for lists of any length, as in the statement for their meetings.
    let wanted: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query_as!(
        SectionRow,
        r#"select s.id, s.crn, s.code, s.title, s.info, s.credits as "credits: Hours", s.status as "status: SectionStatus",
            c.id as course_id, c.code as course_code, c.title as course_title, c.credits_kind as "credits_kind: CreditsKind",
            c.credits_min as "credits_min: Hours", c.credits_max as "credits_max: Hours",
            t.id as term_id, t.code as term_code, t.name as term_name,
            p.code as "part_code?", p.starts_on as "part_starts_on?", p.ends_on as "part_ends_on?",
            q.cap, q.enrolled as "enrolled!", q.held as "held!"
        from unnest((select $1::uuid[])) as wanted (id) join section s on s.id = wanted.id
        join course c on c.id = s.course_id join term t on t.id = s.term_id left join part_of_term p on p.id = s.part_of_term_id
        cross join lateral (
            select sum(seat.cap) as cap, coalesce(sum(seat.enrolled), 0) as enrolled, coalesce(sum(seat.held), 0) as held
            from section_seat seat where seat.section_id = s.id
        ) q
        order by c.code, s.crn, s.id"#,
        &wanted
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut meetings = timetable::meetings_of(connection, ids).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let of_section = meetings.remove(&row.id).unwrap_or_default();
            row.with(of_section)
        })
        .collect())
}
