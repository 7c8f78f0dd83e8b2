//! Operations of nothing in particular that use every part of the glue.

#![allow(dead_code, reason = "fields exist to be decoded; handlers use few of them")]

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api::{
    Access, Api, Audit, Created, Cursor, Date, IdempotencyKey, Json, Limit, Module, NoContent, Nullable, Op, OptionalJson, Page,
    Path, Problem, ProblemKind, Query, Reply, Role, Time, text,
};
use crate::db::ids::CourseId;

#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Shade {
    /// Commented members must still become a plain enum.
    LightBlue,
    Red,
}

#[derive(Debug, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Part {
    #[garde(length(chars, min = 1, max = 10), pattern(text::NAME))]
    pub part_code: String,
    #[garde(skip)]
    pub starts_on: Date,
}

#[derive(Debug, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewThing {
    #[garde(length(chars, min = 1, max = 20), pattern(text::NAME))]
    pub full_name: String,
    #[garde(length(chars, max = 40), pattern(text::TEXT))]
    pub note: Option<String>,
    #[garde(length(chars, max = 12), pattern(text::LINE))]
    pub phone: Nullable<String>,
    #[garde(range(min = 1, max = 20))]
    pub semester: u8,
    #[garde(range(min = 0.0, max = 100.0))]
    pub weight: f64,
    #[garde(skip)]
    pub shade: Shade,
    #[garde(skip)]
    pub at: Option<Time>,
    #[garde(skip)]
    pub parent: Option<CourseId>,
    #[garde(skip)]
    pub urgent: bool,
    #[garde(length(max = 3), dive)]
    pub parts: Vec<Part>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Thing {
    pub id: CourseId,
    pub full_name: String,
    pub note: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListThings {
    #[garde(length(chars, max = 20), pattern(text::LINE))]
    pub q: Option<String>,
    #[garde(skip)]
    pub shade: Option<Shade>,
    #[garde(skip)]
    pub parent: Option<CourseId>,
    #[garde(skip)]
    pub cursor: Option<Cursor<(String, Uuid)>>,
    #[garde(skip)]
    #[serde(default)]
    pub limit: Limit,
}

const ID: CourseId = CourseId(Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0001));

fn thing(name: &str) -> Thing {
    Thing { id: ID, full_name: name.to_owned(), note: None }
}

async fn list(Query(query): Query<ListThings>) -> Result<Reply<Page<Thing>>, Problem> {
    let rows: Vec<String> = (0..query.limit.rows()).map(|n| format!("{}{n}", query.q.as_deref().unwrap_or("t"))).collect();
    let page = Page::from_rows(rows, query.limit, |name| (name.clone(), ID.0), |name| thing(&name));
    Ok(Reply::new(page))
}

async fn one(Path(id): Path<CourseId>) -> Result<Reply<Thing>, Problem> {
    (id == ID).then(|| Reply::new(thing("one"))).ok_or_else(|| ProblemKind::NotFound.into())
}

async fn create(_: IdempotencyKey, Json(body): Json<NewThing>) -> Result<Created<Thing>, Problem> {
    Ok(Created::new("/api/v1/things/x", thing(&body.full_name)))
}

async fn touch(Path((_, day)): Path<(CourseId, Date)>, OptionalJson(body): OptionalJson<Part>) -> Reply<String> {
    Reply::new(format!("{day} {}", body.map_or("nothing".to_owned(), |part| part.part_code)))
}

async fn remove(Path(_): Path<CourseId>) -> NoContent {
    NoContent::new()
}

async fn explode() -> NoContent {
    panic!("the fuse was {}", "short")
}

pub fn apis() -> Vec<Api<()>> {
    const ADMIN: Access = Access::Roles(&[Role::Admin]);
    let things = Api::new(Module::Courses)
        .op(Op::get("/things", "listThings", Access::Signed).summary("Things, by name"), list)
        .op(Op::get("/things/{id}", "getThing", Access::Public).summary("One thing"), one)
        .op(Op::post("/things", "createThing", ADMIN, Audit::Action("thing.create")).summary("A new thing"), create)
        .op(Op::delete("/things/{id}", "deleteThing", ADMIN, Audit::Action("thing.delete")).summary("Away with it"), remove);
    let touching = Api::new(Module::Timetable)
        .op(
            Op::post("/things/{id}/days/{day}", "touchThing", Access::Signed, Audit::Exempt("leaves no trace"))
                .summary("Touch it")
                .problems(&[ProblemKind::VersionConflict]),
            touch,
        )
        .op(Op::get("/explode", "explode", Access::Public).summary("Panics"), explode);
    vec![things, touching]
}
