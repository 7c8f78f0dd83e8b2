use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::crypto::Personal;

/// A value an audit row may show as it is. `Personal<T>` is none: it goes through [`Change::personal`].
pub struct Plain(Value);

macro_rules! plain {
    ($($kind:ty => |$value:ident| $body:expr),* $(,)?) => {$(
        impl From<$kind> for Plain {
            fn from($value: $kind) -> Self {
                Self($body)
            }
        }
    )*};
}

plain! {
    &str => |v| json!(v),
    String => |v| json!(v),
    &String => |v| json!(v),
    bool => |v| json!(v),
    i16 => |v| json!(v),
    i32 => |v| json!(v),
    i64 => |v| json!(v),
    u64 => |v| json!(v),
    Uuid => |v| json!(v),
    NaiveDate => |v| json!(v.to_string()),
    DateTime<Utc> => |v| json!(v.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)),
}

impl<T: Into<Plain>> From<Option<T>> for Plain {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self(Value::Null), Into::into)
    }
}

impl<T: Into<Plain>> From<Vec<T>> for Plain {
    fn from(values: Vec<T>) -> Self {
        Self(Value::Array(values.into_iter().map(|value| value.into().0).collect()))
    }
}

/// What an action did: the target, the person it is about, and each field before and after.
pub struct Change {
    pub(crate) target: Option<Uuid>,
    pub(crate) subject: Option<Uuid>,
    pub(crate) fields: BTreeMap<&'static str, (Value, Value)>,
    pub(crate) personal: BTreeMap<&'static str, (Value, Value)>,
    pub(crate) diff: Option<Vec<Entry>>,
}

/// One line of a bulk action's difference. Personal values in it are sealed, each under the key of the person it is about.
#[derive(Default)]
pub struct Entry {
    pub(crate) facts: Map<String, Value>,
    pub(crate) subject: Option<Uuid>,
    pub(crate) personal: BTreeMap<&'static str, Value>,
}

impl Entry {
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn fact(mut self, name: &str, value: impl Into<Plain>) -> Self {
        self.facts.insert(name.to_owned(), value.into().0);
        self
    }

    /// The person the personal values are about.
    #[must_use]
    pub fn about(mut self, person: impl Into<Uuid>) -> Self {
        self.subject = Some(person.into());
        self
    }

    #[must_use]
    pub fn personal<T: Serialize>(mut self, name: &'static str, value: &Personal<T>) -> Self {
        self.personal.insert(name, json!(value.reveal()));
        self
    }
}

impl Change {
    /// A change of this target.
    pub fn of(target: impl Into<Uuid>) -> Self {
        Self { target: Some(target.into()), ..Self::bulk() }
    }

    /// A change of many things at once.
    pub fn bulk() -> Self {
        Self { target: None, subject: None, fields: BTreeMap::new(), personal: BTreeMap::new(), diff: None }
    }

    /// The person this row is about.
    #[must_use]
    pub fn about(mut self, person: impl Into<Uuid>) -> Self {
        self.subject = Some(person.into());
        self
    }

    /// A field that changed; equal values are left out.
    #[must_use]
    pub fn field(mut self, name: &'static str, before: impl Into<Plain>, after: impl Into<Plain>) -> Self {
        let (before, after) = (before.into().0, after.into().0);
        if before != after {
            self.fields.insert(name, (before, after));
        }
        self
    }

    /// A value about the person of [`Change::about`]: sealed under that person's key.
    #[must_use]
    pub fn personal<T: Serialize>(
        mut self,
        name: &'static str,
        before: Option<&Personal<T>>,
        after: Option<&Personal<T>>,
    ) -> Self {
        let value = |side: Option<&Personal<T>>| json!(side.map(Personal::reveal));
        let (before, after) = (value(before), value(after));
        if before != after {
            self.personal.insert(name, (before, after));
        }
        self
    }

    /// The whole difference of a bulk action: stored beside the row, which carries its digest.
    #[must_use]
    pub fn with_diff(mut self, diff: Vec<Entry>) -> Self {
        self.diff = Some(diff);
        self
    }
}
