mod lists;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

pub use lists::{ResultPlace, RosterPlace, results, roster};

use super::{actions::RosterGate, model::Enrollment};
use crate::{
    courses::{CourseRef, Credits, CreditsKind, Hours, PartOfTerm, SectionStatus, SectionSummary},
    db::ids::{CourseId, EnrollmentId, MeetingId, SectionId, TermId, UserId},
    timetable::{self, Instructor, MeetingRow, Meetings, Room, TermRef},
};

/// One instructor of one meeting of one section that a student is in; without meetings, the section alone.
struct ScheduleRow {
    id: EnrollmentId,
    enrolled_at: DateTime<Utc>,
    section_id: SectionId,
    crn: String,
    code: String,
    title: String,
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
    meeting_id: Option<MeetingId>,
    kind: Option<String>,
    days: Option<i16>,
    starts_at: Option<NaiveTime>,
    ends_at: Option<NaiveTime>,
    room_id: Option<Uuid>,
    building: Option<String>,
    number: Option<String>,
    instructor_id: Option<Uuid>,
    instructor: Option<String>,
}

impl ScheduleRow {
    fn take_meeting(&mut self) -> Option<MeetingRow> {
        Some(MeetingRow {
            id: self.meeting_id?,
            kind: self.kind.take()?,
            days: self.days?,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            room: Room::from_columns(self.room_id, self.building.take(), self.number.take()),
            instructor: Instructor::from_columns(self.instructor_id, self.instructor.take()),
        })
    }

    fn with(self, meetings: Meetings) -> Enrollment {
        let meetings = meetings.into_vec();
        let section = SectionSummary {
            id: self.section_id,
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
        };
        Enrollment { id: self.id, enrolled_at: self.enrolled_at, section }
    }
}

/// Folds rows that come in the order of their enrollments into enrollments.
fn fold(rows: Vec<ScheduleRow>) -> Vec<Enrollment> {
    let mut all = Vec::new();
    let mut open: Option<(ScheduleRow, Meetings)> = None;
    for mut row in rows {
        let meeting = row.take_meeting();
        match &mut open {
            Some((first, meetings)) if first.id == row.id => meetings.extend(meeting),
            _ => {
                let mut meetings = Meetings::default();
                meetings.extend(meeting);
                all.extend(open.replace((row, meetings)).map(|(first, meetings)| first.with(meetings)));
            }
        }
    }
    all.extend(open.map(|(first, meetings)| first.with(meetings)));
    all
}

/// A student's sections in a term, by default the one in progress, in order of course; cancelled ones too, as what they are: whoever
/// is in one must be told.
///
/// One statement with a row for each instructor of each meeting. It takes two thirds of the time of a statement for the sections and
/// one for their meetings, and half of one that aggregates meetings as JSON. The term in progress is that of
/// [`timetable::current_term`]. The limit is far beyond what one person can attend in a term.
pub async fn enrollments(
    connection: &mut PgConnection,
    student: UserId,
    term: Option<TermId>,
    now: DateTime<Utc>,
) -> Result<Vec<Enrollment>, sqlx::Error> {
    let rows = sqlx::query_as!(
        ScheduleRow,
        r#"select e.id, e.enrolled_at, s.id as section_id, s.crn, s.code, s.title, s.credits as "credits: Hours",
            s.status as "status: SectionStatus", c.id as course_id, c.code as course_code, c.title as course_title, c.credits_kind as "credits_kind: CreditsKind",
            c.credits_min as "credits_min: Hours", c.credits_max as "credits_max: Hours",
            t.id as term_id, t.code as term_code, t.name as term_name,
            p.code as "part_code?", p.starts_on as "part_starts_on?", p.ends_on as "part_ends_on?",
            m.id as "meeting_id?: MeetingId", m.kind as "kind?", m.days as "days?", m.starts_at as "starts_at?",
            m.ends_at as "ends_at?", r.id as "room_id?", r.building as "building?", r.number as "number?",
            u.id as "instructor_id?", u.name as "instructor?"
        from enrollment e join section s on s.id = e.section_id join course c on c.id = s.course_id join term t on t.id = s.term_id
        left join part_of_term p on p.id = s.part_of_term_id left join meeting m on m.section_id = s.id left join room r on r.id = m.room_id
        left join (meeting_instructor i join app_user u on u.id = i.user_id) on i.meeting_id = m.id
        where e.student_id = $1 and s.term_id = coalesce($2, (
            select n.id from term n, (select ($3::timestamptz at time zone z.time_zone)::date as today from institution z) d
            where n.starts_on <= d.today and n.ends_on >= d.today order by n.starts_on desc, n.id limit 1
        ))
        order by c.code, s.crn, e.id, m.position, u.sort_key, u.id limit 4000"#,
        student.0,
        term.map(|id| id.0),
        now
    )
    .fetch_all(connection)
    .await?;
    Ok(fold(rows))
}

/// The sections of a term in which somebody teaches a meeting.
pub async fn taught_sections(
    connection: &mut PgConnection,
    instructor: UserId,
    term: TermId,
) -> Result<Vec<SectionId>, sqlx::Error> {
    let ids = sqlx::query_scalar!(
        "select distinct s.id from meeting_instructor i join meeting m on m.id = i.meeting_id join section s on s.id = m.section_id
        where i.user_id = $1 and s.term_id = $2 limit 500",
        instructor.0,
        term.0
    )
    .fetch_all(connection)
    .await?;
    Ok(ids.into_iter().map(SectionId).collect())
}

/// Who teaches a section; `None`: no such section.
pub async fn roster_gate(connection: &mut PgConnection, section: SectionId) -> Result<Option<RosterGate>, sqlx::Error> {
    let taught_by = sqlx::query_scalar!(
        r#"select array(
            select i.user_id from meeting m join meeting_instructor i on i.meeting_id = m.id where m.section_id = s.id
        ) as "taught_by!: Vec<UserId>" from section s where s.id = $1"#,
        section.0
    )
    .fetch_optional(connection)
    .await?;
    Ok(taught_by.map(|taught_by| RosterGate { taught_by }))
}
