use schemars::JsonSchema;
use serde::Serialize;

use crate::{api::Date, db::ids::TermId};

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Term {
    pub id: TermId,
    pub code: String,
    pub name: String,
    pub starts_on: Date,
    pub ends_on: Date,
    pub current: bool,
}
