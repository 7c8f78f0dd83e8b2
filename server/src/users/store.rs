use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{
    actions::{CreateUser, EditContact},
    contact,
    error::UsersError,
    model::{
        Account, AdminProfile, FacultyProfile, Narrowing, NewUser, Own, Person, Place, Profiles, StudentProfile, UserDepartment,
        UserStatus, UserSummary,
    },
};
use crate::{
    crypto::{Personal, Sealed},
    db::{
        DbError, Role, WriteTx,
        ids::{DepartmentId, SectionId, TermId, UserId},
    },
    departments::DepartmentRef,
    institution::Institution,
    timetable::Term,
};

/// The CHECKs on these columns admit the known words only.
fn roles(words: &[String]) -> Vec<Role> {
    words.iter().map(|word| Role::parse(word).expect("the database holds known roles only")).collect()
}

fn status(word: &str) -> UserStatus {
    UserStatus::parse(word).expect("the database holds known statuses only")
}

/// The profiles of one row: a left join brings all columns of a profile or none.
macro_rules! profiles {
    ($row:ident) => {
        Profiles {
            student: $row.student_number.map(|student_number| StudentProfile {
                student_number,
                department: department($row.student_department, $row.student_code, $row.student_department_name),
                program: $row.program.unwrap_or_default(),
                semester: $row.semester.unwrap_or_default(),
                admitted_on: crate::api::Date($row.admitted_on.unwrap_or_default()),
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
            starts_on: crate::api::Date(starts_on),
            ends_on: crate::api::Date(ends_on),
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

/// A person in a list, with where the list goes on after them.
pub struct Listed {
    pub summary: UserSummary,
    pub place: Place,
}

struct ListedRow {
    id: uuid::Uuid,
    name: String,
    sort_name: String,
    email: Option<String>,
    status: String,
    roles: Vec<String>,
    department_id: Option<uuid::Uuid>,
    department_code: Option<String>,
    student_number: Option<String>,
    rank: i32,
}

impl From<ListedRow> for Listed {
    fn from(row: ListedRow) -> Self {
        let id = UserId(row.id);
        let department =
            row.department_id.zip(row.department_code).map(|(id, code)| UserDepartment { id: DepartmentId(id), code });
        Self {
            place: Place { rank: row.rank, sort_name: row.sort_name, id },
            summary: UserSummary {
                id,
                name: row.name,
                email: row.email,
                roles: roles(&row.roles),
                status: status(&row.status),
                department,
                student_number: row.student_number,
            },
        }
    }
}

/// In order of family name, from just after `after`.
pub async fn list(connection: &mut PgConnection, only: Narrowing, after: &Place, rows: i64) -> Result<Vec<Listed>, sqlx::Error> {
    let rows = sqlx::query_as!(
        ListedRow,
        r#"select u.id, u.name, u.sort_name, u.email, u.status, 0 as "rank!",
            array(select r.role from user_role r where r.user_id = u.id order by r.role) as "roles!",
            d.id as "department_id?", d.code as "department_code?", s.student_number as "student_number?"
        from app_user u
            left join student_profile s on s.user_id = u.id left join faculty_profile f on f.user_id = u.id
            left join department d on d.id = coalesce(s.department_id, f.department_id)
        where (u.sort_name, u.id) > ($1, $2)
            and ($3::text is null or u.id in (select r.user_id from user_role r where r.role = $3))
            and ($4::uuid is null or u.id in (
                select user_id from student_profile where department_id = $4
                union all select user_id from faculty_profile where department_id = $4))
            and ($5::text is null or u.status = $5)
        order by u.sort_name, u.id limit $6"#,
        after.sort_name,
        after.id.0,
        only.role.map(Role::as_str),
        only.department.map(|id| id.0),
        only.status.map(UserStatus::as_str),
        rows
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(Listed::from).collect())
}

/// Best match first: an exact e-mail or student number, a beginning of a word, a part of one, then by how little was mistyped.
/// One or two letters match beginnings of words only. Similarity is the costly part: it is asked only of what holds no exact
/// match, so that a word everybody's address holds stays cheap.
pub async fn search(
    connection: &mut PgConnection,
    text: &str,
    only: Narrowing,
    after: &Place,
    rows: i64,
) -> Result<Vec<Listed>, sqlx::Error> {
    let rows = sqlx::query_as!(
        ListedRow,
        r#"with word as (
            select q, replace(replace(replace(q, '\', '\\'), '%', '\%'), '_', '\_') as escaped from search_form($1) as q
        ), shape as (
            select q, escaped || '%' as first, '% ' || escaped || '%' as later, '%' || escaped || '%' as inside,
                length(q) < 3 as short from word
        ), found as (
            select u.id, case when u.search like shape.first or u.search like shape.later then 1
                when u.search like shape.inside then 2
                else 3 + (10000 - 10000 * word_similarity(shape.q, u.search))::int end as rank
            from shape, app_user u
            where u.search like case when shape.short then shape.first else shape.inside end
                or u.search like case when shape.short then shape.later else shape.inside end
                or shape.q <% u.search
            union all select id, 0 from app_user where email = lower($1)
            union all select user_id, 0 from student_profile where student_number = upper($1)
        ), page as (
            select u.id, min(found.rank) as rank from found join app_user u on u.id = found.id
            where ($5::text is null or u.id in (select r.user_id from user_role r where r.role = $5))
                and ($6::uuid is null or u.id in (
                    select user_id from student_profile where department_id = $6
                    union all select user_id from faculty_profile where department_id = $6))
                and ($7::text is null or u.status = $7)
            group by u.id having (min(found.rank), u.sort_name, u.id) > ($2, $3, $4)
            order by min(found.rank), u.sort_name, u.id limit $8
        )
        select u.id, u.name, u.sort_name, u.email, u.status, page.rank as "rank!",
            array(select r.role from user_role r where r.user_id = u.id order by r.role) as "roles!",
            d.id as "department_id?", d.code as "department_code?", s.student_number as "student_number?"
        from page join app_user u on u.id = page.id
            left join student_profile s on s.user_id = u.id left join faculty_profile f on f.user_id = u.id
            left join department d on d.id = coalesce(s.department_id, f.department_id)
        order by page.rank, u.sort_name, u.id"#,
        text,
        after.rank,
        after.sort_name,
        after.id.0,
        only.role.map(Role::as_str),
        only.department.map(|id| id.0),
        only.status.map(UserStatus::as_str),
        rows
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(Listed::from).collect())
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

fn sealed(bytes: Option<Vec<u8>>) -> Option<Sealed<Personal<String>>> {
    bytes.map(Sealed::from_column)
}

pub async fn contact(connection: &mut PgConnection, id: UserId) -> Result<Option<contact::Stored>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select c.phone_sealed as "phone_sealed?", c.personal_email_sealed as "personal_email_sealed?", c.version as "version?"
        from app_user u left join user_contact c on c.user_id = u.id where u.id = $1"#,
        id.0
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| contact::Stored {
        user: id,
        phone: sealed(row.phone_sealed),
        personal_email: sealed(row.personal_email_sealed),
        version: row.version.unwrap_or(0),
    }))
}

/// Locks the person rather than the contact row, which may not exist yet; then reads, so that what another writer committed
/// while this one waited is seen.
pub async fn lock_contact(connection: &mut PgConnection, id: UserId) -> Result<Option<contact::Stored>, sqlx::Error> {
    sqlx::query!("select id from app_user where id = $1 for no key update", id.0).fetch_optional(&mut *connection).await?;
    contact(connection, id).await
}

/// The version it has from now on.
pub async fn put_contact(
    tx: &mut WriteTx<EditContact>,
    phone: Option<&Sealed<Personal<String>>>,
    personal_email: Option<&Sealed<Personal<String>>>,
) -> Result<i32, DbError> {
    let user = tx.target().user;
    let version = sqlx::query_scalar!(
        "insert into user_contact (user_id, phone_sealed, personal_email_sealed) values ($1, $2, $3)
        on conflict (user_id) do update set phone_sealed = excluded.phone_sealed,
            personal_email_sealed = excluded.personal_email_sealed, version = user_contact.version + 1
        returning version",
        user.0,
        phone.map(Sealed::as_column),
        personal_email.map(Sealed::as_column)
    )
    .fetch_one(tx.connection())
    .await?;
    Ok(version)
}

/// The person, the roles and the profiles. A taken e-mail or student number is said by its constraint.
pub async fn insert(tx: &mut WriteTx<CreateUser>, new: &NewUser) -> Result<UserId, UsersError> {
    let id = UserId::new();
    write_person(tx, id, new).await.map_err(DbError::from)?;
    Ok(id)
}

async fn write_person(tx: &mut WriteTx<CreateUser>, id: UserId, new: &NewUser) -> Result<(), sqlx::Error> {
    let connection = tx.connection();
    sqlx::query!(
        "insert into app_user (id, email, name, sort_name) values ($1, lower($2), $3, $4)",
        id.0,
        new.email,
        new.name,
        new.sort_name
    )
    .execute(&mut *connection)
    .await?;
    let held: Vec<String> = new.roles().iter().map(|role| role.as_str().to_owned()).collect();
    sqlx::query!("insert into user_role (user_id, role) select $1, role from unnest($2::text[]) as held (role)", id.0, &held)
        .execute(&mut *connection)
        .await?;
    if let Some(student) = &new.student {
        sqlx::query!(
            "insert into student_profile (user_id, student_number, department_id, program, semester, admitted_on)
            values ($1, $2, $3, $4, $5, $6)",
            id.0,
            student.student_number,
            student.department.0,
            student.program,
            student.semester,
            student.admitted_on
        )
        .execute(&mut *connection)
        .await?;
    }
    if let Some(faculty) = &new.faculty {
        sqlx::query!(
            "insert into faculty_profile (user_id, department_id, title) values ($1, $2, $3)",
            id.0,
            faculty.department.0,
            faculty.title
        )
        .execute(&mut *connection)
        .await?;
    }
    if let Some(admin) = &new.admin {
        sqlx::query!("insert into admin_profile (user_id, office) values ($1, $2)", id.0, admin.office)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
