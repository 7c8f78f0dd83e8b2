use garde::Validate;
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    actions::may_oversee,
    model::{Overview, Queue, QueueItem, QueueKind, QueuePlace},
    store,
};
use crate::{
    api::{Access, Api, Cursor, Limit, Op, Page, Path, Problem, Query, Reply},
    app::{App, Caller},
    db::{DbError, Module, Reader, Role},
};

/// Rows of each queue on the overview itself.
const EXAMPLES: i64 = 5;

pub fn routes() -> Api<App> {
    let admins = Access::Roles(&[Role::Admin]);
    Api::new(Module::Dashboards)
        .op(Op::get("/overview", "getOverview", admins).summary("The admin home: counts, what waits, what was done"), overview)
        .op(Op::get("/overview/queues/{kind}", "listQueue", admins).summary("Everything that waits in one queue"), queue)
}

/// The one door of this module: a connection for those who may oversee the institution.
async fn reader(caller: &Caller) -> Result<Reader, DbError> {
    caller.db.allow(may_oversee(&caller.actor), &caller.actor, "overview.view")?;
    caller.db.reader(Module::Dashboards).await
}

async fn overview(caller: Caller) -> Result<Reply<Overview>, Problem> {
    let mut reader = reader(&caller).await?;
    let overview = assemble(&mut reader, &caller).await?;
    reader.done();
    Ok(Reply::new(overview))
}

async fn assemble(reader: &mut Reader, caller: &Caller) -> Result<Overview, DbError> {
    let term = store::term(reader, caller.db.clock().now()).await?;
    let id = term.as_ref().map(|term| term.id);
    let counts = store::counts(reader, id).await?;
    let mut waiting = store::sections_waiting(reader, id, None, &QueuePlace::start(), EXAMPLES).await?;
    waiting.extend(store::faculty_waiting(reader, id, &QueuePlace::start(), EXAMPLES).await?);
    let mut queues: Vec<Queue> = QueueKind::ALL.map(|kind| Queue { kind, count: 0, examples: Vec::new() }).into();
    for row in waiting {
        if let Some(queue) = queues.iter_mut().find(|queue| queue.kind.as_str() == row.kind) {
            queue.count = row.total;
            queue.examples.push(row.item);
        }
    }
    Ok(Overview { counts, term, queues, recent_actions: store::recent_actions(reader).await? })
}

#[derive(Deserialize, JsonSchema)]
struct ByKind {
    kind: QueueKind,
}

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
struct QueueQuery {
    #[garde(skip)]
    cursor: Option<Cursor<(i64, String, Uuid)>>,
    #[garde(skip)]
    #[serde(default)]
    limit: Limit,
}

async fn queue(
    caller: Caller,
    Path(ByKind { kind }): Path<ByKind>,
    Query(query): Query<QueueQuery>,
) -> Result<Reply<Page<QueueItem>>, Problem> {
    let mut reader = reader(&caller).await?;
    let after = query.cursor.map_or_else(QueuePlace::start, |Cursor((touches, label, id))| {
        // A forged cursor may hold any number; below zero there is nothing to go on from.
        QueuePlace { touches: touches.max(0), label, id }
    });
    let rows = rows_of(&mut reader, &caller, kind, &after, query.limit.rows()).await?;
    let key = |row: &store::Waiting| (row.item.touches, row.item.label.clone(), row.item.id);
    Ok(Reply::new(Page::from_rows(rows, query.limit, key, |row| row.item)))
}

async fn rows_of(
    reader: &mut Reader,
    caller: &Caller,
    kind: QueueKind,
    after: &QueuePlace,
    rows: i64,
) -> Result<Vec<store::Waiting>, DbError> {
    let term = store::term(reader, caller.db.clock().now()).await?.map(|term| term.id);
    Ok(match kind {
        QueueKind::FacultyWithoutSignIn => store::faculty_waiting(reader, term, after, rows).await?,
        sections => store::sections_waiting(reader, term, Some(sections), after, rows).await?,
    })
}
