//! The one place where the HTTP framework and the contract generator meet the domains.
//!
//! A domain declares its operations here (`Op`, `Api`) and writes handlers from the types of this module:
//! `Json`, `Query` and `Path` going in, `Reply`, `Created` and `NoContent` coming out, `Problem` when refused.
//! One declaration yields the route, the access rule, the OpenAPI document, the TypeScript types, the Zod
//! schemas and the run-time check, so none of them can say something else than the others.
//!
//! Invariants:
//! * every answer that is not a success is `application/problem+json` with a slug of `ProblemKind`;
//! * nothing reaches a handler that its request type does not allow: unknown fields, duplicate keys, control
//!   characters and numbers beyond ±2^53 are refused with a JSON pointer to the culprit;
//! * a panic in a handler becomes one 500 problem and one log line, and never leaves its own request.
//!
//! This module does not know who may do what beyond the declared `Access`, nor any table.

mod boundary;
mod cursor;
mod decode;
mod document;
mod export;
mod form;
mod idempotency;
mod json;
mod lint;
mod normalize;
mod operation;
mod page;
mod path;
mod problem;
mod query;
mod reply;
pub mod request_id;
mod router;
mod sort;
mod strict;
pub mod text;
mod values;

#[cfg(test)]
mod tests;

pub use cursor::Cursor;
pub use decode::{Body, decode};
pub use document::openapi_json;
pub use export::{Cell, Export, Format, Outline, Place, PlacedRows, Places, Source, Taker};
pub use form::{FORM_MAX_BYTES, Form, Part, UPLOAD_MAX_BYTES, describe_form};
pub use idempotency::IdempotencyKey;
pub use json::{JSON_BODY_MAX_BYTES, Json, OptionalJson};
pub use lint::lint;
pub use operation::{Access, Api, Audit, Module, Op, OpInfo, Role, SharedOp};
pub use page::{Limit, Page};
pub use path::Path;
pub use problem::{FieldError, Problem, ProblemKind};
pub use query::Query;
pub use reply::{Created, NoContent, Reply};
pub use router::{Assembled, PREFIX, router};
pub(crate) use sort::sort;
pub use values::{Date, Nullable, Time};

/// Traits that types of other modules implement to take part in an operation (an actor extractor, say).
pub mod documented {
    pub use aide::{
        generate::GenContext,
        openapi::Operation,
        operation::{OperationInput, OperationOutput},
    };
}

/// Lets an extractor of another module appear in a handler without leaving a trace in the document.
#[macro_export]
macro_rules! undocumented_input {
    ($($type:ty),+ $(,)?) => {
        $(impl $crate::api::documented::OperationInput for $type {})+
    };
}
