//! Courses in the order of a column. What precedes the order of a statement is written once, so that the compiler checks each whole.

use sqlx::PgConnection;

use super::list::ListedRow;
use crate::courses::{
    credits::{CreditsKind, Hours},
    list::{CourseSort, Filter, Listed, Place},
    search::SearchWords,
};

macro_rules! page {
    ($connection:ident, $filter:ident, $after:ident, $rows:ident, $key:literal, $beyond:literal, $order:literal) => {
        sqlx::query_as!(
            ListedRow,
            r#"select c.id, c.code, c.title, c.credits_kind as "credits_kind: CreditsKind", c.credits_min as "credits_min: Hours",
                c.credits_max as "credits_max: Hours", d.id as department_id, d.code as department_code, d.name as department_name,
                null::int4 as "rank?", "#
                + $key
                + r#" as "key!"
            from course c join department d on d.id = c.department_id
            where c.archived_at is null and ($3::uuid is null or c.department_id = $3)
                and ($4::uuid is null
                    or exists (select from section s where s.course_id = c.id and s.term_id = $4 and s.status = 'active'))
                and ($5::int4 is null or case c.credits_kind
                    when 'choice' then $5 / 100.0 in (c.credits_min, c.credits_max)
                    else $5 / 100.0 between c.credits_min and c.credits_max end)
                and ($1::text is null or "#
                + $beyond
                + ") order by "
                + $order
                + " limit $6",
            $after.map(|place| place.key.as_str()),
            $after.map(|place| place.code.as_str()),
            $filter.department.map(|id| id.0),
            $filter.term.map(|id| id.0),
            $filter.credits.map(Hours::hundredths),
            $rows
        )
        .fetch_all($connection)
        .await?
    };
}

/// From just after `after`. Titles and credits come from an index in their order; departments are few.
pub async fn sorted(
    connection: &mut PgConnection,
    only: Filter,
    sort: CourseSort,
    after: Option<&Place>,
    rows: i64,
) -> Result<Vec<Listed>, sqlx::Error> {
    let rows = match sort {
        CourseSort::Code => page!(connection, only, after, rows, "''", "c.code > $2", "c.code"),
        CourseSort::CodeDown => page!(connection, only, after, rows, "''", "c.code < $2", "c.code desc"),
        CourseSort::Title => page!(
            connection,
            only,
            after,
            rows,
            "search_form(c.title)",
            "(search_form(c.title), c.code) > ($1, $2)",
            "search_form(c.title), c.code"
        ),
        CourseSort::TitleDown => page!(
            connection,
            only,
            after,
            rows,
            "search_form(c.title)",
            "(search_form(c.title), c.code) < ($1, $2)",
            "search_form(c.title) desc, c.code desc"
        ),
        CourseSort::Credits => page!(
            connection,
            only,
            after,
            rows,
            "c.credits_min || ' ' || c.credits_max",
            "(c.credits_min, c.credits_max, c.code) > (split_part($1, ' ', 1)::numeric, split_part($1, ' ', 2)::numeric, $2)",
            "c.credits_min, c.credits_max, c.code"
        ),
        CourseSort::CreditsDown => page!(
            connection,
            only,
            after,
            rows,
            "c.credits_min || ' ' || c.credits_max",
            "(c.credits_min, c.credits_max, c.code) < (split_part($1, ' ', 1)::numeric, split_part($1, ' ', 2)::numeric, $2)",
            "c.credits_min desc, c.credits_max desc, c.code desc"
        ),
        CourseSort::Department => page!(
            connection,
            only,
            after,
            rows,
            "search_form(d.name)",
            "(search_form(d.name), c.code) > ($1, $2)",
            "search_form(d.name), c.code"
        ),
        CourseSort::DepartmentDown => page!(
            connection,
            only,
            after,
            rows,
            "search_form(d.name)",
            "(search_form(d.name), c.code) < ($1, $2)",
            "search_form(d.name) desc, c.code desc"
        ),
    };
    Ok(rows.into_iter().map(Listed::from).collect())
}

macro_rules! found {
    ($connection:ident, $words:ident, $filter:ident, $column:ident, $after:ident, $rows:ident, $beyond:literal, $order:literal) => {
        sqlx::query_as!(
            ListedRow,
            r#"select c.id, c.code, c.title, c.credits_kind as "credits_kind: CreditsKind", c.credits_min as "credits_min: Hours",
                c.credits_max as "credits_max: Hours", d.id as department_id, d.code as department_code, d.name as department_name,
                null::int4 as "rank?", k.key as "key!"
            from (
                select h.id from course h where h.search %>> search_form($2)
                union select h.id from course h where h.search like search_form($3)
            ) hit
            join course c on c.id = hit.id join department d on d.id = c.department_id
            cross join lateral (
                select min(case when strpos(' ' || c.search, ' ' || word) > 0 then 1.0 when length(word) < 3 then 0
                    when strpos(c.search, word) > 0 then 0.9 else strict_word_similarity(word, c.search) end) as worst
                from unnest(string_to_array(search_form($1), ' ')) as word
            ) m
            cross join lateral (
                select case $4::text when 'title' then search_form(c.title) when 'department' then search_form(d.name)
                    when 'credits' then lpad((c.credits_min * 100)::int4::text, 5, '0') || lpad((c.credits_max * 100)::int4::text, 5, '0')
                    else c.code end as key
            ) k
            where c.archived_at is null and m.worst >= 0.4
                and ($5::uuid is null or c.department_id = $5)
                and ($6::uuid is null
                    or exists (select from section s where s.course_id = c.id and s.term_id = $6 and s.status = 'active'))
                and ($7::int4 is null or case c.credits_kind
                    when 'choice' then $7 / 100.0 in (c.credits_min, c.credits_max)
                    else $7 / 100.0 between c.credits_min and c.credits_max end)
                and ($8::text is null or "#
                + $beyond
                + ") order by "
                + $order
                + " limit $10",
            $words.phrase,
            $words.anchor,
            $words.anchor_like,
            $column,
            $filter.department.map(|id| id.0),
            $filter.term.map(|id| id.0),
            $filter.credits.map(Hours::hundredths),
            $after.map(|place| place.key.as_str()),
            $after.map(|place| place.code.as_str()),
            $rows
        )
        .fetch_all($connection)
        .await?
    };
}

/// What [`super::search`] finds, in the order of a column. The matches are sorted, not the catalog.
pub async fn search_sorted(
    connection: &mut PgConnection,
    words: &SearchWords,
    only: Filter,
    sort: CourseSort,
    after: Option<&Place>,
    rows: i64,
) -> Result<Vec<Listed>, sqlx::Error> {
    let (column, down) = sort.column();
    let rows = if down {
        found!(connection, words, only, column, after, rows, "(k.key, c.code) < ($8, $9)", "k.key desc, c.code desc")
    } else {
        found!(connection, words, only, column, after, rows, "(k.key, c.code) > ($8, $9)", "k.key, c.code")
    };
    Ok(rows.into_iter().map(Listed::from).collect())
}
