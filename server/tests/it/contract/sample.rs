//! One request type that uses every construct the contract allows, so that a construct is compared before a product type needs it.

use garde::Validate;
use pec::{
    api::{Access, Api, Audit, Date, Json, Module, NoContent, Nullable, Op, OptionalJson, Role, Time, text},
    db::ids::{CourseId, UserId},
};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Shade {
    /// A comment on a member must not change the schema's kind.
    LightBlue,
    Red,
}

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "decoded and checked, never used")]
struct Part {
    #[garde(length(chars, min = 1, max = 10), pattern(text::NAME))]
    part_code: String,
    #[garde(skip)]
    starts_on: Date,
    #[garde(skip)]
    ends_on: Nullable<Date>,
}

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "decoded and checked, never used")]
struct Everything {
    #[garde(length(chars, min = 2, max = 20), pattern(text::NAME))]
    full_name: String,
    #[garde(length(chars, max = 40), pattern(text::TEXT))]
    note: Option<String>,
    #[garde(length(chars, max = 12), pattern(text::LINE))]
    phone: Nullable<String>,
    #[garde(length(chars, min = 3, max = 30), pattern(text::EMAIL))]
    email: String,
    #[garde(length(chars, max = 10), pattern("^[0-9A-Z][0-9A-Z.-]{0,9}$"))]
    number: String,
    #[garde(length(chars, max = 4), pattern("^[^\\x00-\\x1f\\x7f]{2,4}$"))]
    counted: String,
    #[garde(range(min = 1, max = 20))]
    semester: u8,
    #[garde(skip)]
    any_int: i32,
    #[garde(range(min = -9_007_199_254_740_991_i64, max = 9_007_199_254_740_991_i64))]
    wide: i64,
    #[garde(range(min = 0.0, max = 100.0))]
    weight: f64,
    #[garde(skip)]
    free: Option<f64>,
    #[garde(skip)]
    shade: Shade,
    #[garde(skip)]
    other_shade: Option<Shade>,
    #[garde(skip)]
    at: Option<Time>,
    #[garde(skip)]
    course: CourseId,
    #[garde(skip)]
    user: Nullable<UserId>,
    #[garde(skip)]
    urgent: bool,
    #[garde(skip)]
    #[serde(default)]
    quiet: bool,
    #[garde(length(min = 1, max = 3), dive)]
    parts: Vec<Part>,
    #[garde(length(max = 4), inner(length(chars, min = 1, max = 5), pattern(text::LINE)))]
    tags: Vec<String>,
    #[garde(dive)]
    inside: Option<Part>,
}

async fn take(Json(_): Json<Everything>) -> NoContent {
    NoContent::new()
}

async fn take_part(OptionalJson(_): OptionalJson<Part>) -> NoContent {
    NoContent::new()
}

pub fn apis() -> Vec<Api<()>> {
    const ADMINS: Access = Access::Roles(&[Role::Admin]);
    let take_op = Op::post("/everything", "takeEverything", ADMINS, Audit::Exempt("leaves nothing")).summary("Takes it");
    let part_op = Op::post("/part", "takePart", ADMINS, Audit::Exempt("leaves nothing")).summary("Takes a part");
    vec![Api::new(Module::Courses).op(take_op, take).op(part_op, take_part)]
}
