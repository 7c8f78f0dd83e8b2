//! Courses and sections: new rows, and stored ones that still have the version they were compared at.

use sqlx::PgConnection;
use uuid::Uuid;

use super::apply::{ApplyError, all, column};
use crate::interop::catalog::plan::{CourseRow, SectionRow, Write};

fn split<R>(rows: &[R], write: impl Fn(&R) -> Write) -> (Vec<&R>, Vec<(&R, i32)>) {
    let new = rows.iter().filter(|row| write(row) == Write::Create).collect();
    let old = rows.iter().filter_map(|row| match write(row) {
        Write::Create => None,
        Write::Update { version } => Some((row, version)),
    });
    (new, old.collect())
}

pub async fn courses(conn: &mut PgConnection, rows: &[CourseRow]) -> Result<(), ApplyError> {
    let (new, old) = split(rows, |row| row.write);
    if !new.is_empty() {
        sqlx::query!(
            "insert into course (id, department_id, code, number, title, description, attributes, credits_kind, credits_min, credits_max)
             select id, department_id, '', number, title, description, attributes, kind, min::numeric / 100, max::numeric / 100
             from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[], $9::int[])
                 as new (id, department_id, number, title, description, attributes, kind, min, max)",
            &column(&new, |row| row.id),
            &column(&new, |row| row.department_id),
            &column(&new, |row| row.number.clone()),
            &column(&new, |row| row.course.title.clone()),
            &column(&new, |row| row.course.description.clone()),
            &column(&new, |row| row.course.attributes.clone()),
            &column(&new, |row| row.course.credits.kind.as_str().to_owned()),
            &column(&new, |row| row.course.credits.min_hundredths),
            &column(&new, |row| row.course.credits.max_hundredths),
        )
        .execute(&mut *conn)
        .await?;
    }
    if old.is_empty() {
        return Ok(());
    }
    let result = sqlx::query!(
        "update course c set title = new.title, description = new.description, attributes = new.attributes, credits_kind = new.kind,
             credits_min = new.min::numeric / 100, credits_max = new.max::numeric / 100, version = c.version + 1
         from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::int[])
             as new (id, version, title, description, attributes, kind, min, max)
         where c.id = new.id and c.version = new.version",
        &column(&old, |(row, _)| row.id),
        &column(&old, |(_, version)| *version),
        &column(&old, |(row, _)| row.course.title.clone()),
        &column(&old, |(row, _)| row.course.description.clone()),
        &column(&old, |(row, _)| row.course.attributes.clone()),
        &column(&old, |(row, _)| row.course.credits.kind.as_str().to_owned()),
        &column(&old, |(row, _)| row.course.credits.min_hundredths),
        &column(&old, |(row, _)| row.course.credits.max_hundredths),
    )
    .execute(conn)
    .await?;
    all(&result, old.len())
}

/// A new section gets its seat counter with an unknown capacity: closed until somebody opens it.
pub async fn sections(conn: &mut PgConnection, term_id: Uuid, rows: &[SectionRow]) -> Result<(), ApplyError> {
    let (new, old) = split(rows, |row| row.write);
    if !new.is_empty() {
        let ids = column(&new, |row| row.id);
        sqlx::query!(
            "insert into section (id, course_id, term_id, part_of_term_id, crn, code, title, info, credits, status)
             select id, course_id, $2, part_id, crn, code, title, info, credits::numeric / 100, status
             from unnest($1::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[], $10::text[])
                 as new (id, course_id, part_id, crn, code, title, info, credits, status)",
            &ids,
            term_id,
            &column(&new, |row| row.course_id),
            &column(&new, |row| row.part_id) as &[Option<Uuid>],
            &column(&new, |row| row.crn.clone()),
            &column(&new, |row| row.section.code.clone()),
            &column(&new, |row| row.section.title.clone()),
            &column(&new, |row| row.section.info.clone()),
            &column(&new, |row| row.section.credits_hundredths) as &[Option<i32>],
            &column(&new, |row| row.section.status.as_str().to_owned()),
        )
        .execute(&mut *conn)
        .await?;
        sqlx::query!("insert into section_seat (section_id) select id from unnest($1::uuid[]) as new (id)", &ids)
            .execute(&mut *conn)
            .await?;
    }
    if old.is_empty() {
        return Ok(());
    }
    let result = sqlx::query!(
        "update section s set course_id = new.course_id, part_of_term_id = new.part_id, code = new.code, title = new.title, info = new.info,
             credits = new.credits::numeric / 100, status = new.status, version = s.version + 1
         from unnest($1::uuid[], $2::int[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::int[], $9::text[])
             as new (id, version, course_id, part_id, code, title, info, credits, status)
         where s.id = new.id and s.version = new.version",
        &column(&old, |(row, _)| row.id),
        &column(&old, |(_, version)| *version),
        &column(&old, |(row, _)| row.course_id),
        &column(&old, |(row, _)| row.part_id) as &[Option<Uuid>],
        &column(&old, |(row, _)| row.section.code.clone()),
        &column(&old, |(row, _)| row.section.title.clone()),
        &column(&old, |(row, _)| row.section.info.clone()),
        &column(&old, |(row, _)| row.section.credits_hundredths) as &[Option<i32>],
        &column(&old, |(row, _)| row.section.status.as_str().to_owned()),
    )
    .execute(conn)
    .await?;
    all(&result, old.len())
}
