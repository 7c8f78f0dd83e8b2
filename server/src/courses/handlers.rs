mod export;

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    actions::{self, CreateCourse, EditCourse, ViewCourse, ViewSection},
    credits::Hours,
    error::CourseRefusal,
    events,
    list::{CourseList, CourseSort, Filter, Position},
    model::{
        Course, CourseCan, CourseDetail, CourseSections, CourseSummary, CreateCourse as CreateBody, EditCourse as EditBody,
        Section, choose_term,
    },
    search::SearchWords,
    store,
};
use crate::{
    api::{
        Access, Api, Audit, Created, Cursor, IdempotencyKey, Json, Limit, Op, Page, Path, Problem, ProblemKind, Query, Reply,
        text,
    },
    app::{Answer, App, Caller, Intent, version_conflict},
    audit::Change,
    db::{
        Action, Actor, DbError, Module, Role,
        ids::{CourseId, DepartmentId, SectionId, TermId},
    },
};

pub fn routes() -> Api<App> {
    let admins = Access::Roles(&[Role::Admin]);
    Api::new(Module::Courses)
        .op(Op::get("/courses", "listCourses", Access::Signed).summary("Courses, by code or by best match"), list)
        .op(
            Op::get("/courses/export", "exportCourses", Access::Signed)
                .summary("A list of courses as a file")
                .problems(&[ProblemKind::TooManyRequests]),
            export::courses,
        )
        .op(Op::get("/courses/{id}", "getCourse", Access::Signed).summary("One course"), get)
        .op(
            Op::get("/courses/{id}/sections", "listCourseSections", Access::Signed)
                .summary("The sections of a course in one term"),
            course_sections,
        )
        .op(
            Op::post("/courses", "createCourse", admins, Audit::Action(CreateCourse::NAME))
                .summary("Make a course")
                .problems(&[ProblemKind::CourseNumberTaken]),
            create,
        )
        .op(
            Op::patch("/courses/{id}", "editCourse", admins, Audit::Action(EditCourse::NAME))
                .summary("Edit a course")
                .problems(&[ProblemKind::VersionConflict]),
            edit,
        )
        .op(Op::get("/sections/{id}", "getSection", Access::Signed).summary("One section"), get_section)
}

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Words of a code or title; typing errors are forgiven.
    #[garde(length(chars, max = 100), pattern(text::LINE))]
    q: Option<String>,
    #[garde(skip)]
    department: Option<DepartmentId>,
    /// Offered in this term.
    #[garde(skip)]
    term: Option<TermId>,
    /// Can be taken for so many credit hours.
    #[garde(range(min = 0.0, max = 100.0))]
    credits: Option<f64>,
    /// By code, or by best match in a search, unless said otherwise.
    #[garde(skip)]
    sort: Option<CourseSort>,
    #[garde(skip)]
    cursor: Option<Cursor<Position>>,
    #[garde(skip)]
    #[serde(default)]
    limit: Limit,
}

/// `None`: no course earns a fraction of a quarter.
fn narrowed(department: Option<DepartmentId>, term: Option<TermId>, credits: Option<f64>) -> Option<Filter> {
    match credits.map(Hours::new) {
        Some(None) => None,
        credits => Some(Filter { department, term, credits: credits.flatten() }),
    }
}

async fn list(caller: Caller, Query(query): Query<ListQuery>) -> Result<Reply<Page<CourseSummary>>, Problem> {
    let Some(filter) = narrowed(query.department, query.term, query.credits) else {
        return Ok(Reply::new(Page::complete(Vec::new())));
    };
    let list = CourseList { words: query.q.as_deref().and_then(SearchWords::parse), filter, sort: query.sort };
    let after = match query.cursor {
        Some(Cursor(position)) => Some(list.place(position).ok_or(ProblemKind::InvalidCursor)?),
        None => None,
    };
    let mut reader = caller.db.reader(Module::Courses).await?;
    if after.is_none() && list.is_plain() && query.limit.rows() <= store::FIRST_PAGE_ROWS {
        let courses = store::first_page(&mut reader).await.map_err(DbError::from)?;
        reader.done();
        return Ok(Reply::new(Page::from_rows(courses, query.limit, CourseList::position_by_code, |course| course)));
    }
    let rows = list.rows(&mut reader, after.as_ref(), query.limit.rows()).await.map_err(DbError::from)?;
    reader.done();
    Ok(Reply::new(Page::from_rows(rows, query.limit, |row| list.position(row), |row| row.course)))
}

#[derive(Deserialize, JsonSchema)]
struct ById {
    id: CourseId,
}

fn detail(actor: &Actor, course: Course) -> CourseDetail {
    CourseDetail { course, can: CourseCan { edit: actions::may_edit(actor) } }
}

async fn get(caller: Caller, Path(ById { id }): Path<ById>) -> Result<Reply<CourseDetail>, Problem> {
    let course = caller.db.read::<ViewCourse>(&caller.actor, &id).await?;
    Ok(Reply::new(detail(&caller.actor, course)))
}

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
struct SectionsQuery {
    /// By default the current term, or the latest one that has sections.
    #[garde(skip)]
    term: Option<TermId>,
}

async fn course_sections(
    caller: Caller,
    Path(ById { id }): Path<ById>,
    Query(query): Query<SectionsQuery>,
) -> Result<Reply<CourseSections>, Problem> {
    let now = caller.db.clock().now();
    let mut reader = caller.db.reader(Module::Courses).await?;
    let terms = store::terms_of(&mut reader, id, now).await.map_err(DbError::from)?.ok_or(DbError::NotFound)?;
    let chosen = choose_term(&terms, query.term);
    let items = match chosen {
        Some(chosen) => store::sections(&mut reader, &chosen.sections).await.map_err(DbError::from)?,
        None => Vec::new(),
    };
    reader.done();
    let term = chosen.map(|chosen| chosen.term.clone());
    Ok(Reply::new(CourseSections { term, terms: terms.into_iter().map(|with| with.term).collect(), items }))
}

async fn create(caller: Caller, key: IdempotencyKey, Json(body): Json<CreateBody>) -> Result<Created<CourseDetail>, Problem> {
    let intent = Intent::new(Module::Courses, &key, "createCourse", &body);
    let hours = body.credits.check().map_err(CourseRefusal::from)?;
    let answer = caller
        .once(&intent, async || {
            let mut tx = caller.db.write::<CreateCourse>(&caller.actor, &body.department_id).await?;
            let Some(department) = tx.target().clone() else {
                return Answer::refuse(tx, &intent, CourseRefusal::UnknownDepartment.into()).await;
            };
            let Some(course) = store::insert(&mut tx, &department, &body, hours).await? else {
                let code = format!("{} {}", department.code, body.number);
                return Answer::refuse(tx, &intent, CourseRefusal::NumberTaken(code).into()).await;
            };
            tx.announce(events::changed(course.id));
            let change = Change::of(course.id)
                .field("code", None::<&str>, &course.code)
                .field("title", None::<&str>, &course.title)
                .field("description", None::<&str>, &course.description)
                .field("credits", None::<&str>, course.credits.to_string())
                .field("attributes", None::<&str>, &course.attributes);
            let made = detail(&caller.actor, course);
            Answer::keep(tx, &intent, 201, &made, change).await
        })
        .await?;
    answer.created("/courses")
}

#[derive(Serialize)]
struct Edit<'a> {
    id: CourseId,
    body: &'a EditBody,
}

async fn edit(
    caller: Caller,
    key: IdempotencyKey,
    Path(ById { id }): Path<ById>,
    Json(body): Json<EditBody>,
) -> Result<Reply<CourseDetail>, Problem> {
    let intent = Intent::new(Module::Courses, &key, "editCourse", &Edit { id, body: &body });
    let hours = body.credits.check().map_err(CourseRefusal::from)?;
    let answer = caller
        .once(&intent, async || {
            let mut tx = caller.db.write::<EditCourse>(&caller.actor, &id).await?;
            let before = tx.target().clone();
            if before.version != body.version {
                return Answer::refuse(tx, &intent, version_conflict()).await;
            }
            store::update(&mut tx, &body, hours).await?;
            let after = body.applied_to(&before);
            tx.announce(events::changed(id));
            let change = Change::of(id)
                .field("title", &before.title, &after.title)
                .field("description", &before.description, &after.description)
                .field("credits", before.credits.to_string(), after.credits.to_string())
                .field("attributes", &before.attributes, &after.attributes);
            Answer::keep(tx, &intent, 200, &detail(&caller.actor, after), change).await
        })
        .await?;
    answer.reply()
}

#[derive(Deserialize, JsonSchema)]
struct SectionById {
    id: SectionId,
}

async fn get_section(caller: Caller, Path(SectionById { id }): Path<SectionById>) -> Result<Reply<Section>, Problem> {
    Ok(Reply::new(caller.db.read::<ViewSection>(&caller.actor, &id).await?))
}
