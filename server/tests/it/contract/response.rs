//! Whether an answer is what the document promises.
//!
//! Stricter than JSON Schema on purpose: a field that the document does not name is an error, or the clients' types would not know it.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};

use super::Contract;

static PRODUCT: LazyLock<Contract> = LazyLock::new(Contract::product);

/// Fails the test unless operation `id` may answer `status` with exactly such a body.
#[track_caller]
pub fn assert_response(id: &str, status: u16, bytes: &[u8]) {
    if let Err(complaint) = check(&PRODUCT, id, status, bytes) {
        panic!("{id} answered {status}: {complaint}: {}", String::from_utf8_lossy(bytes));
    }
}

fn check(contract: &Contract, id: &str, status: u16, bytes: &[u8]) -> Result<(), String> {
    let op = contract.operations.iter().find(|op| op.id == id).ok_or("no such operation")?;
    let response = contract.operation(op)["responses"].get(status.to_string()).ok_or("the document has no such status")?;
    let Some((media, content)) = response["content"].as_object().and_then(|content| content.iter().next()) else {
        return if bytes.is_empty() { Ok(()) } else { Err("a body where none is documented".to_owned()) };
    };
    // A file: what is in it is its own test.
    if content["schema"]["format"] == "binary" {
        return if bytes.is_empty() { Err("an empty file".to_owned()) } else { Ok(()) };
    }
    let value: Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    matches(&contract.document, &content["schema"], &value, "")?;
    if media != "application/problem+json" {
        return Ok(());
    }
    let slug = value["type"].as_str().unwrap_or_default().trim_start_matches("/problems/");
    let promised =
        contract.operation(op)["x-pec-problems"].as_array().is_some_and(|slugs| slugs.iter().any(|known| known == slug));
    if promised && value["status"] == status {
        Ok(())
    } else {
        Err(format!("problem {slug} is not documented for this operation"))
    }
}

fn matches(document: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(&reference[1..]).ok_or("a reference to nothing")?;
        return matches(document, target, value, at);
    }
    if let Some(members) = schema.get("anyOf").or(schema.get("oneOf")).and_then(Value::as_array) {
        let fits = members.iter().any(|member| matches(document, member, value, at).is_ok());
        return if fits { Ok(()) } else { Err(format!("{at}: {value} is none of the alternatives")) };
    }
    let fail = |what: String| Err(format!("{at}: {what}, not {value}"));
    if let Some(members) = schema["enum"].as_array() {
        return if members.contains(value) { Ok(()) } else { fail(format!("one of {members:?}")) };
    }
    if let Some(constant) = schema.get("const") {
        return if constant == value { Ok(()) } else { fail(format!("{constant}")) };
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        kind => kind.as_str().into_iter().collect(),
    };
    let integer = value.is_i64() || value.is_u64();
    let fits = match value {
        Value::Null => kinds.contains(&"null"),
        Value::Bool(_) => kinds.contains(&"boolean"),
        Value::Number(_) => kinds.contains(&"number") || (integer && kinds.contains(&"integer")),
        Value::String(_) => kinds.contains(&"string"),
        Value::Array(_) => kinds.contains(&"array"),
        Value::Object(_) => kinds.contains(&"object"),
    };
    if !fits {
        return fail(format!("a value of type {kinds:?}"));
    }
    match value {
        Value::Number(number) => within(schema, number.as_f64().unwrap_or(f64::NAN)).or_else(fail),
        Value::String(text) => spelled(schema, text).or_else(fail),
        Value::Array(items) => {
            items.iter().enumerate().try_for_each(|(n, item)| matches(document, &schema["items"], item, &format!("{at}/{n}")))
        }
        Value::Object(fields) => fields_match(document, schema, fields, at),
        _ => Ok(()),
    }
}

fn within(schema: &Value, number: f64) -> Result<(), String> {
    let above = schema["minimum"].as_f64().is_none_or(|min| number >= min);
    let below = schema["maximum"].as_f64().is_none_or(|max| number <= max);
    if above && below { Ok(()) } else { Err("a number within bounds".to_owned()) }
}

fn spelled(schema: &Value, text: &str) -> Result<(), String> {
    if let Some(pattern) = schema["pattern"].as_str() {
        let fits = Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text));
        return if fits { Ok(()) } else { Err(format!("a text of the form {pattern}")) };
    }
    let fits = match schema["format"].as_str() {
        Some("date-time") => chrono::DateTime::parse_from_rfc3339(text).is_ok(),
        Some("date") => chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok(),
        Some("uuid") => uuid::Uuid::try_parse(text).is_ok(),
        None => true,
        Some(other) => return Err(format!("a format this check knows ({other})")),
    };
    if fits { Ok(()) } else { Err(format!("a {}", schema["format"])) }
}

fn fields_match(document: &Value, schema: &Value, fields: &Map<String, Value>, at: &str) -> Result<(), String> {
    let missing = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    if let Some(name) = missing.into_iter().find(|name| !fields.contains_key(*name)) {
        return Err(format!("{at}: no {name}"));
    }
    fields.iter().try_for_each(|(name, value)| {
        let place = format!("{at}/{name}");
        match (schema["properties"].get(name), &schema["additionalProperties"]) {
            (Some(property), _) => matches(document, property, value, &place),
            (None, Value::Object(_)) => matches(document, &schema["additionalProperties"], value, &place),
            (None, _) => Err(format!("{place}: not in the document")),
        }
    })
}

#[test]
fn answers_are_held_to_the_document() {
    let product = Contract::product();
    let id = "01930000-0000-7000-8000-000000000001";
    let department = serde_json::json!({
        "id": id, "code": "CS", "name": "Computing", "courses": 1, "faculty": 2, "students": 3, "version": 1, "can": { "edit": true },
    });
    let verdict = |value: &Value| check(&product, "getDepartment", 200, value.to_string().as_bytes());
    assert_eq!(verdict(&department), Ok(()));
    for (field, wrong) in
        [("id", "x".into()), ("courses", 0.5.into()), ("name", Value::Null), ("extra", 1.into()), ("can", true.into())]
    {
        let mut other = department.clone();
        other[field] = wrong;
        assert!(verdict(&other).is_err(), "{field}");
    }
    let mut short = department.clone();
    short.as_object_mut().unwrap().remove("version");
    assert!(verdict(&short).is_err());
    let problem = |slug: &str, status: u16| {
        let body = serde_json::json!({ "type": format!("/problems/{slug}"), "title": "t", "status": status });
        check(&product, "getDepartment", status, body.to_string().as_bytes())
    };
    assert_eq!(problem("not-found", 404), Ok(()));
    assert!(problem("email-taken", 409).is_err());
    assert!(problem("forbidden", 404).is_err());
    assert!(check(&product, "getDepartment", 204, b"").is_err());
}
