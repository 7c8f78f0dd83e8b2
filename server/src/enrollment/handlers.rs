use garde::Validate;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    actions::ViewRoster,
    model::{CourseResult, Enrollment, RosterEntry, Teaching},
    store,
};
use crate::{
    api::{Access, Api, Cursor, Date, Limit, Op, Page, Path, Problem, Query, Reply},
    app::{App, Caller},
    courses,
    db::{
        DbError, Module, Role,
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
        .op(Op::get("/me/teaching", "listMyTeaching", faculty).summary("The sections the caller teaches"), my_teaching)
        .op(
            Op::get("/sections/{id}/roster", "getRoster", Access::Signed)
                .summary("Who is in a section; for those who teach it, and for admins"),
            roster,
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
    #[garde(skip)]
    cursor: Option<Cursor<(Date, String, CourseResultId)>>,
    #[garde(skip)]
    #[serde(default)]
    limit: Limit,
}

async fn my_results(caller: Caller, Query(query): Query<ResultsQuery>) -> Result<Reply<Page<CourseResult>>, Problem> {
    let mut reader = caller.db.reader(Module::Enrollment).await?;
    let after = query.cursor.map(|Cursor((start, code, id))| (start.0, code, id));
    let rows = store::results(&mut reader, caller.user_id, after.as_ref(), query.limit.rows()).await.map_err(DbError::from)?;
    reader.done();
    let position = |(result, start): &(CourseResult, _)| (Date(*start), result.course.code.clone(), result.id);
    Ok(Reply::new(Page::from_rows(rows, query.limit, position, |(result, _)| result)))
}

#[derive(Deserialize, JsonSchema)]
struct ById {
    id: SectionId,
}

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
struct RosterQuery {
    #[garde(skip)]
    cursor: Option<Cursor<(String, UserId)>>,
    #[garde(skip)]
    #[serde(default)]
    limit: Limit,
}

async fn roster(
    caller: Caller,
    Path(ById { id }): Path<ById>,
    Query(query): Query<RosterQuery>,
) -> Result<Reply<Page<RosterEntry>>, Problem> {
    caller.db.read::<ViewRoster>(&caller.actor, &id).await?;
    let mut reader = caller.db.reader(Module::Enrollment).await?;
    let after = query.cursor.map(|Cursor(after)| after);
    let rows = store::roster(&mut reader, id, after.as_ref(), query.limit.rows()).await.map_err(DbError::from)?;
    reader.done();
    let position = |(name, entry): &(String, RosterEntry)| (name.clone(), entry.student_id);
    Ok(Reply::new(Page::from_rows(rows, query.limit, position, |(_, entry)| entry)))
}
