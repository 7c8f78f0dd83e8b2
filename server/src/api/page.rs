//! Pages of a list: `{items, next}`.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

use super::cursor::Cursor;

const MAX: u16 = 200;
const DEFAULT: u16 = 50;

/// How many items a page may have: 1 to 200, and 50 unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(u16);

impl Limit {
    /// `None` outside 1 to 200.
    pub fn new(value: u16) -> Option<Self> {
        (1..=MAX).contains(&value).then_some(Self(value))
    }

    pub fn get(self) -> usize {
        usize::from(self.0)
    }

    /// How many rows to ask for: one more than shown tells whether there is a next page.
    pub fn rows(self) -> i64 {
        i64::from(self.0) + 1
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(DEFAULT)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = u16::deserialize(deserializer)?;
        Self::new(value)
            .ok_or_else(|| de::Error::invalid_value(de::Unexpected::Unsigned(value.into()), &"a number from 1 to 200"))
    }
}

impl JsonSchema for Limit {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Limit".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": MAX, "default": DEFAULT })
    }
}

/// One page of a list, and where the next one starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "{T}Page")]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Pass it as `cursor`; null on the last page.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Makes a page of up to `limit.rows()` rows; `key` gives the sort key and id of a row.
    pub fn from_rows<R, K: Serialize>(mut rows: Vec<R>, limit: Limit, key: impl Fn(&R) -> K, item: impl FnMut(R) -> T) -> Self {
        let more = rows.len() > limit.get();
        rows.truncate(limit.get());
        let next = rows.last().filter(|_| more).map(|row| Cursor(key(row)).encode());
        Self { items: rows.into_iter().map(item).collect(), next }
    }

    /// A list that is complete on its only page.
    pub fn complete(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}
