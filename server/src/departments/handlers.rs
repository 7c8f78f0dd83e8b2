use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{
    actions::{self, CreateDepartment, EditDepartment},
    error::code_taken,
    events,
    model::{CreateDepartment as CreateBody, DepartmentCan, DepartmentDetail, DepartmentSummary, EditDepartment as EditBody},
    store::{self, Found},
};
use crate::{
    api::{
        Access, Api, Audit, Created, Cursor, IdempotencyKey, Json, Limit, Op, Page, Path, Problem, ProblemKind, Query, Reply,
        text,
    },
    app::{Answer, App, Caller, Intent, version_conflict},
    audit::Change,
    db::{Action, DbError, Module, Role, ids::DepartmentId},
};

pub fn routes() -> Api<App> {
    let admins = Access::Roles(&[Role::Admin]);
    Api::new(Module::Departments)
        .op(Op::get("/departments", "listDepartments", Access::Signed).summary("Departments, by code or by best match"), list)
        .op(Op::get("/departments/{id}", "getDepartment", Access::Signed).summary("One department"), get)
        .op(
            Op::post("/departments", "createDepartment", admins, Audit::Action(CreateDepartment::NAME))
                .summary("Make a department")
                .problems(&[ProblemKind::DepartmentCodeTaken]),
            create,
        )
        .op(
            Op::patch("/departments/{id}", "editDepartment", admins, Audit::Action(EditDepartment::NAME))
                .summary("Rename a department")
                .problems(&[ProblemKind::VersionConflict]),
            edit,
        )
}

/// Where a list of departments goes on: the rank when it is ordered by best match, and the code.
type Position = (Option<i32>, String);

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Part of a code or name; typing errors are forgiven.
    #[garde(length(chars, max = 100), pattern(text::LINE))]
    q: Option<String>,
    #[garde(skip)]
    cursor: Option<Cursor<Position>>,
    #[garde(skip)]
    #[serde(default)]
    limit: Limit,
}

async fn list(caller: Caller, Query(query): Query<ListQuery>) -> Result<Reply<Page<DepartmentSummary>>, Problem> {
    let mut reader = caller.db.reader(Module::Departments).await?;
    if let Some(text) = query.q.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        let after = match &query.cursor {
            Some(Cursor((None, _))) => return Err(ProblemKind::InvalidCursor.into()),
            after => after.as_ref().and_then(|Cursor((rank, code))| Some(((*rank)?, code.as_str()))),
        };
        let found = store::search(&mut reader, text, after, query.limit.rows()).await.map_err(DbError::from)?;
        reader.done();
        let position = |found: &Found| (Some(found.rank), found.department.code.clone());
        return Ok(Reply::new(Page::from_rows(found, query.limit, position, |found| found.department)));
    }
    let after = match &query.cursor {
        Some(Cursor((Some(_), _))) => return Err(ProblemKind::InvalidCursor.into()),
        after => after.as_ref().map(|Cursor((_, code))| code.as_str()),
    };
    let rows = store::list(&mut reader, after, query.limit.rows()).await.map_err(DbError::from)?;
    reader.done();
    Ok(Reply::new(Page::from_rows(rows, query.limit, |row| (None::<i32>, row.code.clone()), |row| row)))
}

#[derive(Deserialize, JsonSchema)]
struct ById {
    id: DepartmentId,
}

async fn get(caller: Caller, Path(ById { id }): Path<ById>) -> Result<Reply<DepartmentDetail>, Problem> {
    let mut reader = caller.db.reader(Module::Departments).await?;
    let department = detail(&caller, &mut reader, id).await?;
    reader.done();
    Ok(Reply::new(department))
}

async fn detail(caller: &Caller, connection: &mut PgConnection, id: DepartmentId) -> Result<DepartmentDetail, DbError> {
    let (summary, students) = store::find(connection, id).await?.ok_or(DbError::NotFound)?;
    Ok(DepartmentDetail { summary, students, can: DepartmentCan { edit: actions::may_edit(&caller.actor) } })
}

async fn create(caller: Caller, key: IdempotencyKey, Json(body): Json<CreateBody>) -> Result<Created<DepartmentDetail>, Problem> {
    let intent = Intent::new(Module::Departments, &key, "createDepartment", &body);
    let answer = caller
        .once(&intent, async || {
            let mut tx = caller.db.write::<CreateDepartment>(&caller.actor, &()).await?;
            let Some(id) = store::insert(&mut tx, &body.code, &body.name).await? else {
                return Answer::refuse(tx, &intent, code_taken(&body.code)).await;
            };
            let made = DepartmentDetail {
                summary: DepartmentSummary {
                    id,
                    code: body.code.clone(),
                    name: body.name.clone(),
                    courses: 0,
                    faculty: 0,
                    version: 1,
                },
                students: 0,
                can: DepartmentCan { edit: true },
            };
            tx.announce(events::changed(id));
            let change = Change::of(id).field("code", None::<&str>, &body.code).field("name", None::<&str>, &body.name);
            Answer::keep(tx, &intent, 201, &made, change).await
        })
        .await?;
    answer.created("/departments")
}

#[derive(Serialize)]
struct Edit<'a> {
    id: DepartmentId,
    body: &'a EditBody,
}

async fn edit(
    caller: Caller,
    key: IdempotencyKey,
    Path(ById { id }): Path<ById>,
    Json(body): Json<EditBody>,
) -> Result<Reply<DepartmentDetail>, Problem> {
    let intent = Intent::new(Module::Departments, &key, "editDepartment", &Edit { id, body: &body });
    let answer = caller
        .once(&intent, async || {
            let mut tx = caller.db.write::<EditDepartment>(&caller.actor, &id).await?;
            if tx.target().version != body.version {
                return Answer::refuse(tx, &intent, version_conflict()).await;
            }
            let change = Change::of(id).field("name", tx.target().name.as_str(), &body.name);
            store::rename(&mut tx, &body.name).await?;
            let edited = detail(&caller, tx.connection(), id).await?;
            tx.announce(events::changed(id));
            Answer::keep(tx, &intent, 200, &edited, change).await
        })
        .await?;
    answer.reply()
}
