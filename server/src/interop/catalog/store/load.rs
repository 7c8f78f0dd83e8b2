//! The state an import is compared with.

use std::collections::{BTreeMap, HashMap};

use sqlx::PgConnection;
use uuid::Uuid;

use crate::interop::catalog::credits::{Credits, CreditsKind};
use crate::interop::catalog::model::{Catalog, Course, CourseKey, Meeting, RoomKey, Section, SectionStatus};
use crate::interop::catalog::state::{
    State, StoredCourse, StoredDepartment, StoredMeeting, StoredPart, StoredSection, StoredTerm,
};

/// Makes a second import into the same institution wait until this transaction ends.
pub async fn lock(conn: &mut PgConnection) -> sqlx::Result<()> {
    // Advisory locks are shared by all schemas of a database: the schema's name keeps institutions apart.
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('catalog-import:' || current_schema(), 0)) is null as locked")
        .fetch_one(conn)
        .await
        .map(drop)
}

/// Reads what the file could change: its departments with their courses, rooms, its instructors, its term.
pub async fn load_state(conn: &mut PgConnection, catalog: &Catalog) -> sqlx::Result<State> {
    let mut state = State {
        term: term(conn, &catalog.term_code).await?,
        departments: departments(conn, catalog).await?,
        courses: courses(conn, catalog).await?,
        rooms: rooms(conn).await?,
        instructors: instructors(conn, catalog).await?,
        ..State::default()
    };
    if let Some(term) = &state.term {
        state.parts = parts(conn, term.id).await?;
        (state.sections, state.people) = sections(conn, term.id).await?;
    }
    Ok(state)
}

async fn term(conn: &mut PgConnection, code: &str) -> sqlx::Result<Option<StoredTerm>> {
    sqlx::query_as!(StoredTerm, "select id, version, name, starts_on, ends_on from term where code = $1", code)
        .fetch_optional(conn)
        .await
}

async fn parts(conn: &mut PgConnection, term_id: Uuid) -> sqlx::Result<BTreeMap<String, StoredPart>> {
    let rows =
        sqlx::query!("select id, code, starts_on, ends_on from part_of_term where term_id = $1", term_id).fetch_all(conn).await?;
    let parts = rows.into_iter().map(|row| (row.code, StoredPart { id: row.id, starts_on: row.starts_on, ends_on: row.ends_on }));
    Ok(parts.collect())
}

fn codes(catalog: &Catalog) -> Vec<String> {
    catalog.departments.iter().cloned().collect()
}

async fn departments(conn: &mut PgConnection, catalog: &Catalog) -> sqlx::Result<BTreeMap<String, StoredDepartment>> {
    let rows = sqlx::query!(
        r#"select id, code, archived_at is not null as "archived!" from department where code = any($1)"#,
        &codes(catalog)
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.code, StoredDepartment { id: row.id, archived: row.archived })).collect())
}

async fn courses(conn: &mut PgConnection, catalog: &Catalog) -> sqlx::Result<BTreeMap<CourseKey, StoredCourse>> {
    let rows = sqlx::query!(
        r#"select c.id, c.version, d.code as department, c.number, c.title, c.description, c.attributes, c.credits_kind,
               (c.credits_min * 100)::int as "min!", (c.credits_max * 100)::int as "max!", c.archived_at is not null as "archived!"
           from course c join department d on d.id = c.department_id
           where d.code = any($1)"#,
        &codes(catalog)
    )
    .fetch_all(conn)
    .await?;
    let courses = rows.into_iter().map(|row| {
        let credits = Credits { kind: CreditsKind::from_db(&row.credits_kind), min_hundredths: row.min, max_hundredths: row.max };
        let course = Course { title: row.title, description: row.description, credits, attributes: row.attributes };
        let key = CourseKey { department: row.department, number: row.number };
        (key, StoredCourse { id: row.id, version: row.version, archived: row.archived, course })
    });
    Ok(courses.collect())
}

async fn rooms(conn: &mut PgConnection) -> sqlx::Result<BTreeMap<RoomKey, Uuid>> {
    let rows = sqlx::query!("select id, building, number from room").fetch_all(conn).await?;
    Ok(rows.into_iter().map(|row| (RoomKey { building: row.building, number: row.number }, row.id)).collect())
}

async fn instructors(conn: &mut PgConnection, catalog: &Catalog) -> sqlx::Result<BTreeMap<String, Uuid>> {
    let keys: Vec<String> = catalog.instructors.keys().cloned().collect();
    let rows = sqlx::query!(r#"select catalog_key as "key!", id from app_user where catalog_key = any($1)"#, &keys)
        .fetch_all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.key, row.id)).collect())
}

type People = BTreeMap<String, Uuid>;

async fn sections(conn: &mut PgConnection, term_id: Uuid) -> sqlx::Result<(BTreeMap<String, StoredSection>, People)> {
    let (mut meetings, people) = meetings(conn, term_id).await?;
    let rows = sqlx::query!(
        r#"select s.id, s.version, s.crn, s.code, s.title, s.info, s.status, (s.credits * 100)::int as credits,
               d.code as department, c.number, p.code as "part?",
               coalesce((select sum(e.enrolled) from section_seat e where e.section_id = s.id), 0) as "enrolled!"
           from section s join course c on c.id = s.course_id join department d on d.id = c.department_id
               left join part_of_term p on p.id = s.part_of_term_id
           where s.term_id = $1"#,
        term_id
    )
    .fetch_all(conn)
    .await?;
    let sections = rows.into_iter().map(|row| {
        let status = if row.status == "cancelled" { SectionStatus::Cancelled } else { SectionStatus::Active };
        let section = Section {
            course: CourseKey { department: row.department, number: row.number },
            part: row.part,
            code: row.code,
            title: row.title,
            info: row.info,
            credits_hundredths: row.credits,
            status,
        };
        let meetings = meetings.remove(&row.id).unwrap_or_default();
        (row.crn, StoredSection { id: row.id, version: row.version, enrolled: row.enrolled, section, meetings })
    });
    Ok((sections.collect(), people))
}

async fn meetings(conn: &mut PgConnection, term_id: Uuid) -> sqlx::Result<(HashMap<Uuid, Vec<StoredMeeting>>, People)> {
    let rows = sqlx::query!(
        r#"select m.id, m.section_id, m.kind, m.days, m.starts_at, m.ends_at, r.building as "building?", r.number as "number?",
               array(select coalesce(u.catalog_key, 'id:' || u.id) from meeting_instructor i join app_user u on u.id = i.user_id
                   where i.meeting_id = m.id order by u.id) as "instructors!",
               array(select i.user_id from meeting_instructor i where i.meeting_id = m.id order by i.user_id) as "ids!"
           from meeting m join section s on s.id = m.section_id left join room r on r.id = m.room_id
           where s.term_id = $1
           order by m.section_id, m.position"#,
        term_id
    )
    .fetch_all(conn)
    .await?;
    let mut by_section: HashMap<Uuid, Vec<StoredMeeting>> = HashMap::new();
    let mut people = People::new();
    for row in rows {
        people.extend(row.instructors.iter().cloned().zip(row.ids));
        let meeting = Meeting {
            kind: row.kind,
            days: u8::try_from(row.days).expect("the database keeps days within seven bits"),
            times: row.starts_at.zip(row.ends_at),
            room: row.building.zip(row.number).map(|(building, number)| RoomKey { building, number }),
            instructors: row.instructors.into_iter().collect(),
        };
        by_section.entry(row.section_id).or_default().push(StoredMeeting { id: row.id, meeting });
    }
    Ok((by_section, people))
}
