//! Rewrites generated schemas into the few forms that every reader of the document understands alike.

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
