//! Rules for request types that the compiler cannot check. A test asks for an empty list.
//!
//! They exist so that the Rust check and the generated Zod schema give equal verdicts on every JSON value.

use serde_json::{Map, Value};

/// JavaScript counts exactly up to here.
const SAFE_INTEGER: i64 = (1 << 53) - 1;

/// Keywords both sides implement; anything else would be checked by one of them only.
const KEYWORDS: &[&str] = &[
    "$ref",
    "additionalProperties",
    "anyOf",
    "const",
    "default",
    "description",
    "enum",
    "examples",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "multipleOf",
    "oneOf",
    "pattern",
    "properties",
    "required",
    "title",
    "type",
    "discriminator",
    "x-brand",
];

/// Everything in the document that breaks a rule, as sentences that name the place.
pub fn lint(document: &Value) -> Vec<String> {
    let mut linter = Linter { document, found: Vec::new(), seen: Vec::new() };
    for (path, methods) in object(&document["paths"]) {
        for (method, operation) in object(methods) {
            linter.operation(&format!("{method} {path}"), method, operation);
        }
    }
    for (name, _) in object(&document["components"]["schemas"]) {
        let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
        if stem != name && document["components"]["schemas"].get(stem).is_some() {
            linter.found.push(format!("{name}: two different types are called {stem}"));
        }
    }
    linter.found
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

struct Linter<'a> {
    document: &'a Value,
    found: Vec<String>,
    seen: Vec<String>,
}

impl<'a> Linter<'a> {
    fn operation(&mut self, place: &str, method: &str, operation: &'a Value) {
        if operation.get("summary").is_none() {
            self.found.push(format!("{place}: no summary"));
        }
        if !object(&operation["responses"]).any(|(status, _)| status.starts_with('2')) {
            self.found.push(format!("{place}: no documented success"));
        }
        let audited = operation.get("x-pec-action").or(operation.get("x-pec-audit-exempt")).is_some();
        if method != "get" && !audited {
            self.found.push(format!("{place}: a mutation without an audited action"));
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap_or_default();
            self.schema(&format!("{place} ?{name}"), &parameter["schema"]);
        }
        if let Some(schema) = operation["requestBody"]["content"]["application/json"].get("schema") {
            self.schema(&format!("{place} body"), schema);
        }
        let form = &operation["requestBody"]["content"]["multipart/form-data"];
        for (part, _) in object(&form["encoding"]).filter(|(_, encoding)| encoding["contentType"] == "application/json") {
            self.schema(&format!("{place} part {part}"), &form["schema"]["properties"][part]);
        }
    }

    fn schema(&mut self, place: &str, schema: &'a Value) {
        let Some(keywords) = schema.as_object() else {
            self.found.push(format!("{place}: accepts anything"));
            return;
        };
        for keyword in keywords.keys().filter(|keyword| !KEYWORDS.contains(&keyword.as_str())) {
            self.found.push(format!("{place}: keyword {keyword} is not in the common subset"));
        }
        if let Some(reference) = keywords.get("$ref").and_then(Value::as_str) {
            self.reference(place, reference);
        }
        for combiner in ["anyOf", "oneOf"] {
            for member in keywords.get(combiner).and_then(Value::as_array).into_iter().flatten() {
                self.schema(place, member);
            }
        }
        let is = |wanted: &str| match keywords.get("type") {
            Some(Value::String(name)) => name == wanted,
            Some(Value::Array(names)) => names.iter().any(|name| name == wanted),
            _ => false,
        };
        if is("string") {
            self.string(place, keywords);
        }
        if is("integer") {
            self.integer(place, keywords);
        }
        if is("array") {
            self.array(place, keywords);
        }
        if is("object") {
            self.object(place, keywords);
        }
    }

    fn reference(&mut self, place: &str, reference: &str) {
        if self.seen.iter().any(|seen| seen == reference) {
            return;
        }
        self.seen.push(reference.to_owned());
        match self.document.pointer(reference.trim_start_matches('#')) {
            Some(target) => self.schema(reference.rsplit('/').next().unwrap_or(place), target),
            None => self.found.push(format!("{place}: {reference} does not exist")),
        }
    }

    fn string(&mut self, place: &str, keywords: &Map<String, Value>) {
        if keywords.contains_key("enum") || keywords.contains_key("const") {
            return;
        }
        let format = keywords.get("format").and_then(Value::as_str);
        if format.is_some_and(|format| format != "date") {
            self.found.push(format!("{place}: format {format:?} is read differently by each side; use a pattern"));
        }
        let Some(pattern) = keywords.get("pattern").and_then(Value::as_str) else {
            self.found.push(format!("{place}: a string without a pattern lets NUL through"));
            return;
        };
        if let Some(reason) = outside_subset(pattern) {
            self.found.push(format!("{place}: pattern {pattern} {reason}"));
        }
        if !keywords.contains_key("maxLength") && (pattern.contains('*') || pattern.contains('+')) {
            self.found.push(format!("{place}: a string without a largest length"));
        }
    }

    fn integer(&mut self, place: &str, keywords: &Map<String, Value>) {
        for bound in ["minimum", "maximum"] {
            let value = keywords.get(bound).and_then(Value::as_i64);
            if value.is_none_or(|value| value.abs() > SAFE_INTEGER) {
                self.found.push(format!("{place}: an integer without a {bound} within ±2^53"));
            }
        }
    }

    fn array(&mut self, place: &str, keywords: &'a Map<String, Value>) {
        if !keywords.contains_key("maxItems") {
            self.found.push(format!("{place}: an array without a largest length"));
        }
        match keywords.get("items") {
            Some(items) => self.schema(&format!("{place}[]"), items),
            None => self.found.push(format!("{place}: an array of anything")),
        }
    }

    fn object(&mut self, place: &str, keywords: &'a Map<String, Value>) {
        if keywords.get("additionalProperties") != Some(&Value::Bool(false)) {
            self.found.push(format!("{place}: unknown fields are not refused"));
        }
        for (name, property) in keywords.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let camel = name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.contains(['_', '-']);
            if !camel {
                self.found.push(format!("{place}.{name}: not camelCase"));
            }
            self.schema(&format!("{place}.{name}"), property);
        }
    }
}

/// Why Rust and JavaScript might read the pattern differently, or `None`.
fn outside_subset(pattern: &str) -> Option<&'static str> {
    let Some(inner) = pattern.strip_prefix('^').and_then(|rest| rest.strip_suffix('$')) else {
        return Some("is not anchored at both ends");
    };
    let mut chars = inner.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('x') => {}
                Some(escaped) if escaped.is_ascii_punctuation() => {}
                _ => return Some("uses an escape that differs between dialects"),
            },
            '[' if in_class => return Some("nests character classes"),
            '[' => in_class = true,
            ']' if in_class => in_class = false,
            '&' | '~' if in_class && chars.peek() == Some(&c) => return Some("uses class set operations"),
            '.' if !in_class => return Some("uses a dot, which excludes different line ends"),
            '^' | '$' if !in_class => return Some("has an anchor in the middle"),
            '(' if chars.peek() == Some(&'?') => return Some("uses a group with flags"),
            _ => {}
        }
    }
    None
}
