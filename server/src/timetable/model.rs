use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use crate::db::ids::TermId;

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Term {
    pub id: TermId,
    pub code: String,
    pub name: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub current: bool,
}
