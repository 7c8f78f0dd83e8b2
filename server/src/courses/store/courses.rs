use sqlx::PgConnection;

use crate::{
    courses::{
        actions::{CreateCourse, EditCourse},
        credits::{Credits, CreditsKind, Hours},
        model::{Course, CreateCourse as CreateBody, EditCourse as EditBody},
    },
    db::{
        DbError, WriteTx,
        ids::{CourseId, DepartmentId},
    },
    departments::DepartmentRef,
};

struct CourseRow {
    id: CourseId,
    code: String,
    number: String,
    title: String,
    description: String,
    credits_kind: CreditsKind,
    credits_min: Hours,
    credits_max: Hours,
    attributes: String,
    version: i32,
    department_id: DepartmentId,
    department_code: String,
    department_name: String,
}

impl From<CourseRow> for Course {
    fn from(row: CourseRow) -> Self {
        Self {
            id: row.id,
            code: row.code,
            number: row.number,
            title: row.title,
            description: row.description,
            credits: Credits::from_columns(row.credits_kind, row.credits_min, row.credits_max),
            attributes: row.attributes,
            department: DepartmentRef { id: row.department_id, code: row.department_code, name: row.department_name },
            version: row.version,
        }
    }
}

pub async fn find(connection: &mut PgConnection, id: CourseId) -> Result<Option<Course>, sqlx::Error> {
    let row = sqlx::query_as!(
        CourseRow,
        r#"select c.id, c.code, c.number, c.title, c.description, c.credits_kind as "credits_kind: CreditsKind",
            c.credits_min as "credits_min: Hours", c.credits_max as "credits_max: Hours", c.attributes, c.version,
            d.id as department_id, d.code as department_code, d.name as department_name
        from course c join department d on d.id = c.department_id where c.id = $1 and c.archived_at is null"#,
        id.0
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(Course::from))
}

pub async fn lock(connection: &mut PgConnection, id: CourseId) -> Result<Option<Course>, sqlx::Error> {
    let row = sqlx::query_as!(
        CourseRow,
        r#"select c.id, c.code, c.number, c.title, c.description, c.credits_kind as "credits_kind: CreditsKind",
            c.credits_min as "credits_min: Hours", c.credits_max as "credits_max: Hours", c.attributes, c.version,
            d.id as department_id, d.code as department_code, d.name as department_name
        from course c join department d on d.id = c.department_id where c.id = $1 and c.archived_at is null for update of c"#,
        id.0
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(Course::from))
}

/// The department a course is made in. Locked against being archived meanwhile; courses made side by side don't wait for each other.
pub async fn department(connection: &mut PgConnection, id: DepartmentId) -> Result<Option<DepartmentRef>, sqlx::Error> {
    sqlx::query_as!(DepartmentRef, "select id, code, name from department where id = $1 and archived_at is null for share", id.0)
        .fetch_optional(connection)
        .await
}

/// `None`: the number is taken. Decided here rather than by an error, so that the refusal can be stored for a retry.
pub async fn insert(
    tx: &mut WriteTx<CreateCourse>,
    department: &DepartmentRef,
    body: &CreateBody,
    (min, max): (Hours, Hours),
) -> Result<Option<Course>, DbError> {
    let id = CourseId::new();
    let code = sqlx::query_scalar!(
        // A trigger replaces the code with the department's and the number.
        r#"insert into course (id, department_id, code, number, title, description, credits_kind, credits_min, credits_max, attributes)
        values ($1, $2, '', $3, $4, $5, $6, $7::int4 / 100.0, $8::int4 / 100.0, $9)
        on conflict (code) do nothing returning code"#,
        id.0,
        department.id.0,
        body.number,
        body.title,
        body.description,
        body.credits.kind.as_str(),
        min.hundredths(),
        max.hundredths(),
        body.attributes,
    )
    .fetch_optional(tx.connection())
    .await?;
    Ok(code.map(|code| Course {
        id,
        code,
        number: body.number.clone(),
        title: body.title.clone(),
        description: body.description.clone(),
        credits: body.credits,
        attributes: body.attributes.clone(),
        department: department.clone(),
        version: 1,
    }))
}

pub async fn update(tx: &mut WriteTx<EditCourse>, body: &EditBody, (min, max): (Hours, Hours)) -> Result<(), DbError> {
    let id = tx.target().id;
    sqlx::query!(
        "update course set title = $2, description = $3, credits_kind = $4, credits_min = $5::int4 / 100.0,
            credits_max = $6::int4 / 100.0, attributes = $7, version = version + 1
        where id = $1",
        id.0,
        body.title,
        body.description,
        body.credits.kind.as_str(),
        min.hundredths(),
        max.hundredths(),
        body.attributes,
    )
    .execute(tx.connection())
    .await?;
    Ok(())
}
