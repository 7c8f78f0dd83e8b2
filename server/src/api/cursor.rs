//! Where the next page of a list starts.
//!
//! A cursor is the sort key and id of the last row shown, as a version byte and canonical JSON in base64url.
//! Clients treat it as opaque. It grants nothing: the list applies the actor's scope again on every page.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::Value;

/// Raised when the meaning of the bytes changes; cursors of an older version are refused.
const VERSION: u8 = 1;

/// Sort keys are titles and names of at most 200 characters.
const MAX_CHARS: usize = 2000;

/// The message by which `Query` recognizes a refused cursor among other errors.
pub(super) const REFUSED: &str = "invalid cursor";

/// A position in a list ordered by `K`, a tuple that ends with the row's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor<K>(pub K);

impl<K: Serialize> Cursor<K> {
    pub fn encode(&self) -> String {
        let mut bytes = vec![VERSION];
        serde_json::to_writer(&mut bytes, &self.0).expect("sort keys are strings, numbers and ids");
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

impl<K: DeserializeOwned> Cursor<K> {
    /// Reads what `encode` wrote; anything else, of whatever origin, is `None`.
    pub fn decode(text: &str) -> Option<Self> {
        if text.len() > MAX_CHARS {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (&version, json) = bytes.split_first()?;
        if version != VERSION {
            return None;
        }
        // PostgreSQL has no NUL in text: a forged cursor must fail here, not there.
        let value: Value = serde_json::from_slice(json).ok()?;
        if value.as_array()?.iter().any(|part| part.as_str().is_some_and(|text| text.contains('\0'))) {
            return None;
        }
        serde_json::from_value(value).ok().map(Self)
    }
}

impl<'de, K: DeserializeOwned> Deserialize<'de> for Cursor<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        Self::decode(&text).ok_or_else(|| de::Error::custom(REFUSED))
    }
}

impl<K> JsonSchema for Cursor<K> {
    fn schema_name() -> Cow<'static, str> {
        "Cursor".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "maxLength": MAX_CHARS,
            "pattern": "^[0-9A-Za-z_-]*$",
            "description": "The `next` of the page before.",
        })
    }
}
