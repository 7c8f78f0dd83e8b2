//! Credit hours, in the API and in the database.

use std::{borrow::Cow, fmt};

use garde::Validate;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer};
use sqlx::{
    Decode, Postgres, Type,
    error::BoxDynError,
    postgres::{PgTypeInfo, PgValueFormat, PgValueRef},
};

/// How the two values of [`Credits`] are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum CreditsKind {
    /// Exactly `min`, which is also `max`.
    Fixed,
    /// Any value from `min` to `max`.
    Range,
    /// Either `min` or `max`.
    Choice,
}

impl CreditsKind {
    /// As the database spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Range => "range",
            Self::Choice => "choice",
        }
    }
}

/// Credit hours a course earns.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Credits {
    #[garde(skip)]
    pub kind: CreditsKind,
    /// A multiple of 0.25.
    #[garde(range(min = 0.0, max = 100.0))]
    #[serde(serialize_with = "short")]
    pub min: f64,
    #[garde(range(min = 0.0, max = 100.0))]
    #[serde(serialize_with = "short")]
    pub max: f64,
}

/// 3, not 3.0.
fn short<S: Serializer>(hours: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if hours.fract() == 0.0 { serializer.serialize_u16(*hours as u16) } else { serializer.serialize_f64(*hours) }
}

/// What is wrong with credit hours whose single values are in bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CreditsFault {
    #[error("Credit hours are counted in quarters.")]
    MinNotInQuarters,
    #[error("Credit hours are counted in quarters.")]
    MaxNotInQuarters,
    #[error("The larger value comes second.")]
    Reversed,
    #[error("Fixed credit hours are one value: give it twice.")]
    NotFixed,
}

impl Credits {
    pub fn fixed(hours: Hours) -> Self {
        Self::from_columns(CreditsKind::Fixed, hours, hours)
    }

    pub fn from_columns(kind: CreditsKind, min: Hours, max: Hours) -> Self {
        Self { kind, min: min.as_f64(), max: max.as_f64() }
    }

    /// A section's own credit hours where it has some, the course's otherwise.
    pub fn of_section(own: Option<Hours>, kind: CreditsKind, min: Hours, max: Hours) -> Self {
        own.map_or_else(|| Self::from_columns(kind, min, max), Self::fixed)
    }

    /// The rules that reach across the fields: those of the constraint `course_credits`.
    pub fn check(self) -> Result<(Hours, Hours), CreditsFault> {
        let min = Hours::new(self.min).ok_or(CreditsFault::MinNotInQuarters)?;
        let max = Hours::new(self.max).ok_or(CreditsFault::MaxNotInQuarters)?;
        match self.kind {
            _ if min > max => Err(CreditsFault::Reversed),
            CreditsKind::Fixed if min != max => Err(CreditsFault::NotFixed),
            _ => Ok((min, max)),
        }
    }
}

/// "3", "1 to 4", "3 or 4": how the audit trail writes it.
impl fmt::Display for Credits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, min, max } = self;
        match kind {
            CreditsKind::Fixed => write!(f, "{min}"),
            CreditsKind::Range => write!(f, "{min} to {max}"),
            CreditsKind::Choice => write!(f, "{min} or {max}"),
        }
    }
}

/// Credit hours in hundredths, from 0 to 999.99: what a `numeric(5, 2)` holds.
///
/// Read from the numeric's own digits. A cast to float8 in SQL goes through text, and made up a third of the time of a page of courses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hours(i32);

impl Hours {
    /// `None` if it isn't a number of quarters from 0 to 100.
    pub fn new(hours: f64) -> Option<Self> {
        let quarters = hours * 4.0;
        // Exact: quarters are binary fractions.
        ((0.0..=400.0).contains(&quarters) && quarters.fract() == 0.0).then(|| Self(quarters as i32 * 25))
    }

    pub fn hundredths(self) -> i32 {
        self.0
    }

    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    /// From PostgreSQL's binary numeric: counts of digits, weight of the first, sign, scale; then digits of base 10,000.
    fn from_numeric(bytes: &[u8]) -> Option<Self> {
        let (words, rest) = bytes.as_chunks::<2>();
        let mut words = words.iter().map(|word| u16::from_be_bytes(*word));
        let (count, weight, sign, _scale) = (words.next()?, words.next()? as i16, words.next()?, words.next()?);
        if sign != 0 || !rest.is_empty() || words.len() != usize::from(count) {
            return None;
        }
        let mut hundredths = 0;
        for (digit, place) in words.zip((i16::MIN..=weight).rev()) {
            hundredths += match (i32::from(digit), place) {
                (0, _) => 0,
                (digit, 0) => digit * 100,
                (digit, -1) if digit % 100 == 0 => digit / 100,
                _ => return None,
            };
        }
        Some(Self(hundredths))
    }
}

impl Serialize for Hours {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        short(&self.as_f64(), serializer)
    }
}

impl JsonSchema for Hours {
    fn schema_name() -> Cow<'static, str> {
        "Hours".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "minimum": 0, "maximum": 999.99 })
    }
}

impl Type<Postgres> for Hours {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("numeric")
    }
}

impl Decode<'_, Postgres> for Hours {
    fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
        match value.format() {
            PgValueFormat::Binary => {
                Self::from_numeric(value.as_bytes()?).ok_or_else(|| "not a numeric(5, 2) of credit hours".into())
            }
            PgValueFormat::Text => Err("credit hours are read by prepared statements only".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn credits(kind: CreditsKind, min: f64, max: f64) -> Credits {
        Credits { kind, min, max }
    }

    #[test]
    fn credits_are_quarters_in_order() {
        use CreditsKind::{Choice, Fixed, Range};
        let quarters = |min, max| Ok((Hours(min), Hours(max)));
        for (given, verdict) in [
            (credits(Fixed, 3.0, 3.0), quarters(300, 300)),
            (credits(Fixed, -0.0, 0.0), quarters(0, 0)),
            (credits(Fixed, 3.0, 4.0), Err(CreditsFault::NotFixed)),
            (credits(Range, 0.5, 5.0), quarters(50, 500)),
            (credits(Range, 5.0, 0.5), Err(CreditsFault::Reversed)),
            (credits(Choice, 3.0, 4.0), quarters(300, 400)),
            (credits(Choice, 3.1, 4.0), Err(CreditsFault::MinNotInQuarters)),
            (credits(Range, 3.0, 99.999), Err(CreditsFault::MaxNotInQuarters)),
            (credits(Range, 3.0, 100.25), Err(CreditsFault::MaxNotInQuarters)),
            (credits(Range, f64::NAN, 1.0), Err(CreditsFault::MinNotInQuarters)),
        ] {
            assert_eq!(given.check(), verdict, "{given}");
        }
    }

    #[test]
    fn credits_are_written_short() {
        let json = serde_json::to_string(&credits(CreditsKind::Range, 0.25, 100.0)).unwrap();
        assert_eq!(json, r#"{"kind":"range","min":0.25,"max":100}"#);
        assert_eq!(credits(CreditsKind::Choice, 3.0, 4.5).to_string(), "3 or 4.5");
    }

    /// What PostgreSQL sends for this many hundredths: zero digits at either end are left out.
    fn numeric(hundredths: u16) -> Vec<u8> {
        let mut digits = vec![hundredths / 100, hundredths % 100 * 100];
        let mut weight = 0i16;
        while digits.last() == Some(&0) {
            digits.pop();
        }
        if digits.first() == Some(&0) {
            digits.remove(0);
            weight -= 1;
        }
        let head = [digits.len() as u16, if digits.is_empty() { 0 } else { weight as u16 }, 0, 2];
        head.into_iter().chain(digits).flat_map(u16::to_be_bytes).collect()
    }

    #[test]
    fn numerics_seen_on_the_wire() {
        for (hex, hundredths) in [
            ("00010000000000020003", Some(300)),
            ("0001ffff0000000209c4", Some(25)),
            ("0002000000000002000109c4", Some(125)),
            ("0000000000000002", Some(0)),
            ("0001000040000002", None),
            ("0001000040000002 0003", None),
            ("00010001000000020001", None),
            ("0001", None),
            ("", None),
        ] {
            let bytes = hex::decode(hex.replace(' ', "")).unwrap();
            assert_eq!(Hours::from_numeric(&bytes).map(Hours::hundredths), hundredths, "{hex}");
        }
    }

    proptest! {
        #[test]
        fn every_numeric_5_2_is_read(hundredths in 0u16..=65_535) {
            prop_assert_eq!(Hours::from_numeric(&numeric(hundredths)), Some(Hours(i32::from(hundredths))));
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..24)) {
            let _ = Hours::from_numeric(&bytes);
        }
    }
}
