//! Rewrites generated schemas into the few forms that every reader of the document understands alike.

use schemars::Schema;
use serde_json::{Map, Value};

/// Brings every schema of the document into its plain form:
/// * integer formats become explicit bounds (`int32` says nothing to JavaScript);
/// * float formats go away: a JSON number has no width;
/// * an enum whose members carry comments (`oneOf` of constants) becomes an `enum`.
pub(super) fn normalize(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(normalize),
        Value::Object(object) => {
            spell_out_bounds(object);
            merge_constants(object);
            object.values_mut().for_each(normalize);
        }
        _ => {}
    }
}

fn spell_out_bounds(schema: &mut Map<String, Value>) {
    let Some(format) = schema.get("format").and_then(Value::as_str) else { return };
    let (min, max) = match format {
        "int8" => (i64::from(i8::MIN), i64::from(i8::MAX)),
        "int16" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "int32" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        "uint8" => (0, i64::from(u8::MAX)),
        "uint16" => (0, i64::from(u16::MAX)),
        "uint32" => (0, i64::from(u32::MAX)),
        // Wider ones are beyond what JavaScript counts exactly; lint asks request types for closer bounds.
        "int64" | "uint64" | "int" | "uint" | "float" | "double" => {
            schema.remove("format");
            return;
        }
        _ => return,
    };
    schema.remove("format");
    schema.entry("minimum").or_insert_with(|| min.into());
    schema.entry("maximum").or_insert_with(|| max.into());
}

fn merge_constants(schema: &mut Map<String, Value>) {
    let Some(Value::Array(members)) = schema.get("oneOf") else { return };
    let constants: Option<Vec<Value>> = members
        .iter()
        .map(|member| {
            let plain = member.get("type").and_then(Value::as_str) == Some("string");
            if let Some(list) = member.get("enum").and_then(Value::as_array).filter(|_| plain) {
                return Some(list.clone());
            }
            member.get("const").filter(|_| plain).map(|constant| vec![constant.clone()])
        })
        .collect::<Option<Vec<_>>>()
        .map(|lists| lists.concat());
    if let Some(constants) = constants {
        schema.remove("oneOf");
        schema.insert("type".to_owned(), "string".into());
        schema.insert("enum".to_owned(), constants.into());
    }
}

/// Takes `null` from the fields that may be left out, where the two never both occur: query parameters, and fields of an answer that
/// are skipped when there is nothing to say.
pub(super) fn strip_optional_nulls(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    let required = object.get("required").cloned().unwrap_or_default();
    let is_required = |name: &str| required.as_array().is_some_and(|names| names.iter().any(|other| other == name));
    let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) else { return };
    for (_, property) in properties.iter_mut().filter(|(name, _)| !is_required(name)) {
        let Some(property) = property.as_object_mut() else { continue };
        if let Some(Value::Array(types)) = property.get_mut("type") {
            types.retain(|name| name != "null");
            if let [only] = types.as_slice() {
                let only = only.clone();
                property.insert("type".to_owned(), only);
            }
        }
        if let Some(Value::Array(members)) = property.get_mut("anyOf") {
            members.retain(|member| member["type"] != "null");
            if let [Value::Object(only)] = members.as_slice() {
                let only = only.clone();
                property.remove("anyOf");
                property.extend(only);
            }
        }
    }
}

/// Sorts all keys, so that the printed document depends on the declarations alone.
pub(super) fn sort(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(sort),
        Value::Object(object) => {
            object.values_mut().for_each(sort);
            let mut entries: Vec<_> = std::mem::take(object).into_iter().collect();
            entries.sort_by(|(a, _), (b, _)| a.cmp(b));
            object.extend(entries);
        }
        _ => {}
    }
}
