use sqlx::PgConnection;

use super::{roles, status};
use crate::{
    db::{
        Role,
        ids::{DepartmentId, UserId},
    },
    users::{
        list::Place,
        model::{Narrowing, UserDepartment, UserStatus, UserSummary},
    },
};

/// A person in a list, with where the list goes on after them.
pub struct Listed {
    pub summary: UserSummary,
    /// Family name first, for files.
    pub sort_name: String,
    pub place: Place,
}

pub(super) struct ListedRow {
    pub id: uuid::Uuid,
    pub name: String,
    pub sort_name: String,
    pub sort_key: String,
    pub email: Option<String>,
    pub status: String,
    pub roles: Vec<String>,
    pub department_id: Option<uuid::Uuid>,
    pub department_code: Option<String>,
    pub student_number: Option<String>,
    pub rank: i32,
    /// What the chosen column says.
    pub key: Option<String>,
}

impl From<ListedRow> for Listed {
    fn from(row: ListedRow) -> Self {
        let id = UserId(row.id);
        let department =
            row.department_id.zip(row.department_code).map(|(id, code)| UserDepartment { id: DepartmentId(id), code });
        Self {
            sort_name: row.sort_name,
            place: Place { rank: row.rank, key: row.key, sort_key: row.sort_key, id },
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
        r#"select u.id, u.name, u.sort_name, u.sort_key as "sort_key!", u.email, u.status, 0 as "rank!", null::text as "key?",
            array(select r.role from user_role r where r.user_id = u.id order by r.role) as "roles!",
            d.id as "department_id?", d.code as "department_code?", s.student_number as "student_number?"
        from app_user u
            left join student_profile s on s.user_id = u.id left join faculty_profile f on f.user_id = u.id
            left join department d on d.id = coalesce(s.department_id, f.department_id)
        where (u.sort_key, u.id) > ($1, $2)
            and ($3::text is null or u.id in (select r.user_id from user_role r where r.role = $3))
            and ($4::uuid is null or u.id in (
                select user_id from student_profile where department_id = $4
                union all select user_id from faculty_profile where department_id = $4))
            and ($5::text is null or u.status = $5)
        order by u.sort_key, u.id limit $6"#,
        after.sort_key,
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
            group by u.id having (min(found.rank), u.sort_key, u.id) > ($2, $3, $4)
            order by min(found.rank), u.sort_key, u.id limit $8
        )
        select u.id, u.name, u.sort_name, u.sort_key as "sort_key!", u.email, u.status, page.rank as "rank!", null::text as "key?",
            array(select r.role from user_role r where r.user_id = u.id order by r.role) as "roles!",
            d.id as "department_id?", d.code as "department_code?", s.student_number as "student_number?"
        from page join app_user u on u.id = page.id
            left join student_profile s on s.user_id = u.id left join faculty_profile f on f.user_id = u.id
            left join department d on d.id = coalesce(s.department_id, f.department_id)
        order by page.rank, u.sort_key, u.id"#,
        text,
        after.rank,
        after.sort_key,
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
