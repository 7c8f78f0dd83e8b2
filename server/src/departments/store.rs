use sqlx::PgConnection;

use super::{
    actions::{CreateDepartment, EditDepartment},
    model::{DepartmentSort, DepartmentSummary},
};
use crate::db::{DbError, WriteTx, ids::DepartmentId};

pub struct Locked {
    pub id: DepartmentId,
    pub name: String,
    pub version: i32,
}

pub async fn lock(connection: &mut PgConnection, id: DepartmentId) -> Result<Option<Locked>, sqlx::Error> {
    sqlx::query_as!(Locked, "select id, name, version from department where id = $1 and archived_at is null for update", id.0)
        .fetch_optional(connection)
        .await
}

/// In order of code, from just after `after`.
pub async fn list(connection: &mut PgConnection, after: Option<&str>, rows: i64) -> Result<Vec<DepartmentSummary>, sqlx::Error> {
    sqlx::query_as!(
        DepartmentSummary,
        r#"select d.id, d.code, d.name, d.version,
            (select count(*) from course c where c.department_id = d.id and c.archived_at is null) as "courses!",
            (select count(*) from faculty_profile f where f.department_id = d.id) as "faculty!"
        from department d where d.archived_at is null and ($1::text is null or d.code > $1) order by d.code limit $2"#,
        after,
        rows
    )
    .fetch_all(connection)
    .await
}

/// A department that was found, and how far from the query it is: 0 is an exact code.
pub struct Found {
    pub department: DepartmentSummary,
    pub rank: i32,
}

/// Best match first: an exact code, then by how much of the query a name holds. Forgives typing errors. Goes on after a rank and
/// a code.
pub async fn search(
    connection: &mut PgConnection,
    text: &str,
    after: Option<(i32, &str)>,
    rows: i64,
) -> Result<Vec<Found>, sqlx::Error> {
    let (rank, code) = after.unzip();
    let found = sqlx::query!(
        r#"with word as (
            select q, replace(replace(replace(q, '\', '\\'), '%', '\%'), '_', '\_') as escaped from search_form($1) as q
        ), found as (
            select d.id, d.code, d.name, d.version,
                case when lower(d.code) = word.q then 0 else 1 + (10000 - 10000 * word_similarity(word.q, d.search))::int end as rank
            from department d, word
            where d.archived_at is null and (word.q <% d.search or d.search like '%' || word.escaped || '%')
        )
        select f.id, f.code, f.name, f.version, f.rank as "rank!",
            (select count(*) from course c where c.department_id = f.id and c.archived_at is null) as "courses!",
            (select count(*) from faculty_profile p where p.department_id = f.id) as "faculty!"
        from found f where $2::int4 is null or (f.rank, f.code) > ($2, $3)
        order by f.rank, f.code limit $4"#,
        text,
        rank,
        code,
        rows
    )
    .fetch_all(connection)
    .await?;
    let found = found.into_iter().map(|row| Found {
        rank: row.rank,
        department: DepartmentSummary {
            id: DepartmentId(row.id),
            code: row.code,
            name: row.name,
            courses: row.courses,
            faculty: row.faculty,
            version: row.version,
        },
    });
    Ok(found.collect())
}

struct SortedRow {
    id: DepartmentId,
    code: String,
    name: String,
    version: i32,
    courses: i64,
    faculty: i64,
    key: String,
}

impl From<SortedRow> for (DepartmentSummary, String) {
    fn from(row: SortedRow) -> Self {
        let SortedRow { id, code, name, version, courses, faculty, key } = row;
        (DepartmentSummary { id, code, name, courses, faculty, version }, key)
    }
}

macro_rules! page {
    ($connection:ident, $text:ident, $column:ident, $after:ident, $rows:ident, $beyond:literal, $order:literal) => {
        sqlx::query_as!(
            SortedRow,
            r#"with counted as (
                select d.id, d.code, d.name, d.search, d.version,
                    (select count(*) from course c where c.department_id = d.id and c.archived_at is null) as courses,
                    (select count(*) from faculty_profile f where f.department_id = d.id) as faculty
                from department d where d.archived_at is null
            )
            select d.id, d.code, d.name, d.version, d.courses as "courses!", d.faculty as "faculty!", k.key as "key!"
            from counted d
                left join search_form($1) as q on true
                cross join lateral (
                    select case $2::text when 'name' then search_form(d.name) when 'courses' then lpad(d.courses::text, 9, '0')
                        when 'faculty' then lpad(d.faculty::text, 9, '0') else d.code end as key
                ) k
            where (q is null or q <% d.search or d.search like '%' || replace(replace(replace(q, '\', '\\'), '%', '\%'), '_', '\_') || '%')
                and ($3::text is null or "#
                + $beyond
                + ") order by "
                + $order
                + " limit $5",
            $text,
            $column,
            $after.map(|(key, _)| key),
            $after.map(|(_, code)| code),
            $rows
        )
        .fetch_all($connection)
        .await?
    };
}

/// In the order of a column, from just after `after` (what the column says, and the code); with a text, of what [`search`] finds.
/// Departments are few: they are counted and sorted anew.
pub async fn sorted(
    connection: &mut PgConnection,
    text: Option<&str>,
    sort: DepartmentSort,
    after: Option<(&str, &str)>,
    rows: i64,
) -> Result<Vec<(DepartmentSummary, String)>, sqlx::Error> {
    let (column, down) = sort.column();
    let rows = if down {
        page!(connection, text, column, after, rows, "(k.key, d.code) < ($3, $4)", "k.key desc, d.code desc")
    } else {
        page!(connection, text, column, after, rows, "(k.key, d.code) > ($3, $4)", "k.key, d.code")
    };
    Ok(rows.into_iter().map(Into::into).collect())
}

pub async fn find(connection: &mut PgConnection, id: DepartmentId) -> Result<Option<(DepartmentSummary, i64)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select d.id, d.code, d.name, d.version,
            (select count(*) from course c where c.department_id = d.id and c.archived_at is null) as "courses!",
            (select count(*) from faculty_profile f where f.department_id = d.id) as "faculty!",
            (select count(*) from student_profile s where s.department_id = d.id) as "students!"
        from department d where d.id = $1 and d.archived_at is null"#,
        id.0
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| {
        let summary = DepartmentSummary {
            id: DepartmentId(row.id),
            code: row.code,
            name: row.name,
            courses: row.courses,
            faculty: row.faculty,
            version: row.version,
        };
        (summary, row.students)
    }))
}

/// `None`: the code is taken. Decided here rather than by an error, so that the refusal can be stored for a retry.
pub async fn insert(tx: &mut WriteTx<CreateDepartment>, code: &str, name: &str) -> Result<Option<DepartmentId>, DbError> {
    let id = DepartmentId::new();
    let made = sqlx::query!(
        "insert into department (id, code, name) values ($1, $2, $3) on conflict (code) do nothing",
        id.0,
        code,
        name
    )
    .execute(tx.connection())
    .await?;
    Ok((made.rows_affected() == 1).then_some(id))
}

pub async fn rename(tx: &mut WriteTx<EditDepartment>, name: &str) -> Result<(), DbError> {
    let id = tx.target().id;
    sqlx::query!("update department set name = $2, version = version + 1 where id = $1", id.0, name)
        .execute(tx.connection())
        .await?;
    Ok(())
}
