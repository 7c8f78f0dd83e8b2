//! A difference, carried out inside the caller's transaction.

use sqlx::PgConnection;
use sqlx::postgres::PgQueryResult;
use uuid::Uuid;

use super::{courses, meetings};
use crate::interop::catalog::diff::Diff;
use crate::interop::catalog::plan::{DepartmentRow, InstructorRow, PartRow, RoomRow, TermRow, Write};

/// Why nothing was imported: the caller rolls back.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// Somebody changed what the difference was made from; compare again.
    #[error("the catalog was changed while the import was being compared with it")]
    Stale,
    #[error(transparent)]
    Database(sqlx::Error),
}

impl From<sqlx::Error> for ApplyError {
    /// Something the difference meant to create appeared meanwhile, or something it builds on went away.
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error().map(|database| database.kind()) {
            Some(sqlx::error::ErrorKind::UniqueViolation | sqlx::error::ErrorKind::ForeignKeyViolation) => Self::Stale,
            _ => Self::Database(error),
        }
    }
}

/// Steps `apply` reports: one after each kind of thing.
const STEPS: usize = 6;

/// Writes everything a [`Diff`] says. `progress(done, total)` is called after each step.
///
/// The statements number a dozen and a half however large the file is. Rows whose version moved on since
/// the state was loaded make it fail as [`ApplyError::Stale`].
pub async fn apply(
    conn: &mut PgConnection,
    diff: &Diff,
    progress: &mut (dyn FnMut(usize, usize) + Send),
) -> Result<(), ApplyError> {
    let plan = &diff.plan;
    term(conn, &plan.term).await?;
    parts(conn, plan.term.id, &plan.parts).await?;
    progress(1, STEPS);
    departments(conn, &plan.departments).await?;
    rooms(conn, &plan.rooms).await?;
    progress(2, STEPS);
    instructors(conn, &plan.instructors).await?;
    progress(3, STEPS);
    courses::courses(conn, &plan.courses).await?;
    progress(4, STEPS);
    courses::sections(conn, plan.term.id, &plan.sections).await?;
    progress(5, STEPS);
    meetings::write(conn, plan).await?;
    progress(6, STEPS);
    Ok(())
}

/// Every row sent was written, or somebody else was there in between.
pub(super) fn all(result: &PgQueryResult, rows: usize) -> Result<(), ApplyError> {
    if usize::try_from(result.rows_affected()) == Ok(rows) { Ok(()) } else { Err(ApplyError::Stale) }
}

async fn term(conn: &mut PgConnection, row: &TermRow) -> Result<(), ApplyError> {
    let result =
        match row.write {
            None => return Ok(()),
            Some(Write::Create) => {
                sqlx::query!(
                    "insert into term (id, code, name, starts_on, ends_on) values ($1, $2, $3, $4, $5)",
                    row.id,
                    row.code,
                    row.name,
                    row.starts_on,
                    row.ends_on
                )
                .execute(conn)
                .await?
            }
            Some(Write::Update { version }) => sqlx::query!(
                "update term set name = $3, starts_on = $4, ends_on = $5, version = version + 1 where id = $1 and version = $2",
                row.id,
                version,
                row.name,
                row.starts_on,
                row.ends_on
            )
            .execute(conn)
            .await?,
        };
    all(&result, 1)
}

async fn parts(conn: &mut PgConnection, term_id: Uuid, rows: &[PartRow]) -> Result<(), ApplyError> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "insert into part_of_term (id, term_id, code, starts_on, ends_on)
         select id, $2, code, starts_on, ends_on from unnest($1::uuid[], $3::text[], $4::date[], $5::date[]) as new (id, code, starts_on, ends_on)
         on conflict (id) do update set starts_on = excluded.starts_on, ends_on = excluded.ends_on",
        &column(rows, |row| row.id),
        term_id,
        &column(rows, |row| row.code.clone()),
        &column(rows, |row| row.starts_on),
        &column(rows, |row| row.ends_on),
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) fn column<R, T>(rows: &[R], cell: impl Fn(&R) -> T) -> Vec<T> {
    rows.iter().map(cell).collect()
}

/// The file has no names of departments: the code stands in until an admin gives one.
async fn departments(conn: &mut PgConnection, rows: &[DepartmentRow]) -> Result<(), ApplyError> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "insert into department (id, code, name) select id, code, code from unnest($1::uuid[], $2::text[]) as new (id, code)",
        &column(rows, |row| row.id),
        &column(rows, |row| row.code.clone()),
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn rooms(conn: &mut PgConnection, rows: &[RoomRow]) -> Result<(), ApplyError> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "insert into room (id, building, number) select * from unnest($1::uuid[], $2::text[], $3::text[])",
        &column(rows, |row| row.id),
        &column(rows, |row| row.room.building.clone()),
        &column(rows, |row| row.room.number.clone()),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// People without an address or credentials: they cannot sign in.
async fn instructors(conn: &mut PgConnection, rows: &[InstructorRow]) -> Result<(), ApplyError> {
    if rows.is_empty() {
        return Ok(());
    }
    let ids = column(rows, |row| row.id);
    sqlx::query!(
        "insert into app_user (id, catalog_key, name, sort_name) select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[])",
        &ids,
        &column(rows, |row| row.key.clone()),
        &column(rows, |row| row.instructor.name()),
        &column(rows, |row| row.instructor.sort_name.clone()),
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("insert into user_role (user_id, role) select id, 'faculty' from unnest($1::uuid[]) as new (id)", &ids)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "insert into faculty_profile (user_id, department_id) select * from unnest($1::uuid[], $2::uuid[])",
        &ids,
        &column(rows, |row| row.department_id),
    )
    .execute(conn)
    .await?;
    Ok(())
}
