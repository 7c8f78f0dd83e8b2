use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{roles, status};
use crate::{
    api::Date,
    db::ids::{DepartmentId, SectionId, TermId, UserId},
    departments::DepartmentRef,
    institution::Institution,
    timetable::Term,
    users::model::{Account, AdminProfile, FacultyProfile, Own, Person, Profiles, StudentProfile},
};

/// The profiles of one row: a left join brings all columns of a profile or none.
macro_rules! profiles {
    ($row:ident) => {
        Profiles {
            student: $row.student_number.map(|student_number| StudentProfile {
                student_number,
                department: department($row.student_department, $row.student_code, $row.student_department_name),
                program: $row.program.unwrap_or_default(),
                semester: $row.semester.unwrap_or_default(),
                admitted_on: Date($row.admitted_on.unwrap_or_default()),
            }),
            faculty: $row.faculty_department.map(|id| FacultyProfile {
                department: department(Some(id), $row.faculty_code, $row.faculty_department_name),
                title: $row.title,
            }),
            admin: $row.office.map(|office| AdminProfile { office }),
        }
    };
}

fn department(id: Option<uuid::Uuid>, code: Option<String>, name: Option<String>) -> DepartmentRef {
    DepartmentRef { id: DepartmentId(id.unwrap_or_default()), code: code.unwrap_or_default(), name: name.unwrap_or_default() }
}

/// Everything a page needs to know of its reader, in one round trip. The current term is the one that today, in the institution's
/// zone, falls into; of two that overlap, the later.
pub async fn own(
    connection: &mut PgConnection,
    id: UserId,
    now: DateTime<Utc>,
) -> Result<Option<(Own, Option<Term>)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select u.name, u.email, array(select r.role from user_role r where r.user_id = u.id order by r.role) as "roles!",
            i.name as institution, i.short_name, i.locale, i.time_zone, i.accent_hue,
            s.student_number as "student_number?", s.program as "program?", s.semester as "semester?", s.admitted_on as "admitted_on?",
            sd.id as "student_department?", sd.code as "student_code?", sd.name as "student_department_name?",
            f.title as "title?", fd.id as "faculty_department?", fd.code as "faculty_code?", fd.name as "faculty_department_name?",
            a.office as "office?",
            t.id as "term?", t.code as "term_code?", t.name as "term_name?", t.starts_on as "starts_on?", t.ends_on as "ends_on?"
        from app_user u cross join institution i
            left join student_profile s on s.user_id = u.id left join department sd on sd.id = s.department_id
            left join faculty_profile f on f.user_id = u.id left join department fd on fd.id = f.department_id
            left join admin_profile a on a.user_id = u.id
            left join lateral (
                select * from term where ($2::timestamptz at time zone i.time_zone)::date between starts_on and ends_on
                order by starts_on desc, id limit 1
            ) t on true
        where u.id = $1"#,
        id.0,
        now
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| {
        let term = row.term.zip(row.starts_on).zip(row.ends_on).map(|((id, starts_on), ends_on)| Term {
            id: TermId(id),
            code: row.term_code.unwrap_or_default(),
            name: row.term_name.unwrap_or_default(),
            starts_on: Date(starts_on),
            ends_on: Date(ends_on),
            current: true,
        });
        let own = Own {
            id,
            name: row.name,
            email: row.email,
            roles: roles(&row.roles),
            institution: Institution {
                name: row.institution,
                short_name: row.short_name,
                locale: row.locale,
                time_zone: row.time_zone,
                accent_hue: row.accent_hue,
            },
            profiles: profiles!(row),
        };
        (own, term)
    }))
}

pub async fn person(connection: &mut PgConnection, id: UserId) -> Result<Option<Person>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select u.name, u.sort_name, u.email, u.status, u.created_at,
            array(select r.role from user_role r where r.user_id = u.id order by r.role) as "roles!",
            s.student_number as "student_number?", s.program as "program?", s.semester as "semester?", s.admitted_on as "admitted_on?",
            sd.id as "student_department?", sd.code as "student_code?", sd.name as "student_department_name?",
            f.title as "title?", fd.id as "faculty_department?", fd.code as "faculty_code?", fd.name as "faculty_department_name?",
            a.office as "office?",
            exists (select from credential c where c.user_id = u.id) as "has_password!",
            (select count(*) from enrollment e where e.student_id = u.id) as "enrollment_count!"
        from app_user u
            left join student_profile s on s.user_id = u.id left join department sd on sd.id = s.department_id
            left join faculty_profile f on f.user_id = u.id left join department fd on fd.id = f.department_id
            left join admin_profile a on a.user_id = u.id
        where u.id = $1"#,
        id.0
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Person {
        id,
        name: row.name,
        sort_name: row.sort_name,
        email: row.email,
        status: status(&row.status),
        roles: roles(&row.roles),
        profiles: profiles!(row),
        has_password: row.has_password,
        created_at: row.created_at,
        enrollment_count: row.enrollment_count,
    }))
}

/// More sections than anybody teaches in a term.
const TEACHING_MAX: i64 = 200;

/// The active sections a person teaches in the term in progress, or else in the latest they taught in.
pub async fn taught_sections(
    connection: &mut PgConnection,
    id: UserId,
    now: DateTime<Utc>,
) -> Result<Vec<SectionId>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"with taught as (
            select distinct s.id, t.starts_on, t.id as term_id, (
                select ($2::timestamptz at time zone i.time_zone)::date between t.starts_on and t.ends_on from institution i
            ) as current
            from meeting_instructor mi join meeting m on m.id = mi.meeting_id join section s on s.id = m.section_id
                join term t on t.id = s.term_id
            where mi.user_id = $1 and s.status = 'active'
        ), ranked as (
            select id, rank() over (order by current desc, starts_on desc, term_id) as place from taught
        )
        select id as "id: SectionId" from ranked where place = 1 order by id limit $3"#,
        id.0,
        now,
        TEACHING_MAX
    )
    .fetch_all(connection)
    .await
}

pub async fn account_by_email(connection: &mut PgConnection, email: &str) -> Result<Option<Account>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select u.id, u.name, u.status, u.epoch, array(select r.role from user_role r where r.user_id = u.id order by r.role) as "roles!"
        from app_user u where u.email = lower($1)"#,
        email
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Account {
        id: UserId(row.id),
        name: row.name,
        status: status(&row.status),
        roles: roles(&row.roles),
        epoch: row.epoch,
    }))
}
