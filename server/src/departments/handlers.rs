mod export;

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::{
    actions::{self, CreateDepartment, EditDepartment},
    error::code_taken,
    events,
    model::{
        CreateDepartment as CreateBody, DepartmentCan, DepartmentDetail, DepartmentSort, DepartmentSummary,
        EditDepartment as EditBody,
    },
    store::{self, Found},
};
use crate::{
    api::{
        Access, Api, Audit, Created, Cursor, IdempotencyKey, Json, Limit, Op, Page, Path, Problem, ProblemKind, Query, Reply,
        text,
    },
    app::{Answer, App, Caller, Intent, version_conflict},
    audit::Change,
    db::{Action, DbError, Module, Reader, Role, ids::DepartmentId},
};

pub fn routes() -> Api<App> {
    let admins = Access::Roles(&[Role::Admin]);
    Api::new(Module::Departments)
        .op(Op::get("/departments", "listDepartments", Access::Signed).summary("Departments, by code or by best match"), list)
        .op(
            Op::get("/departments/export", "exportDepartments", Access::Signed)
                .summary("A list of departments as a file")
                .problems(&[ProblemKind::TooManyRequests]),
            export::departments,
        )
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

/// Where a list goes on: its order, the rank when it is ordered by best match, what the chosen column says of the last department, its code.
type Position = (Option<DepartmentSort>, Option<i32>, String, String);

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Part of a code or name; typing errors are forgiven.
    #[garde(length(chars, max = 100), pattern(text::LINE))]
    q: Option<String>,
    /// By code, or by best match in a search, unless said otherwise.
    #[garde(skip)]
    sort: Option<DepartmentSort>,
    #[garde(skip)]
    cursor: Option<Cursor<Position>>,
    #[garde(skip)]
    #[serde(default)]
    limit: Limit,
}

async fn list(caller: Caller, Query(query): Query<ListQuery>) -> Result<Reply<Page<DepartmentSummary>>, Problem> {
    let text = text::typed(query.q.as_deref());
    let ranked = text.is_some() && query.sort.is_none();
    let after = match query.cursor {
        Some(Cursor((sort, rank, key, code))) if sort == query.sort && rank.is_some() == ranked => Some((rank, key, code)),
        Some(_) => return Err(ProblemKind::InvalidCursor.into()),
        None => None,
    };
    let mut reader = caller.db.reader(Module::Departments).await?;
    let rows = rows(&mut reader, text, query.sort, after.as_ref(), query.limit.rows()).await.map_err(DbError::from)?;
    reader.done();
    let position = |(_, (rank, key, code)): &Placed| (query.sort, *rank, key.clone(), code.clone());
    Ok(Reply::new(Page::from_rows(rows, query.limit, position, |(row, _)| row)))
}

/// The rank of a match, what the chosen column says, and the code.
type Place = (Option<i32>, String, String);
type Placed = (DepartmentSummary, Place);

async fn rows(
    reader: &mut Reader,
    text: Option<&str>,
    sort: Option<DepartmentSort>,
    after: Option<&Place>,
    limit: i64,
) -> Result<Vec<Placed>, sqlx::Error> {
    let code = after.map(|(_, _, code)| code.as_str());
    Ok(match (text, sort) {
        (None, None) => {
            let rows = store::list(reader, code, limit).await?;
            rows.into_iter()
                .map(|row| {
                    let code = row.code.clone();
                    (row, (None, String::new(), code))
                })
                .collect()
        }
        (Some(text), None) => {
            let after = after.and_then(|(rank, _, code)| Some(((*rank)?, code.as_str())));
            let rows = store::search(reader, text, after, limit).await?;
            let placed = |Found { department, rank }| {
                let code = department.code.clone();
                (department, (Some(rank), String::new(), code))
            };
            rows.into_iter().map(placed).collect()
        }
        (text, Some(sort)) => {
            let after = after.map(|(_, key, code)| (key.as_str(), code.as_str()));
            let rows = store::sorted(reader, text, sort, after, limit).await?;
            rows.into_iter()
                .map(|(row, key)| {
                    let code = row.code.clone();
                    (row, (None, key, code))
                })
                .collect()
        }
    })
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
