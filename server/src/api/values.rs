//! Values with one textual form on the wire: dates, times, and a field that must be named even if null.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveTime, Timelike};
use garde::rules::{length::chars::Chars, pattern};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::text;

/// A calendar date, `YYYY-MM-DD`, of the years 1900 to 2199.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub NaiveDate);

impl Date {
    /// Reads the one accepted form; `2026-2-3`, `+2026-02-03` and the thirtieth of February are refused.
    pub fn parse(value: &str) -> Option<Self> {
        text::DATE.matches(value).then(|| NaiveDate::parse_from_str(value, "%Y-%m-%d").ok().map(Self))?
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date", "pattern": text::DATE.source() })
    }
}

/// A civil time of day, `HH:MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub NaiveTime);

impl Time {
    pub fn parse(value: &str) -> Option<Self> {
        text::TIME.matches(value).then(|| NaiveTime::parse_from_str(value, "%H:%M").ok().map(Self))?
    }
}

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not chrono's format strings: they are read anew for each value, and a timetable is full of these.
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

impl JsonSchema for Time {
    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": text::TIME.source() })
    }
}

macro_rules! as_string {
    ($type:ty, $expected:literal) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = Cow::<'de, str>::deserialize(deserializer)?;
                <$type>::parse(&value).ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(&value), &$expected))
            }
        }
    };
}

as_string!(Date, "a date as YYYY-MM-DD");
as_string!(Time, "a time as HH:MM");

/// A field that must be present but may be null.
///
/// `Option` would take a missing field for null, so that a client which forgets the field clears the value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nullable<T>(pub Option<T>);

impl<T> Nullable<T> {
    pub fn into_inner(self) -> Option<T> {
        self.0
    }
}

impl<T: JsonSchema> JsonSchema for Nullable<T> {
    fn schema_name() -> Cow<'static, str> {
        Option::<T>::schema_name()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Option::<T>::json_schema(generator)
    }
}

impl<T: Chars> Chars for Nullable<T> {
    fn validate_num_chars(&self, min: usize, max: usize) -> Result<(), garde::Error> {
        self.0.as_ref().map_or(Ok(()), |value| value.validate_num_chars(min, max))
    }
}

impl<T: pattern::Pattern> pattern::Pattern for Nullable<T> {
    fn validate_pattern<M: pattern::Matcher>(&self, matcher: &M) -> bool {
        self.0.as_ref().is_none_or(|value| value.validate_pattern(matcher))
    }
}
