use sqlx::PgConnection;

use crate::{
    courses::{
        credits::{Credits, CreditsKind, Hours},
        list::{Filter, Listed, Place},
        model::CourseSummary,
        search::SearchWords,
    },
    db::ids::{CourseId, DepartmentId},
    departments::DepartmentRef,
};

struct Row {
    id: CourseId,
    code: String,
    title: String,
    credits_kind: CreditsKind,
    credits_min: Hours,
    credits_max: Hours,
    department_id: DepartmentId,
    department_code: String,
    department_name: String,
}

impl From<Row> for CourseSummary {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            code: row.code,
            title: row.title,
            credits: Credits::from_columns(row.credits_kind, row.credits_min, row.credits_max),
            department: DepartmentRef { id: row.department_id, code: row.department_code, name: row.department_name },
        }
    }
}

/// How many rows [`first_page`] reads: a page of the default size, and one to tell whether there are more.
pub const FIRST_PAGE_ROWS: i64 = 51;

/// The start of the whole catalog, in order of code: the page that everybody opens first, several times as often as any other.
///
/// Without parameters PostgreSQL plans it once a connection. A limit or a start given as a parameter makes it plan every execution anew,
/// which takes longer than reading the rows.
pub async fn first_page(connection: &mut PgConnection) -> Result<Vec<CourseSummary>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"select c.id, c.code, c.title, c.credits_kind as "credits_kind: CreditsKind", c.credits_min as "credits_min: Hours",
            c.credits_max as "credits_max: Hours", d.id as department_id, d.code as department_code, d.name as department_name
        from course c join department d on d.id = c.department_id where c.archived_at is null order by c.code limit 51"#
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(CourseSummary::from).collect())
}

/// In order of code, from just after `after`.
pub async fn page(
    connection: &mut PgConnection,
    filter: Filter,
    after: Option<&str>,
    rows: i64,
) -> Result<Vec<CourseSummary>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"select c.id, c.code, c.title, c.credits_kind as "credits_kind: CreditsKind", c.credits_min as "credits_min: Hours",
            c.credits_max as "credits_max: Hours", d.id as department_id, d.code as department_code, d.name as department_name
        from course c join department d on d.id = c.department_id
        where c.archived_at is null and ($1::text is null or c.code > $1) and ($2::uuid is null or c.department_id = $2)
            and ($3::uuid is null
                or exists (select from section s where s.course_id = c.id and s.term_id = $3 and s.status = 'active'))
            and ($4::int4 is null or case c.credits_kind
                when 'choice' then $4 / 100.0 in (c.credits_min, c.credits_max)
                else $4 / 100.0 between c.credits_min and c.credits_max end)
        order by c.code limit $5"#,
        after,
        filter.department.map(|id| id.0),
        filter.term.map(|id| id.0),
        filter.credits.map(Hours::hundredths),
        rows
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(CourseSummary::from).collect())
}

/// A row of a list with what tells its place.
pub(super) struct ListedRow {
    pub id: CourseId,
    pub code: String,
    pub title: String,
    pub credits_kind: CreditsKind,
    pub credits_min: Hours,
    pub credits_max: Hours,
    pub department_id: DepartmentId,
    pub department_code: String,
    pub department_name: String,
    pub rank: Option<i32>,
    /// What the chosen column says.
    pub key: String,
}

impl From<ListedRow> for Listed {
    fn from(row: ListedRow) -> Self {
        let ListedRow { id, code, title, credits_kind, credits_min, credits_max, rank, key, .. } = row;
        let (department_id, department_code, department_name) = (row.department_id, row.department_code, row.department_name);
        let row =
            Row { id, code, title, credits_kind, credits_min, credits_max, department_id, department_code, department_name };
        let course = CourseSummary::from(row);
        Self { place: Place { rank, key, code: course.code.clone() }, course }
    }
}

/// Best match first, from just after `after` (rank and code). Typing errors are forgiven.
///
/// Every word must be in the course: the start of a word counts 1, the inside of one 0.9, and a word that only resembles it by how
/// much, at least 0.4. The rank is the average in thousandths; an exact code, the start of one and the whole phrase add to it, and a
/// long title costs a little.
///
/// Candidates come from the trigram index by the longest word: what resembles it (`%>>`, with the threshold that an institution's
/// connections set) and what contains it. They are a union because one condition with `or` makes a scan of all courses look cheaper
/// than it is.
pub async fn search(
    connection: &mut PgConnection,
    words: &SearchWords,
    filter: Filter,
    after: Option<(i32, &str)>,
    rows: i64,
) -> Result<Vec<Listed>, sqlx::Error> {
    let (after_rank, after_code) = after.unzip();
    let rows = sqlx::query_as!(
        ListedRow,
        r#"select c.id, c.code, c.title, c.credits_kind as "credits_kind: CreditsKind", c.credits_min as "credits_min: Hours",
            c.credits_max as "credits_max: Hours", d.id as department_id, d.code as department_code, d.name as department_name,
            r.rank as "rank?", '' as "key!"
        from (
            select h.id from course h where h.search %>> search_form($2)
            union select h.id from course h where h.search like search_form($3)
        ) hit
        join course c on c.id = hit.id join department d on d.id = c.department_id
        cross join lateral (
            select avg(w.score) as mean, min(w.score) as worst from (
                select case when strpos(' ' || c.search, ' ' || word) > 0 then 1.0 when length(word) < 3 then 0
                    when strpos(c.search, word) > 0 then 0.9 else strict_word_similarity(word, c.search) end as score
                from unnest(string_to_array(search_form($1), ' ')) as word
            ) w
        ) m
        cross join lateral (
            select (m.mean * 1000 - length(c.title) / 10
                + case when replace(lower(c.code), ' ', '') = $4 then 4000
                    when starts_with(replace(lower(c.code), ' ', ''), $4) then 2000
                    when strpos(c.search, search_form($1)) > 0 then 500 else 0 end)::int4 as rank
        ) r
        where c.archived_at is null and m.worst >= 0.4
            and ($5::uuid is null or c.department_id = $5)
            and ($6::uuid is null
                or exists (select from section s where s.course_id = c.id and s.term_id = $6 and s.status = 'active'))
            and ($7::int4 is null or case c.credits_kind
                when 'choice' then $7 / 100.0 in (c.credits_min, c.credits_max)
                else $7 / 100.0 between c.credits_min and c.credits_max end)
            and ($8::int4 is null or r.rank < $8 or (r.rank = $8 and c.code > $9))
        order by r.rank desc, c.code limit $10"#,
        words.phrase,
        words.anchor,
        words.anchor_like,
        words.compact,
        filter.department.map(|id| id.0),
        filter.term.map(|id| id.0),
        filter.credits.map(Hours::hundredths),
        after_rank,
        after_code,
        rows
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(Listed::from).collect())
}
