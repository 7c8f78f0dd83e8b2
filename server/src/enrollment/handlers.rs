mod export;

use garde::Validate;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    actions::{ExportRoster, ViewRoster},
    model::{CourseResult, Enrollment, ResultSort, RosterEntry, RosterSort, Teaching},
    store::{self, RosterPlace},
};
use crate::{
    api::{Access, Api, Cursor, Limit, Op, Page, Path, Problem, ProblemKind, Query, Reply, text},
    app::{App, Caller},
    courses,
    db::{
        Action, DbError, Module, Role,
        ids::{CourseResultId, SectionId, TermId, UserId},
    },
    timetable,
};

pub fn routes() -> Api<App> {
    let faculty = Access::Roles(&[Role::Faculty]);
    Api::new(Module::Enrollment)
        .op(
            Op::get("/me/enrollments", "listMyEnrollments", Access::Signed).summary("The sections the caller is enrolled in"),
            my_enrollments,
        )
        .op(Op::get("/me/results", "listMyResults", Access::Signed).summary("What came of the caller's courses"), my_results)
        .op(
            Op::get("/me/results/export", "exportMyResults", Access::Signed)
                .summary("What came of the caller's courses, as a file")
                .problems(&[ProblemKind::TooManyRequests]),
            export::my_results,
        )
        .op(Op::get("/me/teaching", "listMyTeaching", faculty).summary("The sections the caller teaches"), my_teaching)
        .op(
            Op::get("/sections/{id}/roster", "getRoster", Access::Signed)
                .summary("Who is in a section; for those who teach it, and for admins"),
            roster,
        )
        .op(
            Op::get("/sections/{id}/roster/export", "exportRoster", Access::Signed)
                .audited(ExportRoster::NAME)
                .summary("A roster as a file; leaves an audit row")
                .problems(&[ProblemKind::TooManyRequests]),
            export::roster,
        )
}

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
struct TermQuery {
    /// By default the term in progress.
    #[garde(skip)]
    term: Option<TermId>,
}

/// Complete on one page: it holds what one person can attend in one term.
async fn my_enrollments(caller: Caller, Query(query): Query<TermQuery>) -> Result<Reply<Page<Enrollment>>, Problem> {
    let now = caller.db.clock().now();
    let mut reader = caller.db.reader(Module::Enrollment).await?;
    let items = store::enrollments(&mut reader, caller.user_id, query.term, now).await.map_err(DbError::from)?;
    reader.done();
    Ok(Reply::new(Page::complete(items)))
}

/// Complete on one page: it holds what one person can teach in one term.
async fn my_teaching(caller: Caller, Query(query): Query<TermQuery>) -> Result<Reply<Page<Teaching>>, Problem> {
    Ok(Reply::new(Page::complete(teaching(&caller, query.term).await?)))
}

async fn teaching(caller: &Caller, term: Option<TermId>) -> Result<Vec<Teaching>, DbError> {
    let mut reader = caller.db.reader(Module::Enrollment).await?;
    let now = caller.db.clock().now();
    let term = match term {
        Some(asked) => asked,
        None => match timetable::current_term(&mut reader, now).await? {
            Some(current) => current.id,
            None => return Ok(Vec::new()),
        },
    };
    let ids = store::taught_sections(&mut reader, caller.user_id, term).await?;
    let sections = courses::sections(&mut reader, &ids).await?;
    reader.done();
    Ok(sections.into_iter().map(|section| Teaching { section: section.summary, seats: section.seats }).collect())
}

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
struct ResultsQuery {
    /// The latest term first unless said otherwise.
    #[garde(skip)]
    sort: Option<ResultSort>,
    #[garde(skip)]
    cursor: Option<Cursor<(ResultSort, String, String, CourseResultId)>>,
    #[garde(skip)]
    #[serde(default)]
    limit: Limit,
}

async fn my_results(caller: Caller, Query(query): Query<ResultsQuery>) -> Result<Reply<Page<CourseResult>>, Problem> {
    let sort = query.sort.unwrap_or(ResultSort::TermDown);
    let after = match query.cursor {
        Some(Cursor((of, key, code, id))) if of == sort => Some((key, code, id)),
        Some(_) => return Err(ProblemKind::InvalidCursor.into()),
        None => None,
    };
    let mut reader = caller.db.reader(Module::Enrollment).await?;
    let rows =
        store::results(&mut reader, caller.user_id, sort, after.as_ref(), query.limit.rows()).await.map_err(DbError::from)?;
    reader.done();
    let position = |(row, key): &(CourseResult, String)| (sort, key.clone(), row.course.code.clone(), row.id);
    Ok(Reply::new(Page::from_rows(rows, query.limit, position, |(row, _)| row)))
}

#[derive(Deserialize, JsonSchema)]
struct ById {
    id: SectionId,
}

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
struct RosterQuery {
    /// Part of a name, a student number or a program.
    #[garde(length(chars, max = 100), pattern(text::LINE))]
    q: Option<String>,
    /// By family name unless said otherwise.
    #[garde(skip)]
    sort: Option<RosterSort>,
    #[garde(skip)]
    cursor: Option<Cursor<(RosterSort, String, String, UserId)>>,
    #[garde(skip)]
    #[serde(default)]
    limit: Limit,
}

async fn roster(
    caller: Caller,
    Path(ById { id }): Path<ById>,
    Query(query): Query<RosterQuery>,
) -> Result<Reply<Page<RosterEntry>>, Problem> {
    let sort = query.sort.unwrap_or(RosterSort::Name);
    let after = match query.cursor {
        Some(Cursor((of, key, name, student))) if of == sort => Some((key, name, student)),
        Some(_) => return Err(ProblemKind::InvalidCursor.into()),
        None => None,
    };
    caller.db.read::<ViewRoster>(&caller.actor, &id).await?;
    let mut reader = caller.db.reader(Module::Enrollment).await?;
    let text = text::typed(query.q.as_deref());
    let rows = store::roster(&mut reader, id, text, sort, after.as_ref(), query.limit.rows()).await.map_err(DbError::from)?;
    reader.done();
    let position = |(_, (key, name, student)): &(RosterEntry, RosterPlace)| (sort, key.clone(), name.clone(), *student);
    Ok(Reply::new(Page::from_rows(rows, query.limit, position, |(row, _)| row)))
}
