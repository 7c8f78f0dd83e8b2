//! People in the order of a column. What precedes the order of a statement is written once, so that the compiler checks each whole.
//!
//! E-mail and student number: who has none comes last either way, by name. That is two lists, each from an index in its own order.

use sqlx::PgConnection;

use super::{
    list::{Listed, ListedRow},
    shown,
};
use crate::{
    db::Role,
    users::{
        list::{Place, UserSort},
        model::{Narrowing, UserStatus},
    },
};

macro_rules! page {
    ($connection:ident, $only:ident, $after:ident, $rows:ident, $key:literal, $among:literal, $beyond:literal, $order:literal) => {
        sqlx::query_as!(
            ListedRow,
            r#"select u.id, u.name, u.sort_name, u.sort_key as "sort_key!", u.email, u.status, 0 as "rank!", "#
                + $key
                + r#" as "key?",
                array(select r.role from user_role r where r.user_id = u.id order by r.role) as "roles!",
                d.id as "department_id?", d.code as "department_code?", s.student_number as "student_number?"
            from app_user u
                left join student_profile s on s.user_id = u.id left join faculty_profile f on f.user_id = u.id
                left join department d on d.id = coalesce(s.department_id, f.department_id)
            where ($4::text is null or u.id in (select r.user_id from user_role r where r.role = $4))
                and ($5::uuid is null or u.id in (
                    select user_id from student_profile where department_id = $5
                    union all select user_id from faculty_profile where department_id = $5))
                and ($6::text is null or u.status = $6) and "#
                + $among
                + " and ($1::text is null or ($2::text is null and $3::uuid is null) or "
                + $beyond
                + ") order by "
                + $order
                + " limit $7",
            $after.map(|place| place.key.as_deref().unwrap_or_default()),
            $after.map(|place| place.sort_key.as_str()),
            $after.map(|place| place.id.0),
            $only.role.map(Role::as_str),
            $only.department.map(|id| id.0),
            $only.status.map(UserStatus::as_str),
            $rows
        )
        .fetch_all($connection)
        .await
        .map(shown)
    };
}

/// From just after `after`.
pub async fn sorted(
    connection: &mut PgConnection,
    only: Narrowing,
    sort: UserSort,
    after: Option<&Place>,
    rows: i64,
) -> Result<Vec<Listed>, sqlx::Error> {
    let mut page = match after {
        Some(Place { key: None, .. }) if sort.column().0 != "name" => Vec::new(),
        _ => keyed(connection, only, sort, after, rows).await?,
    };
    let left = rows - i64::try_from(page.len()).unwrap_or(rows);
    if left > 0 && sort.column().0 != "name" {
        let after = after.filter(|place| place.key.is_none());
        page.extend(keyless(connection, only, sort, after, left).await?);
    }
    Ok(page)
}

async fn keyed(
    connection: &mut PgConnection,
    only: Narrowing,
    sort: UserSort,
    after: Option<&Place>,
    rows: i64,
) -> Result<Vec<Listed>, sqlx::Error> {
    match sort {
        UserSort::Name => {
            page!(connection, only, after, rows, "null::text", "true", "(u.sort_key, u.id) > ($2, $3)", "u.sort_key, u.id")
        }
        UserSort::NameDown => page!(
            connection,
            only,
            after,
            rows,
            "null::text",
            "true",
            "(u.sort_key, u.id) < ($2, $3)",
            "u.sort_key desc, u.id desc"
        ),
        UserSort::Email => {
            page!(connection, only, after, rows, "u.email", "u.email is not null", "u.email > $1", "u.email")
        }
        UserSort::EmailDown => {
            page!(connection, only, after, rows, "u.email", "u.email is not null", "u.email < $1", "u.email desc")
        }
        UserSort::Number => page!(
            connection,
            only,
            after,
            rows,
            "s.student_number",
            "s.student_number is not null",
            "s.student_number > $1",
            "s.student_number"
        ),
        UserSort::NumberDown => page!(
            connection,
            only,
            after,
            rows,
            "s.student_number",
            "s.student_number is not null",
            "s.student_number < $1",
            "s.student_number desc"
        ),
    }
}

/// Who has no e-mail, or no student number.
async fn keyless(
    connection: &mut PgConnection,
    only: Narrowing,
    sort: UserSort,
    after: Option<&Place>,
    rows: i64,
) -> Result<Vec<Listed>, sqlx::Error> {
    if sort.column().0 == "email" {
        page!(connection, only, after, rows, "null::text", "u.email is null", "(u.sort_key, u.id) > ($2, $3)", "u.sort_key, u.id")
    } else {
        page!(
            connection,
            only,
            after,
            rows,
            "null::text",
            "s.user_id is null",
            "(u.sort_key, u.id) > ($2, $3)",
            "u.sort_key, u.id"
        )
    }
}

macro_rules! found {
    ($connection:ident, $text:ident, $only:ident, $column:ident, $after:ident, $rows:ident, $beyond:literal, $order:literal) => {
        sqlx::query_as!(
            ListedRow,
            r#"with word as (
                select q, replace(replace(replace(q, '\', '\\'), '%', '\%'), '_', '\_') as escaped from search_form($1) as q
            ), shape as (
                select q, escaped || '%' as first, '% ' || escaped || '%' as later, '%' || escaped || '%' as inside,
                    length(q) < 3 as short from word
            ), found as (
                select u.id from shape, app_user u
                where u.search like case when shape.short then shape.first else shape.inside end
                    or u.search like case when shape.short then shape.later else shape.inside end
                    or shape.q <% u.search
                union select id from app_user where email = lower($1)
                union select user_id from student_profile where student_number = upper($1)
            )
            select u.id, u.name, u.sort_name, u.sort_key as "sort_key!", u.email, u.status, 0 as "rank!", k.key as "key?",
                array(select r.role from user_role r where r.user_id = u.id order by r.role) as "roles!",
                d.id as "department_id?", d.code as "department_code?", s.student_number as "student_number?"
            from found join app_user u on u.id = found.id
                left join student_profile s on s.user_id = u.id left join faculty_profile f on f.user_id = u.id
                left join department d on d.id = coalesce(s.department_id, f.department_id)
                cross join lateral (
                    select case $2::text when 'email' then u.email when 'number' then s.student_number end as key
                ) k
            where ($6::text is null or u.id in (select r.user_id from user_role r where r.role = $6))
                and ($7::uuid is null or u.id in (
                    select user_id from student_profile where department_id = $7
                    union all select user_id from faculty_profile where department_id = $7))
                and ($8::text is null or u.status = $8)
                and ($5::uuid is null or "#
                + $beyond
                + ") order by "
                + $order
                + " limit $9",
            $text,
            $column,
            $after.and_then(|place| place.key.as_deref()),
            $after.map(|place| place.sort_key.as_str()),
            $after.map(|place| place.id.0),
            $only.role.map(Role::as_str),
            $only.department.map(|id| id.0),
            $only.status.map(UserStatus::as_str),
            $rows
        )
        .fetch_all($connection)
        .await
        .map(shown)
    };
}

/// What [`super::search`] finds, in the order of a column. The matches are sorted, not the people.
pub async fn search_sorted(
    connection: &mut PgConnection,
    text: &str,
    only: Narrowing,
    sort: UserSort,
    after: Option<&Place>,
    rows: i64,
) -> Result<Vec<Listed>, sqlx::Error> {
    let (column, down) = sort.column();
    match (column, down) {
        ("name", true) => found!(
            connection,
            text,
            only,
            column,
            after,
            rows,
            "($3::text is null and (u.sort_key, u.id) < ($4, $5))",
            "u.sort_key desc, u.id desc"
        ),
        (_, true) => found!(
            connection,
            text,
            only,
            column,
            after,
            rows,
            "case when $3::text is null then k.key is null and (u.sort_key, u.id) > ($4, $5) else k.key is null or k.key < $3 end",
            "k.key desc nulls last, u.sort_key, u.id"
        ),
        (_, false) => found!(
            connection,
            text,
            only,
            column,
            after,
            rows,
            "case when $3::text is null then k.key is null and (u.sort_key, u.id) > ($4, $5) else k.key is null or k.key > $3 end",
            "k.key nulls last, u.sort_key, u.id"
        ),
    }
}
