//! Every id of the system, each a type of its own: a section's id does not fit where a course's is asked for.
//! They are UUIDv7, made here: sortable by creation, unguessable enough to be harmless in a URL, never a permission.
//! On the wire an id has one form only ([`FORM`]), so that one row can't be named in two ways.

use std::{borrow::Cow, fmt};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};
use uuid::Uuid;

/// The one textual form of an id: lower case, with hyphens. A pattern that Rust and JavaScript read alike.
pub const FORM: &str = "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$";

/// Reads a UUIDv7 in exactly that form.
pub fn parse(text: &str) -> Option<Uuid> {
    let id = Uuid::try_parse(text).ok()?;
    let version_7 = id.get_version_num() == 7 && id.get_variant() == uuid::Variant::RFC4122;
    let form = id.hyphenated().encode_lower(&mut Uuid::encode_buffer()) == text;
    (version_7 && form).then_some(id)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            #[expect(clippy::new_without_default, reason = "a new id is a fresh one, not a default")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Cow::<'de, str>::deserialize(deserializer)?;
                parse(&text).map(Self).ok_or_else(|| de::Error::invalid_value(de::Unexpected::Other("text"), &"an id"))
            }
        }

        // A named schema, so that TypeScript gets a brand of its own for each id.
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": FORM, "x-brand": stringify!($name) })
            }
        }
    )*};
}

ids! {
    TenantId, UserId, SessionId, DepartmentId, TermId, PartOfTermId, RoomId, CourseId, SectionId, MeetingId,
    EnrollmentId, CourseResultId, AuditId, RequestId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_form() {
        let id = CourseId::new();
        let text = id.to_string();
        assert_eq!(serde_json::from_value::<CourseId>(text.as_str().into()).unwrap(), id);
        let (simple, urn) = (text.replace('-', ""), format!("urn:uuid:{text}"));
        let nil = Uuid::nil().to_string();
        for other in
            [&text.to_uppercase(), &simple, &urn, &format!("{{{text}}}"), &nil, "", " ", "01930000-0000-4000-8000-000000000001"]
        {
            assert!(parse(other).is_none() || other == text, "{other}");
        }
    }
}
