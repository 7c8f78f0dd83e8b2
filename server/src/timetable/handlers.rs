use garde::Validate;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{model::Term, store};
use crate::{
    api::{Access, Api, Cursor, Date, Limit, Op, Page, Problem, Query, Reply},
    app::{App, Caller},
    db::{DbError, Module, ids::TermId},
};

pub fn routes() -> Api<App> {
    Api::new(Module::Timetable).op(Op::get("/terms", "listTerms", Access::Signed).summary("Terms, latest first"), list)
}

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    #[garde(skip)]
    cursor: Option<Cursor<(Date, TermId)>>,
    #[garde(skip)]
    #[serde(default)]
    limit: Limit,
}

async fn list(caller: Caller, Query(query): Query<ListQuery>) -> Result<Reply<Page<Term>>, Problem> {
    let mut reader = caller.db.reader(Module::Timetable).await?;
    let after = query.cursor.map(|Cursor((start, id))| (start.0, id));
    let now = caller.db.clock().now();
    let rows = store::terms(&mut reader, now, after, query.limit.rows()).await.map_err(DbError::from)?;
    reader.done();
    Ok(Reply::new(Page::from_rows(rows, query.limit, |term| (term.starts_on, term.id), |term| term)))
}
