//! The query string of a request.
//!
//! Unlike a lenient form decoder, this refuses what a client cannot have meant: unknown keys, a key given
//! twice, broken percent-encoding. All values are text; numbers and booleans are read from their one form.

use std::borrow::Cow;

use aide::generate::GenContext;
use aide::openapi::Operation;
use aide::operation::{OperationInput, ParamLocation, add_parameters, parameters_from_schema};
use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::de::value::MapDeserializer;
use serde::de::{self, DeserializeSeed, EnumAccess, IntoDeserializer, VariantAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::cursor;
use super::decode::{Body, pointer, shape_problem, validate};
use super::document::expect;
use super::normalize;
use super::problem::{Problem, ProblemKind};

/// Longer query strings are refused unread; a page link needs a few hundred bytes.
const MAX_BYTES: usize = 4096;

/// Query parameters that were read, decoded and checked. `T` is a flat struct of optional fields.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: Body, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parse(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// Reads a query string (without its `?`) as `T`. Never panics, whatever the string is.
pub(super) fn parse<T: Body>(query: &str) -> Result<T, Problem> {
    if query.len() > MAX_BYTES {
        return Err(Problem::new(ProblemKind::MalformedQuery).detail("The query string is too long."));
    }
    let mut pairs: Vec<(String, Value)> = Vec::new();
    for part in query.split('&').filter(|part| !part.is_empty()) {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        pairs.push((unescape(key)?, Value(unescape(value)?)));
    }
    let map = MapDeserializer::<_, de::value::Error>::new(pairs.into_iter());
    let value: T = serde_path_to_error::deserialize(map).map_err(|error| {
        let message = error.inner().to_string();
        if message == cursor::REFUSED {
            return Problem::new(ProblemKind::InvalidCursor);
        }
        shape_problem(&pointer("/query", error.path()), &message)
    })?;
    validate(&value, "/query")?;
    Ok(value)
}

fn unescape(text: &str) -> Result<String, Problem> {
    let broken = || Problem::new(ProblemKind::MalformedQuery).detail("Broken percent-encoding.");
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let digits = bytes.get(at + 1..at + 3).ok_or_else(broken)?;
                out.push(hex::decode(digits).map_err(|_| broken())?[0]);
                at += 2;
            }
            other => out.push(other),
        }
        at += 1;
    }
    String::from_utf8(out).map_err(|_| broken())
}

/// One value of the query string, as a deserializer that reads scalars from text.
struct Value(String);

macro_rules! read_scalar {
    ($($method:ident $visit:ident $type:ty, $expected:literal;)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
            match canonical::<$type>(&self.0) {
                Some(value) => visitor.$visit(value),
                None => Err(de::Error::custom(concat!("invalid type: text, expected ", $expected))),
            }
        })+
    };
}

/// Takes a number only as Rust would print it: `007`, `+7` and `7.0` are not how anybody writes a page size.
fn canonical<T: std::str::FromStr + std::fmt::Display>(text: &str) -> Option<T> {
    text.parse::<T>().ok().filter(|value| value.to_string() == text)
}

impl<'de> de::Deserializer<'de> for Value {
    type Error = de::value::Error;

    read_scalar! {
        deserialize_bool visit_bool bool, "true or false";
        deserialize_i8 visit_i8 i8, "a whole number";
        deserialize_i16 visit_i16 i16, "a whole number";
        deserialize_i32 visit_i32 i32, "a whole number";
        deserialize_i64 visit_i64 i64, "a whole number";
        deserialize_u8 visit_u8 u8, "a whole number";
        deserialize_u16 visit_u16 u16, "a whole number";
        deserialize_u32 visit_u32 u32, "a whole number";
        deserialize_u64 visit_u64 u64, "a whole number";
        deserialize_f64 visit_f64 f64, "a number";
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_string(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_enum(self)
    }

    forward_to_deserialize_any! {
        i128 u128 f32 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, de::value::Error> for Value {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> EnumAccess<'de> for Value {
    type Error = de::value::Error;
    type Variant = UnitOnly;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, UnitOnly), Self::Error> {
        let name = Cow::<'de, str>::Owned(self.0);
        Ok((seed.deserialize(name.into_deserializer())?, UnitOnly))
    }
}

/// An enum in a query string is a word from a list, nothing more.
struct UnitOnly;

impl<'de> VariantAccess<'de> for UnitOnly {
    type Error = de::value::Error;

    fn unit_variant(self) -> Result<(), Self::Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Self::Error> {
        Err(de::Error::custom("invalid type: text, expected a word"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Self::Error> {
        Err(de::Error::custom("invalid type: text, expected a word"))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, Self::Error> {
        Err(de::Error::custom("invalid type: text, expected a word"))
    }
}

impl<T: Body> OperationInput for Query<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        let mut schema = T::json_schema(&mut ctx.schema);
        // A query string cannot say null: what may be left out has no second spelling.
        normalize::strip_optional_nulls(&mut schema);
        let parameters = parameters_from_schema(ctx, schema, ParamLocation::Query);
        add_parameters(ctx, operation, parameters);
        expect(operation, &[ProblemKind::MalformedQuery, ProblemKind::InvalidCursor, ProblemKind::InvalidRequest]);
    }
}
