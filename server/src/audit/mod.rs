//! What an audit row says.
//!
//! A row is canonical bytes: JSON with sorted keys, integers and strings only, no insignificant space, so that the same facts are
//! always the same bytes and a proof over them can be checked by anyone. Values about a person are sealed under that person's
//! key before they enter. This module knows no SQL (see `db/audit_row.rs`).

mod change;

pub use change::{Change, Entry, Plain};

use serde_json::Value;

/// Sorted keys and no floats: the one encoding of a value.
///
/// # Panics
/// On a float: amounts are decimal strings or integers.
pub fn canonical(value: &Value) -> Vec<u8> {
    fn check(value: &Value) {
        match value {
            Value::Number(number) => assert!(number.is_i64() || number.is_u64(), "audit values hold no floats"),
            Value::Array(items) => items.iter().for_each(check),
            Value::Object(fields) => fields.values().for_each(check),
            Value::Null | Value::Bool(_) | Value::String(_) => {}
        }
    }
    check(value);
    // serde_json's map is a BTreeMap here: keys come out sorted.
    serde_json::to_vec(value).expect("JSON values serialize")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_facts_are_the_same_bytes() {
        let one: Value = serde_json::from_str(r#"{"b": 1, "a": {"z": null, "k": "é"}}"#).unwrap();
        let other: Value = serde_json::from_str(r#"{"a":{"k":"\u00e9","z":null},"b":1}"#).unwrap();
        assert_eq!(canonical(&one), canonical(&other));
        assert_eq!(canonical(&one), r#"{"a":{"k":"é","z":null},"b":1}"#.as_bytes());
    }

    #[test]
    #[should_panic(expected = "no floats")]
    fn floats_are_refused() {
        canonical(&serde_json::json!({ "credits": 0.5 }));
    }
}
