//! From bytes to a request type, or to the problem that says what is wrong with them and where.
//!
//! Three stages, each with its own status: text that is not JSON is 400 with line and column; JSON of the
//! wrong shape is 422 with the pointer serde stopped at; values outside the declared constraints are 422 with
//! one entry per field. What the client sent is never echoed: it may be a password.

use garde::error::PathComponentKind;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::problem::{Problem, ProblemKind};
use super::strict::Strict;

/// A type that may stand in a request: decodable, constrained, documented.
pub trait Body: DeserializeOwned + garde::Validate<Context = ()> + JsonSchema + Send + 'static {}
impl<T: DeserializeOwned + garde::Validate<Context = ()> + JsonSchema + Send + 'static> Body for T {}

/// Reads a JSON body as `T` and checks its constraints. Never panics, whatever the bytes are.
pub fn decode<T: Body>(bytes: &[u8]) -> Result<T, Problem> {
    decode_at("", bytes)
}

/// The same for JSON that is a part of something: pointers start with `prefix`.
pub(super) fn decode_at<T: Body>(prefix: &str, bytes: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value: T = serde_path_to_error::deserialize(Strict(&mut deserializer)).map_err(|error| {
        let path = pointer(prefix, error.path());
        json_problem(&path, error.inner())
    })?;
    deserializer.end().map_err(|error| json_problem(prefix, &error))?;
    validate(&value, prefix)?;
    Ok(value)
}

/// Checks the constraints of a decoded value; pointers start with `prefix`.
pub(super) fn validate<T: garde::Validate<Context = ()>>(value: &T, prefix: &str) -> Result<(), Problem> {
    let Err(report) = garde::i18n::with_i18n(Codes, || value.validate()) else { return Ok(()) };
    let mut problem = Problem::new(ProblemKind::InvalidRequest);
    for (path, error) in report.iter() {
        let (code, detail) = error.message().split_once(SEPARATOR).unwrap_or(("invalid", error.message()));
        problem = problem.error(constraint_pointer(prefix, path), code, detail);
    }
    Err(problem)
}

fn json_problem(path: &str, error: &serde_json::Error) -> Problem {
    if error.is_data() {
        return shape_problem(path, &error.to_string());
    }
    let place = format!("line {}, column {}", error.line(), error.column());
    Problem::new(ProblemKind::MalformedJson).detail(format!("Not valid JSON at {place}.")).error(path, "malformed", place)
}

/// The problem for a value of the wrong shape, from serde's message about it.
pub(super) fn shape_problem(path: &str, message: &str) -> Problem {
    let (pointer, code, detail) = explain(path, message);
    Problem::new(ProblemKind::InvalidRequest).error(pointer, code, detail)
}

/// serde reports shape errors as text of a stable form; this reads the form and drops the client's value.
fn explain(path: &str, message: &str) -> (String, &'static str, String) {
    let expected = message
        .split_once(", expected ")
        .map(|(_, rest)| rest.split(" at line ").next().unwrap_or(rest))
        .map(|rest| rest.chars().take(300).collect::<String>());
    let named = message.split('`').nth(1).unwrap_or_default();
    let expecting = |fallback: &str| expected.as_ref().map_or(fallback.to_owned(), |e| format!("expected {e}"));
    let is = |form: &str| message.starts_with(form);
    if is("missing field") {
        (format!("{path}/{}", escape(named)), "required", "This field is required.".to_owned())
    } else if is("unknown field") {
        (path.to_owned(), "unknown-field", "This field does not exist.".to_owned())
    } else if is("duplicate field") {
        (format!("{path}/{}", escape(named)), "duplicate-field", "This field may be given only once.".to_owned())
    } else if is("unknown variant") {
        (path.to_owned(), "not-allowed", expecting("not one of the allowed values"))
    } else if is("invalid type") {
        (path.to_owned(), "wrong-type", expecting("a value of another type is expected"))
    } else {
        (path.to_owned(), "invalid", expecting("not a valid value"))
    }
}

/// Renders serde's path as a JSON pointer.
pub(super) fn pointer(prefix: &str, path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut out = prefix.to_owned();
    for segment in path {
        match segment {
            Segment::Seq { index } => out.push_str(&format!("/{index}")),
            Segment::Map { key } => out.push_str(&format!("/{}", escape(key))),
            // The variant is not a level of the JSON text for the tagged enums we use.
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    out
}

/// Renders garde's path, which speaks of Rust fields, with the JSON names of those fields.
fn constraint_pointer(prefix: &str, path: &garde::Path) -> String {
    let mut out = prefix.to_owned();
    // garde keeps the innermost component first.
    for (kind, component) in path.__iter().rev() {
        if kind == <&str as PathComponentKind>::component_kind() {
            out.push_str(&format!("/{}", camel_case(component)));
        } else if kind == <usize as PathComponentKind>::component_kind() {
            out.push_str(&format!("/{component}"));
        }
    }
    out
}

/// Every request type is `rename_all = "camelCase"`; `lint` refuses names that this would not produce.
fn camel_case(field: &str) -> String {
    let field = field.trim_start_matches("r#");
    let mut out = String::with_capacity(field.len());
    let mut upper = false;
    for c in field.chars() {
        if c == '_' {
            upper = true;
        } else if std::mem::take(&mut upper) {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
    }
    out
}

fn escape(key: &str) -> String {
    let short: String = key.chars().take(120).collect();
    short.replace('~', "~0").replace('/', "~1")
}

const SEPARATOR: char = '\u{1f}';

/// Makes garde say a stable code beside the words for people.
struct Codes;

type Words = std::borrow::Cow<'static, str>;

fn words(code: &str, detail: String) -> Words {
    format!("{code}{SEPARATOR}{detail}").into()
}

impl garde::i18n::I18n for Codes {
    fn length_lower_than(&self, min: usize) -> Words {
        words("too-short", format!("must have at least {min}"))
    }

    fn length_greater_than(&self, max: usize) -> Words {
        words("too-long", format!("must have at most {max}"))
    }

    fn range_lower_than(&self, min: &dyn std::fmt::Display) -> Words {
        words("too-small", format!("must be at least {min}"))
    }

    fn range_greater_than(&self, max: &dyn std::fmt::Display) -> Words {
        words("too-large", format!("must be at most {max}"))
    }

    fn pattern_no_match(&self, _: &dyn std::fmt::Display) -> Words {
        words("wrong-form", "does not have the required form".to_owned())
    }

    fn required_not_set(&self) -> Words {
        words("required", "this field is required".to_owned())
    }

    fn matches_field_mismatch(&self, field: &dyn std::fmt::Display) -> Words {
        words("mismatch", format!("must equal {}", camel_case(&field.to_string())))
    }

    fn credit_card_invalid(&self, reason: garde::i18n::InvalidCreditCard) -> Words {
        words("wrong-form", reason.to_string())
    }

    fn contains_missing(&self, _: &dyn std::fmt::Display) -> Words {
        words("wrong-form", "does not contain what it must".to_owned())
    }

    fn url_invalid(&self, reason: garde::i18n::InvalidUrl) -> Words {
        words("wrong-form", reason.to_string())
    }

    fn prefix_missing(&self, _: &dyn std::fmt::Display) -> Words {
        words("wrong-form", "does not start as it must".to_owned())
    }

    fn suffix_missing(&self, _: &dyn std::fmt::Display) -> Words {
        words("wrong-form", "does not end as it must".to_owned())
    }

    fn phone_number_invalid(&self, reason: garde::i18n::InvalidPhoneNumber) -> Words {
        words("wrong-form", reason.to_string())
    }

    fn ip_invalid(&self, kind: garde::i18n::IpKind) -> Words {
        words("wrong-form", format!("not an IP address ({kind})"))
    }

    fn email_invalid(&self, reason: garde::i18n::InvalidEmail) -> Words {
        words("wrong-form", reason.to_string())
    }

    fn ascii_invalid(&self) -> Words {
        words("wrong-form", "only ASCII is allowed".to_owned())
    }

    fn alphanumeric_invalid(&self) -> Words {
        words("wrong-form", "only letters and digits are allowed".to_owned())
    }
}
